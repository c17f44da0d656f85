import { own } from "../../../values/own.ts";
import { add, since, type Instant } from "../../../values/time.ts";
import { elapsedOf } from "../../authority/clock-steps.ts";
import type { ServiceEvent } from "../../failover/event.ts";
import type { EndedFailover, Failover } from "../../failover/state.ts";
import { codesOf, notPassed } from "../../gates/index.ts";
import type { GateReport } from "../../gates/gate.ts";
import { activeSites, applyMove, isActive, placementAt, samePlacement } from "../../plan/placement.ts";
import { makePlan, type PlanRequest } from "../../plan/make-plan.ts";
import type { Placement } from "../../plan/plan.ts";
import type { Band } from "../../policy/policy.ts";
import { gatesForPlan, readLately, sameCodes, type Moment } from "../moment.ts";
import { proposalEvents } from "./propose.ts";

/** A move that would be proposed by itself: a band's, a rollback by the criteria of its plan, a restore, the failback. */
export interface Candidate {
  readonly name: string;
  readonly request: PlanRequest;
  readonly band: Band | null;
  readonly needs: Failover["needs"];
  readonly signalAt: Instant | null;
}

/** Proposes the first candidate that the gates let through, or records what holds each when that has changed. */
export function proposeOrHold(moment: Moment): readonly ServiceEvent[] {
  if (moment.state.placement === null || !moment.facts.health.judged) return [];
  const due = candidates(moment);
  const cleared = clearedInitiatives(moment, due);
  if (cleared.length > 0) return cleared;
  if (due.length === 0 || !readLately(moment)) return [];
  const held: ServiceEvent[] = [];
  for (const candidate of due) {
    const judged = judgeCandidate(moment, candidate);
    if (judged.events !== undefined) return [...held, ...judged.events];
    held.push(...holdEvents(moment, candidate, judged.reports));
  }
  return held;
}

/** What is due by itself, in order: undoing harm first. Nothing while another failover is open, but its rollback. */
export function candidates(moment: Moment): readonly Candidate[] {
  const all = [
    rollbackCandidate(moment),
    ...bandCandidates(moment),
    restoreCandidate(moment),
    failbackCandidate(moment),
  ];
  return all
    .filter((candidate) => candidate !== undefined)
    .filter(({ name }) => moment.state.initiatives.get(name)?.armed !== false)
    .filter(({ request }) => moment.state.failover === null || request.purpose === "rollback");
}

type Judged =
  | { readonly events: readonly ServiceEvent[]; readonly reports: readonly GateReport[] }
  | { readonly events: undefined; readonly reports: readonly GateReport[] };

/** The gates' word on a candidate, and its proposal when none holds it. */
export function judgeCandidate(moment: Moment, candidate: Candidate): Judged {
  const planned = makePlan(candidate.request, moment);
  if (!planned.ok) {
    const { code, says, mend, figures } = planned.refusal;
    return {
      events: undefined,
      reports: [{ gate: "plan", kind: "absolute", result: "refuse", code, says, mend, until: null, figures }],
    };
  }
  const actor = candidate.needs === "nothing" ? "automation" : "person";
  const reports = gatesForPlan(moment, planned.plan, candidate.band, actor);
  if (codesOf(reports).length > 0) return { events: undefined, reports };
  return { events: proposalEvents(moment, planned.plan, candidate, reports), reports };
}

function holdEvents(
  { state, now }: Moment,
  { name, band }: Candidate,
  reports: readonly GateReport[],
): readonly ServiceEvent[] {
  const codes = codesOf(reports);
  const events: ServiceEvent[] = [];
  if (codes.includes("budget-spent") && state.suspended === null)
    events.push({
      type: "automation-suspended",
      reason: "budget-spent",
      figures: { band: band?.name ?? name, allowed: band?.budget?.moves ?? 0, at: now },
    });
  if (!sameCodes(codes, state.initiatives.get(name)?.codes ?? []))
    events.push({ type: "initiative-held", initiative: name, codes, gates: notPassed(reports) });
  return events;
}

/** Once its signal is gone, what held an initiative is over and it is armed again. Unknown is not gone. */
function clearedInitiatives(moment: Moment, due: readonly Candidate[]): readonly ServiceEvent[] {
  const gone = [...moment.state.initiatives]
    .filter(
      ([name, { codes, armed }]) => (codes.length > 0 || !armed) && !due.some((candidate) => candidate.name === name),
    )
    .filter(([name]) => moment.state.failover?.initiative !== name && isClear(moment, name));
  return gone.map(([initiative]) => ({ type: "initiative-cleared", initiative }));
}

function isClear(moment: Moment, name: string): boolean {
  const band = moment.service.bands.find((one) => one.name === name);
  if (band !== undefined) return own(moment.facts.health.signals, name)?.state === "clear" || !applies(moment, band);
  if (name === "rollback") return rollbackCandidate(moment) === undefined;
  if (name === "failback") return failbackCandidate(moment) === undefined;
  return restoreCandidate(moment)?.name !== name;
}

/** A band's move fits the placement as it stands, and would change it. */
export function applies({ state, service }: Moment, band: Band): boolean {
  return state.placement !== null && destination(state.placement, band, service) !== undefined;
}

function destination(placement: Placement, band: Band, service: Moment["service"]): Placement | undefined {
  const moved = applyMove(placement, band.move, service);
  return moved.ok && !samePlacement(moved.placement, placement) ? moved.placement : undefined;
}

function bandCandidates(moment: Moment): readonly Candidate[] {
  const { state, service, facts, now } = moment;
  return service.bands.flatMap((band): Candidate[] => {
    const after = state.placement === null ? undefined : destination(state.placement, band, service);
    if (after === undefined || own(facts.health.signals, band.name)?.state !== "holds") return [];
    return [
      {
        name: band.name,
        band,
        needs: band.authority === "approve" ? "approve" : "nothing",
        signalAt: signalBegan(moment, band, now),
        request: { purpose: "failover", trigger: { kind: "signal", band: band.name }, of: null, after },
      },
    ];
  });
}

/** When the signal had held for the band's time: from then on the move was allowed, and its clock runs. */
function signalBegan({ facts }: Moment, band: Band, now: Instant): Instant {
  const heldMs =
    band.when.kind === "verdict" ? (own(facts.health.sites, band.when.site)?.heldMs ?? 0) : band.when.forMs;
  return add(now, -Math.max(0, heldMs - band.when.forMs));
}

/** The last move, still within its criteria's time, onto a site that is now down: back to where it came from. */
function rollbackCandidate({ state, facts, now }: Moment): Candidate | undefined {
  const last = lastMove(state.failover, state.ended);
  if (last === undefined || last.rollback === null || last.changed === null || last.purpose === "rollback")
    return undefined;
  if (since(last.changed, now) >= last.rollback.withinMs) return undefined;
  if (own(facts.health.sites, last.rollback.site)?.verdict !== "down") return undefined;
  if (state.placement === null || !samePlacement(state.placement, last.after)) return undefined;
  return {
    name: "rollback",
    band: null,
    needs: "nothing",
    signalAt: add(now, 0 - (own(facts.health.sites, last.rollback.site)?.heldMs ?? 0)),
    request: { purpose: "rollback", trigger: { kind: "signal", band: "rollback" }, of: last.id, after: last.before },
  };
}

/** The move that led to where the service stands: open and changed, or the last one ended. */
export function lastMove(open: Failover | null, ended: readonly EndedFailover[]) {
  if (open !== null && open.times.changed !== null) {
    const { plan, times, id } = open;
    const { before, after } = plan.placement;
    return { id, purpose: plan.purpose, rollback: plan.rollback, changed: times.changed, before, after };
  }
  const last = ended.findLast(({ times }) => times.changed !== null);
  return (
    last && {
      id: last.id,
      purpose: last.purpose,
      rollback: last.rollback,
      changed: last.times.changed,
      ...last.placement,
    }
  );
}

/** Something put an earlier placement back, and the band that moved says that automation may put it right, once. */
function restoreCandidate({ state, service }: Moment): Candidate | undefined {
  const last = state.ended.at(-1);
  const reverted = [...state.drift.values()].some(({ kind }) => kind === "reverted");
  const moved = state.ended.findLast(({ purpose, times }) => purpose === "failover" && times.changed !== null);
  const band = service.bands.find(({ name }) => name === moved?.initiative);
  if (!reverted || last === undefined || moved === undefined || band?.reassert !== true || state.placement === null)
    return undefined;
  if (
    band.authority !== "pre-authorised" ||
    state.ended.some(({ of, purpose }) => purpose === "restore" && of === moved.id)
  )
    return undefined;
  return {
    name: `restore-${band.name}`,
    band,
    needs: "nothing",
    signalAt: null,
    request: { purpose: "restore", trigger: { kind: "signal", band: band.name }, of: moved.id, after: state.placement },
  };
}

/** Home was stable for the time that the policy asks: people are asked for the way home. */
function failbackCandidate({ world, state, service, facts, now }: Moment): Candidate | undefined {
  const home = placementAt(service.home);
  const { failback } = service;
  const moved = lastMove(null, state.ended)?.changed ?? null;
  if (failback === null || state.placement === null || moved === null || samePlacement(home, state.placement))
    return undefined;
  const stable = activeSites(home)
    .filter(({ site }) => state.placement !== null && !isActive(state.placement, site))
    .every(({ site }) => {
      const health = own(facts.health.sites, site);
      return health?.verdict === "up" && health.heldMs >= failback.stableForMs;
    });
  if (!stable || elapsedOf(world, moved, now) < failback.stableForMs) return undefined;
  return {
    name: "failback",
    band: null,
    needs: "reverse",
    signalAt: null,
    request: {
      purpose: "failback",
      trigger: { kind: "signal", band: "failback" },
      of: lastMove(null, state.ended)?.id ?? null,
      after: home,
    },
  };
}
