import type { Refusal } from "../../../values/refusal.ts";
import type { Failover } from "../../failover/state.ts";
import type { PlanRequest } from "../../plan/make-plan.ts";
import { observedAt, placementObserved, providersOf } from "../../plan/observed.ts";
import { applyMove, placementAt, samePlacement } from "../../plan/placement.ts";
import { sameData } from "../../plan/rrset.ts";
import { fencesRead } from "../advance/observe.ts";
import { lastMove } from "../advance/initiatives.ts";
import { end } from "../advance/progress.ts";
import type { Moment } from "../moment.ts";
import type { DeclaredMove } from "../service-command.ts";
import { accept, refuse, type Answer, type Request } from "./answer.ts";
import type { Asking } from "./asked.ts";
import { proposeFor, type Asked } from "./propose-for.ts";
import { mayNot, type Act } from "./who-may.ts";

/** What a person's move would be: its request and which duty it needs. */
export function declaredRequest(
  { state, service }: Moment,
  move: DeclaredMove,
):
  | {
      readonly ok: true;
      readonly request: PlanRequest;
      readonly needs: Failover["needs"];
      readonly duties: Asked["duties"];
    }
  | { readonly ok: false; readonly refusal: Refusal } {
  if (state.placement === null) return { ok: false, refusal: baselineUnknown(service.id) };
  const moved = applyMove(state.placement, move, service);
  if (!moved.ok) return moved;
  const home = placementAt(service.home);
  const homeward = samePlacement(moved.placement, home) && !samePlacement(state.placement, home);
  return {
    ok: true,
    needs: homeward ? "reverse" : "approve",
    // The way home may be asked for by those who may reverse as well; the plan's own duties decide (design §2).
    duties: homeward ? ["declare", "reverse"] : ["declare"],
    request: {
      purpose: homeward ? "failback" : "failover",
      trigger: { kind: "declared" },
      of: state.failover?.id ?? (homeward ? (lastMove(null, state.ended)?.id ?? null) : null),
      after: moved.placement,
    },
  };
}

function baselineUnknown(service: string): Refusal {
  return {
    code: "baseline-unknown",
    says: `It is not yet known what stands for ${service}.`,
    figures: { service },
    mend: "Wait until its nameservers were read: pointsman status",
  };
}

export function declare(moment: Moment, asking: Asking, { move }: Request<"declare">): Answer {
  const declared = declaredRequest(moment, move);
  if (!declared.ok) return { accepted: false, refusal: declared.refusal };
  return proposeFor(moment, asking, declared);
}

/** Undoes the last move: open and changed, or ended. */
export function rollback(moment: Moment, asking: Asking): Answer {
  const { state } = moment;
  const last = lastMove(state.failover, state.ended);
  if (last === undefined)
    return refuse("nothing-to-undo", `${state.service} was not moved yet.`, {}, "Move it by name: pointsman move");
  const request: PlanRequest = { purpose: "rollback", trigger: { kind: "declared" }, of: last.id, after: last.before };
  return proposeFor(moment, asking, { request, needs: "reverse", duties: ["declare", "reverse"] });
}

/** Takes back a proposal: where people sign, one's own; another's is vetoed, or superseded where it is the automation's. */
export function withdraw({ state }: Moment, { by, speaker }: Asking, { failover }: Request<"withdraw">): Answer {
  const open = state.failover;
  if (open === null || open.id !== failover || (open.status !== "proposed" && open.status !== "authorised"))
    return refuse(
      "not-open",
      `${failover} cannot be withdrawn: it is ${open?.id === failover ? open.status : "not open"}.`,
      { failover },
      "After the first write, use: pointsman rollback",
    );
  if (speaker !== null && open.by.id !== by.id)
    return refuse(
      "not-yours",
      `${failover} was proposed by ${open.by.id}.`,
      { failover, by: open.by.id },
      `Veto it: pointsman veto ${failover}`,
    );
  return accept(end(open, "withdrawn", `Withdrawn by ${by.id}.`));
}

/** Anybody may stop: it holds still. To let it go on takes a duty. */
export function stop({ state }: Moment, { by }: Asking): Answer {
  if (state.stopped !== null)
    return refuse(
      "already-stopped",
      `${state.service} is stopped already.`,
      { at: state.stopped.at },
      `Resume: pointsman resume ${state.service}`,
    );
  return accept({ type: "service-stopped", by });
}

export function resume(moment: Moment, asking: Asking): Answer {
  const { state } = moment;
  if (state.stopped === null && state.suspended === null)
    return refuse(
      "nothing-to-resume",
      `${state.service} is neither stopped nor suspended.`,
      {},
      "Nothing needs to be done.",
    );
  const own = state.stopped !== null && state.suspended === null && state.stopped.by.id === asking.by.id;
  return (
    (own ? undefined : notAllowed(moment, asking, "let it go on")) ?? accept({ type: "service-resumed", by: asking.by })
  );
}

function notAllowed(moment: Moment, { speaker }: Asking, act: Act): Answer | undefined {
  const refusal = speaker === null ? undefined : mayNot(moment, act, speaker);
  return refusal && { accepted: false, refusal };
}

/** What stands becomes the baseline, whoever put it there. */
export function adopt(moment: Moment, asking: Asking, { record }: Request<"adopt">): Answer {
  const { state, facts, policy, service } = moment;
  if (!service.records.has(record))
    return refuse(
      "no-such-record",
      `${service.id} has no record ${record}.`,
      { records: [...service.records.keys()] },
      "Name one of its records.",
    );
  const refused = notAllowed(moment, asking, "say what stands");
  if (refused !== undefined) return refused;
  if (state.placement === null) return { accepted: false, refusal: baselineUnknown(service.id) };
  if (state.failover !== null && state.failover.times.intended !== null)
    return refuse(
      "in-flight",
      `${state.failover.id} is ${state.failover.status}.`,
      { failover: state.failover.id },
      "Let it end first, or supersede it.",
    );
  const answers = providersOf(policy, service, record).map(
    (provider) => observedAt(facts, provider, record)?.rrset ?? null,
  );
  const [first] = answers;
  const fences = fencesRead(moment);
  if (
    first === undefined ||
    first === null ||
    fences === undefined ||
    !answers.every((one) => one !== null && sameData(one, first))
  )
    return refuse(
      "record-unread",
      `The providers do not agree on what ${record} holds, or were not read.`,
      { record },
      "Repair them first; see pointsman status.",
    );
  const placement = placementObserved(facts, policy, service) ?? state.placement;
  return accept({ type: "record-adopted", record, rrset: first, placement, fences, by: asking.by });
}
