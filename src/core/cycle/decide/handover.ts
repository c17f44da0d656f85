import { findAttempt, isOutstanding } from "../../failover/evolve-attempts.ts";
import type { ServiceEvent } from "../../failover/event.ts";
import { codesOf } from "../../gates/index.ts";
import { makePlan } from "../../plan/make-plan.ts";
import { isActive, placementAt } from "../../plan/placement.ts";
import { manualSteps } from "../../plan/says.ts";
import { end } from "../advance/progress.ts";
import { gatesForFailover, type Moment } from "../moment.ts";
import { accept, refuse, type Answer, type Request } from "./answer.ts";
import { signedBy, type Asking } from "./asked.ts";
import { mayNot } from "./who-may.ts";

/**
 * The last honest exit (design §3): somebody takes the service into their own hands. What is open ends here, what was sent
 * is still read back, and nothing is proposed or written any more. The entry says what was held unsafe, and the exact steps.
 */
export function handover(moment: Moment, asking: Asking): Answer {
  const signed = signedBy(asking, "take a service over");
  if (!signed.ok) return signed.answer;
  const { state } = moment;
  const refusal = mayNot(moment, "take a service over", signed.speaker);
  if (refusal !== undefined) return { accepted: false, refusal };
  if (state.handedOver !== null)
    return refuse(
      "handed-over",
      `${state.handedOver.by.person} took ${state.service} over already.`,
      { by: state.handedOver.by.person, at: state.handedOver.by.at },
      `Give it back: pointsman take-back ${state.service}`,
    );
  const taken: ServiceEvent = {
    type: "service-handed-over",
    by: signed.by,
    codes: unsafe(moment),
    manual: steps(moment),
  };
  const open = state.failover;
  if (open === null) return accept(taken);
  return accept(taken, end(open, "handed-over", `${signed.by.person} took ${state.service} over.`));
}

/** All that held a move back when it was taken over. */
function unsafe(moment: Moment): readonly string[] {
  const { state } = moment;
  const held = [...state.initiatives.values()].flatMap(({ codes }) => codes);
  const open = state.failover;
  const gates = open === null ? [] : codesOf(gatesForFailover(moment, open, "execute"));
  const attempts = state.outstanding.length > 0 ? ["attempt-outstanding"] : [];
  return [...new Set([...held, ...gates, ...attempts])].toSorted();
}

/** The open plan by hand, or else how each other site is reached from here. */
function steps(moment: Moment): readonly string[] {
  const { state, service } = moment;
  if (state.failover !== null) return manualSteps(state.failover.plan);
  return [...service.sites.keys()].flatMap((site) => {
    if (state.placement === null || isActive(state.placement, site)) return [];
    const after = placementAt([site]);
    const planned = makePlan({ purpose: "failover", trigger: { kind: "declared" }, of: null, after }, moment);
    return planned.ok ? [`; to ${site}`].concat(manualSteps(planned.plan)) : [];
  });
}

/** What stands is read anew before anything else: somebody else's hands were at it. */
export function takeBack(moment: Moment, asking: Asking): Answer {
  const signed = signedBy(asking, "give a service back");
  if (!signed.ok) return signed.answer;
  const refusal = mayNot(moment, "give a service back", signed.speaker);
  if (refusal !== undefined) return { accepted: false, refusal };
  const { state } = moment;
  if (state.handedOver === null)
    return refuse("not-handed-over", `${state.service} was not handed over.`, {}, "Nothing needs to be done.");
  return accept({ type: "service-taken-back", by: signed.by });
}

/** Somebody has made a manual path's change, they say: it is read back at once, and never believed. */
export function pathDone({ state }: Moment, asking: Asking, request: Request<"path-done">): Answer {
  const signed = signedBy(asking, "say that a change is made");
  if (!signed.ok) return signed.answer;
  const attempt = findAttempt(state, request.attempt);
  const figures = { attempt: request.attempt };
  if (attempt === undefined || !isOutstanding(attempt))
    return refuse("not-waiting", `Nothing is waited for of ${request.attempt}.`, figures, "See pointsman status.");
  if (!attempt.manual)
    return refuse(
      "not-manual",
      `${attempt.id} is carried out by path ${attempt.path}, and not by people.`,
      { ...figures, path: attempt.path },
      "It is read back by itself.",
    );
  return accept({ type: "attempt-said-done", attempt: attempt.id, by: signed.by });
}
