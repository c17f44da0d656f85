import { add, formatInstant, minute } from "../../values/time.ts";
import { hastened } from "../authority/clock-steps.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** From the authorisation on, a plan may begin to be carried out for this long (design §10). */
export const executionWindowMs = 15 * minute;

/** N7: a plan, a band or an authorisation whose time is over. `now >= expiresAt` counts, recorded or not (design §8). */
export const notExpired: Gate = {
  name: "not-expired",
  kind: "absolute",
  check({ world, plan, band, failover, now }) {
    if (band !== null && band.expiresAt !== null && now >= band.expiresAt)
      return refuse(
        "band-expired",
        `Band ${band.name} expired at ${formatInstant(band.expiresAt)}.`,
        { expiresAt: band.expiresAt },
        "Adopt a policy that renews it.",
      );
    const authorised = failover?.times.authorised ?? null;
    const until =
      authorised === null
        ? hastened(world, failover?.times.proposed ?? now, plan.expiresAt)
        : hastened(world, authorised, add(authorised, executionWindowMs));
    if (now < until) return pass;
    return refuse(
      authorised === null ? "plan-expired" : "window-over",
      `${plan.failover} could be carried out until ${formatInstant(until)}.`,
      { until },
      "Propose it anew.",
    );
  },
};
