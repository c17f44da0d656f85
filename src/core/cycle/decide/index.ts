import { isNonEmpty } from "../../../values/non-empty.ts";
import { advance } from "../advance/index.ts";
import { evolve } from "../../failover/evolve.ts";
import { sequenceOf } from "../../../values/ids.ts";
import { nothingDue, type Decide } from "../cycle.ts";
import { momentOf, type Moment } from "../moment.ts";
import type { ServiceCommand } from "../service-command.ts";
import { refuse, type Answer } from "./answer.ts";
import { adopt, approve, declare, liftVeto, resume, rollback, stop, veto, withdraw } from "./people.ts";
import { attemptResult, readBack, serviceAnswered, verified } from "./results.ts";

/** Events or a refusal; what it used stands in the entry, so that a verifier decides the same again (design §8). */
export const decide: Decide = (state, world, command, facts, now, epoch) => {
  const moment = momentOf(state, world, facts, now, epoch);
  if (moment === undefined)
    return refuse(
      "no-such-service",
      `The policy in force has no service ${state.service}.`,
      { service: state.service },
      "See pointsman status.",
    );
  const answered = answer(moment, command);
  return isResult(command) ? withWhatFollows(moment, answered) : answered;
};

/** What came of an effect; what people ask stays a decision of its own, with their name on it. */
function isResult({ request: { kind } }: ServiceCommand): boolean {
  return kind === "attempt-result" || kind === "read-back" || kind === "verified" || kind === "service-answered";
}

/** What follows by itself from a result is decided with it, on the same facts, in the same append. */
function withWhatFollows(moment: Moment, answered: Answer): Answer {
  if (!answered.accepted) return answered;
  let { state } = moment;
  for (const event of answered.events) state = evolve(state, { event, sequence: sequenceOf(0), at: moment.now });
  const [first, ...rest] = answered.events;
  return { accepted: true, events: [first, ...rest, ...advance({ ...moment, state })] };
}

function answer(moment: Moment, { by, request }: ServiceCommand): Answer {
  switch (request.kind) {
    case "advance": {
      const events = advance(moment);
      return isNonEmpty(events)
        ? { accepted: true, events }
        : refuse(nothingDue, "Nothing is due.", {}, "Nothing needs to be done.");
    }
    case "attempt-result":
      return attemptResult(moment, request);
    case "read-back":
      return readBack(moment, request);
    case "verified":
      return verified(moment, request);
    case "service-answered":
      return serviceAnswered(moment, request);
    case "declare":
      return declare(moment, by, request);
    case "rollback":
      return rollback(moment, by);
    case "approve":
      return approve(moment, by, request);
    case "withdraw":
      return withdraw(moment, by, request);
    case "veto":
      return veto(moment, by, request);
    case "lift-veto":
      return liftVeto(moment, by, request);
    case "stop":
      return stop(moment, by);
    case "resume":
      return resume(moment, by);
    case "adopt":
      return adopt(moment, by, request);
    case "give-word":
    case "waive":
    case "contain":
    case "clear-site":
    case "force-verdict":
    case "lift-forced-verdict":
    case "handover":
    case "take-back":
    case "path-done":
      return refuse("not-built", "Not built.", {}, "");
  }
}
