import { duration, formatDuration, second, since, instant } from "../../values/time.ts";
import { oldestReading } from "../plan/observed.ts";
import { samePlacement } from "../plan/placement.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** A plan is carried out on readings no older than this. */
export const readingFreshMs = duration(5 * second);
/**
 * A plan may be made from readings this old: while nothing happens the records are read every 10 s, and a person is not
 * sent away to try again. What it was made for is compared again, by fresh readings and by the nameserver itself.
 */
const readingFreshToProposeMs = duration(20 * second);

/** The plan was made for the placement that stands, from what the nameservers answer now, under the policy in force. */
export const planIsFresh: Gate = {
  name: "plan-is-fresh",
  kind: "absolute",
  check({ plan, state, facts, policy, service, now, stage }) {
    if (state.placement === null || !samePlacement(plan.placement.before, state.placement))
      return refuse(
        "placement-changed",
        "The placement is not the one that the plan was made for.",
        {},
        "Propose it anew.",
      );
    const oldest = oldestReading(facts, policy, service);
    if (oldest === undefined)
      return refuse(
        "records-unread",
        "Not every provider says what its records hold now.",
        {},
        "Wait for an answer; see pointsman status.",
      );
    const ageMs = since(instant(oldest), now);
    const limitMs = stage === "propose" ? readingFreshToProposeMs : readingFreshMs;
    if (ageMs <= limitMs) return pass;
    return refuse(
      "records-stale",
      `The records were last read ${formatDuration(ageMs)} ago; ${formatDuration(limitMs)} is the limit.`,
      { ageMs, limitMs },
      "They are read again at once; see pointsman status if that fails.",
    );
  },
};
