import { isNonEmpty } from "../../../values/non-empty.ts";
import { speakerOf } from "../../authority/speaker.ts";
import { advance } from "../advance/index.ts";
import { evolve } from "../../failover/evolve.ts";
import { sequenceOf } from "../../../values/ids.ts";
import { nothingDue, type Decide } from "../cycle.ts";
import { momentOf, type Moment } from "../moment.ts";
import type { ServiceCommand } from "../service-command.ts";
import { refuse, type Answer } from "./answer.ts";
import type { Asking } from "./asked.ts";
import { handover, pathDone, takeBack } from "./handover.ts";
import { adopt, declare, resume, rollback, stop, withdraw } from "./people.ts";
import { attemptResult, readBack, serviceAnswered, verified } from "./results.ts";
import { clearSite, contain, forceVerdict, liftForcedVerdict } from "./sites.ts";
import { liftVeto, veto } from "./vetoes.ts";
import { approve, giveWord, waive } from "./words.ts";

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
  const spoken = speakerOf(world, command, now);
  if (!spoken.ok) return { accepted: false, refusal: spoken.refusal };
  const answered = answer(moment, command, { by: command.by, speaker: spoken.speaker });
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

function answer(moment: Moment, { request }: ServiceCommand, asking: Asking): Answer {
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
      return declare(moment, asking, request);
    case "rollback":
      return rollback(moment, asking);
    case "approve":
      return approve(moment, asking, request);
    case "withdraw":
      return withdraw(moment, asking, request);
    case "veto":
      return veto(moment, asking, request);
    case "lift-veto":
      return liftVeto(moment, asking, request);
    case "stop":
      return stop(moment, asking);
    case "resume":
      return resume(moment, asking);
    case "adopt":
      return adopt(moment, asking, request);
    case "give-word":
      return giveWord(moment, asking, request);
    case "waive":
      return waive(moment, asking, request);
    case "contain":
      return contain(moment, asking, request);
    case "clear-site":
      return clearSite(moment, asking, request);
    case "force-verdict":
      return forceVerdict(moment, asking, request);
    case "lift-forced-verdict":
      return liftForcedVerdict(moment, asking, request);
    case "handover":
      return handover(moment, asking);
    case "take-back":
      return takeBack(moment, asking);
    case "path-done":
      return pathDone(moment, asking, request);
  }
}
