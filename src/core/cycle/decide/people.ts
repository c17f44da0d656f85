import { asJson } from "../../../values/json.ts";
import type { Refusal } from "../../../values/refusal.ts";
import { add, formatInstant, minute } from "../../../values/time.ts";
import type { ServiceEvent } from "../../failover/event.ts";
import type { Failover } from "../../failover/state.ts";
import { codesOf, holding } from "../../gates/index.ts";
import { own } from "../../../values/own.ts";
import { applyMove, moveKey, placementAt, samePlacement, sitesAdded } from "../../plan/placement.ts";
import { makePlan, type PlanRequest } from "../../plan/make-plan.ts";
import { observedAt, placementObserved, providersOf } from "../../plan/observed.ts";
import { sameData } from "../../plan/rrset.ts";
import { manualSteps } from "../../plan/says.ts";
import { fencesRead } from "../advance/observe.ts";
import { lastMove } from "../advance/initiatives.ts";
import { proposalEvents } from "../advance/propose.ts";
import { end } from "../advance/progress.ts";
import type { Sender } from "../command.ts";
import { gatesForPlan, type Moment } from "../moment.ts";
import type { DeclaredMove } from "../service-command.ts";
import { accept, refuse, type Answer, type Request } from "./answer.ts";

/** A veto bars its move this long (design §10). */
const vetoMs = 60 * minute;

/** What a person's move would be: its request and which duty it needs. */
export function declaredRequest(
  { state, service }: Moment,
  move: DeclaredMove,
):
  | { readonly ok: true; readonly request: PlanRequest; readonly needs: Failover["needs"] }
  | { readonly ok: false; readonly refusal: Refusal } {
  if (state.placement === null) return { ok: false, refusal: baselineUnknown(service.id) };
  const moved = applyMove(state.placement, move, service);
  if (!moved.ok) return moved;
  const home = placementAt(service.home);
  const homeward = samePlacement(moved.placement, home) && !samePlacement(state.placement, home);
  return {
    ok: true,
    needs: homeward ? "reverse" : "approve",
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

export function declare(moment: Moment, by: Sender, { move }: Request<"declare">): Answer {
  const declared = declaredRequest(moment, move);
  if (!declared.ok) return { accepted: false, refusal: declared.refusal };
  return proposeFor(moment, by, declared.request, declared.needs);
}

/** Undoes the last move: open and changed, or ended. */
export function rollback(moment: Moment, by: Sender): Answer {
  const { state } = moment;
  const last = lastMove(state.failover, state.ended);
  if (last === undefined)
    return refuse("nothing-to-undo", `${state.service} was not moved yet.`, {}, "Move it by name: pointsman move");
  const request: PlanRequest = { purpose: "rollback", trigger: { kind: "declared" }, of: last.id, after: last.before };
  return proposeFor(moment, by, request, "reverse");
}

function proposeFor(moment: Moment, by: Sender, request: PlanRequest, needs: Failover["needs"]): Answer {
  const blocked = mayNotSupersede(moment, by);
  if (blocked !== undefined) return blocked;
  const planned = makePlan(request, moment);
  if (!planned.ok) return { accepted: false, refusal: planned.refusal };
  const reports = gatesForPlan(moment, planned.plan, null, "person");
  const [first] = holding(reports);
  if (first !== undefined)
    return refuse(
      first.code ?? first.gate,
      first.says ?? `Gate ${first.gate} refuses.`,
      {
        codes: codesOf(reports),
        gates: holding(reports).map((report) => asJson(report)),
        manual: manualSteps(planned.plan),
      },
      `${first.mend ?? ""} By hand, if you must: the lines under manual are input for nsupdate.`.trim(),
    );
  const proposal = { name: null, needs, signalAt: null, by };
  const [event, ...others] = proposalEvents(moment, planned.plan, proposal, reports);
  return event === undefined ? refuse("nothing-due", "Nothing to propose.", {}, "") : accept(event, ...others);
}

/** A person supersedes the automation's open proposal, and a failover that cannot end; never another person's. */
function mayNotSupersede({ state, facts }: Moment, by: Sender): Answer | undefined {
  const open = state.failover;
  if (open === null) return undefined;
  const figures = { failover: open.id, status: open.status };
  if (open.status === "proposed" || open.status === "authorised") {
    const theirs = open.by.kind !== "controller" && open.by.id !== by.id;
    return theirs
      ? refuse(
          "in-flight",
          `${open.by.id} has proposed ${open.id}.`,
          figures,
          `Approve it, or withdraw it: pointsman withdraw ${open.id}`,
        )
      : undefined;
  }
  const added = sitesAdded(open.plan.placement.before, open.plan.placement.after);
  const targetDown = added.some((site) => own(facts.health.sites, site)?.verdict === "down");
  if (open.diverged !== null || targetDown || open.status === "recovered" || open.status === "settled")
    return undefined;
  return refuse(
    "in-flight",
    `${open.id} is ${open.status}.`,
    figures,
    "It can be superseded once it has diverged, or its target is down.",
  );
}

export function approve({ state, now }: Moment, by: Sender, { failover, planHash }: Request<"approve">): Answer {
  const open = state.failover;
  if (open === null || open.id !== failover || open.status !== "proposed")
    return refuse("not-proposed", `${failover} does not wait for an approval.`, { failover }, "See pointsman status.");
  if (open.needs === "nothing")
    return refuse(
      "needs-no-approval",
      `${failover} is pre-authorised by its band.`,
      { failover },
      "Nothing needs to be done.",
    );
  if (open.planHash !== planHash)
    return refuse(
      "plan-differs",
      `The plan of ${failover} is ${open.planHash}.`,
      { planHash: open.planHash },
      "Read the plan again, then approve that one.",
    );
  if (now >= open.plan.expiresAt)
    return refuse(
      "plan-expired",
      `The plan expired at ${formatInstant(open.plan.expiresAt)}.`,
      { expiresAt: open.plan.expiresAt },
      "Propose it anew.",
    );
  return accept({ type: "failover-approved", failover, planHash: open.planHash, by, signed: false });
}

export function withdraw({ state }: Moment, by: Sender, { failover }: Request<"withdraw">): Answer {
  const open = state.failover;
  if (open === null || open.id !== failover || (open.status !== "proposed" && open.status !== "authorised"))
    return refuse(
      "not-open",
      `${failover} cannot be withdrawn: it is ${open?.id === failover ? open.status : "not open"}.`,
      { failover },
      "After the first write, use: pointsman rollback",
    );
  return accept(end(open, "withdrawn", `Withdrawn by ${by.id}.`));
}

/** Before the first intent it ends the failover too; later it comes too late, and a rollback is the way back. */
export function veto({ state, now }: Moment, by: Sender, { failover }: Request<"veto">): Answer {
  const open = state.failover;
  if (open === null || open.id !== failover || (open.status !== "proposed" && open.status !== "authorised"))
    return refuse(
      "too-late",
      `${failover} is ${open?.id === failover ? open.status : "not open"}.`,
      { failover },
      `Undo it: pointsman rollback ${state.service}`,
    );
  const placed: ServiceEvent = {
    type: "veto-placed",
    veto: `veto-${failover}`,
    move: moveKey(open.plan.placement.after),
    failover,
    by,
    until: add(now, vetoMs),
  };
  return accept(placed, end(open, "vetoed", `Vetoed by ${by.id}.`));
}

export function liftVeto({ state, now }: Moment, by: Sender, request: Request<"lift-veto">): Answer {
  const known = state.vetoes.find(({ id, until }) => id === request.veto && now < until);
  if (known === undefined)
    return refuse(
      "no-such-veto",
      `There is no veto ${request.veto} now.`,
      { veto: request.veto },
      "See pointsman status.",
    );
  return accept({ type: "veto-lifted", veto: known.id, by });
}

export function stop({ state }: Moment, by: Sender): Answer {
  if (state.stopped !== null)
    return refuse(
      "already-stopped",
      `${state.service} is stopped already.`,
      { at: state.stopped.at },
      `Resume: pointsman resume ${state.service}`,
    );
  return accept({ type: "service-stopped", by });
}

export function resume({ state }: Moment, by: Sender): Answer {
  if (state.stopped === null && state.suspended === null)
    return refuse(
      "nothing-to-resume",
      `${state.service} is neither stopped nor suspended.`,
      {},
      "Nothing needs to be done.",
    );
  return accept({ type: "service-resumed", by });
}

/** What stands becomes the baseline, whoever put it there. */
export function adopt(moment: Moment, by: Sender, { record }: Request<"adopt">): Answer {
  const { state, facts, policy, service } = moment;
  if (!service.records.has(record))
    return refuse(
      "no-such-record",
      `${service.id} has no record ${record}.`,
      { records: [...service.records.keys()] },
      "Name one of its records.",
    );
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
  return accept({ type: "record-adopted", record, rrset: first, placement, fences, by });
}
