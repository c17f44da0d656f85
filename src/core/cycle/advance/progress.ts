import { own } from "../../../values/own.ts";
import { since, type Instant } from "../../../values/time.ts";
import { deferred } from "../../authority/clock-steps.ts";
import type { ServiceEvent } from "../../failover/event.ts";
import type { EndedHow, Failover } from "../../failover/state.ts";
import { codesOf, notPassed } from "../../gates/index.ts";
import { sameData } from "../../plan/rrset.ts";
import {
  bandOfPlan,
  divergedAfterMs,
  gatesForFailover,
  isHeld,
  readLately,
  sameCodes,
  waitsForPeople,
  type Moment,
} from "../moment.ts";
import type { World } from "../world.ts";
import { proceedWithAttempts, startAttempts } from "./attempts.ts";
import { candidates } from "./initiatives.ts";

/** The next step of the open failover, if one is due. */
export function progress(moment: Moment): readonly ServiceEvent[] {
  const open = moment.state.failover;
  if (open === null) return [];
  switch (open.status) {
    case "proposed":
      return endWhenOver(moment, open) ?? authorise(moment, open);
    case "authorised":
      return endWhenOver(moment, open) ?? execute(moment, open);
    case "changing":
      return proceedWithAttempts(moment, open);
    case "changed":
    case "switched":
      return noteDivergence(moment, open);
    case "recovered":
    case "settled":
      return settle(moment, open);
  }
}

export function end(open: Failover, how: EndedHow, says: string): ServiceEvent {
  return { type: "failover-ended", failover: open.id, how, says, times: open.times, wouldHave: null };
}

/** A plan whose time is over, or whose signal has cleared while it waited, is not carried out. */
function endWhenOver(moment: Moment, open: Failover): readonly ServiceEvent[] | undefined {
  const reports = gatesForFailover(moment, open, "authorise");
  const over = reports.find(({ gate, result }) => gate === "not-expired" && result !== "pass");
  if (over !== undefined) return [end(open, "expired", over.says ?? "Its time is over.")];
  const vetoed = reports.find(({ gate, result }) => gate === "not-vetoed" && result !== "pass");
  if (vetoed !== undefined) return [end(open, "vetoed", vetoed.says ?? "Its move was vetoed.")];
  if (signalIsGone(moment, open)) return [end(open, "withdrawn", "The signal has cleared.")];
  return undefined;
}

function signalIsGone(moment: Moment, open: Failover): boolean {
  const { facts, service, state } = moment;
  if (open.plan.trigger.kind === "declared") return false;
  const band = bandOfPlan(service, open.plan);
  if (band !== null) return own(facts.health.signals, band.name)?.state === "clear";
  if (!facts.health.judged || open.plan.purpose !== "failback") return false;
  return !candidates({ ...moment, state: { ...state, failover: null } }).some(({ name }) => name === open.initiative);
}

function authorise(moment: Moment, open: Failover): readonly ServiceEvent[] {
  if (waitsForPeople(moment, open)) return [];
  const reports = gatesForFailover(moment, open, "authorise");
  if (isHeld(reports)) return hold(open, "authorise", reports);
  return [{ type: "failover-authorised", failover: open.id, planHash: open.planHash, gates: notPassed(reports) }];
}

function hold(
  open: Failover,
  stage: "authorise" | "execute",
  gates: ReturnType<typeof gatesForFailover>,
): readonly ServiceEvent[] {
  const codes = codesOf(gates);
  if (sameCodes(codes, open.heldBy)) return [];
  return [{ type: "failover-held", failover: open.id, stage, codes, gates: notPassed(gates) }];
}

function execute(moment: Moment, open: Failover): readonly ServiceEvent[] {
  if (!readLately(moment)) return [];
  const reports = gatesForFailover(moment, open, "execute");
  const codes = codesOf(reports);
  const changed = reports.find(({ code }) => code === "record-changed" || code === "placement-changed");
  if (changed !== undefined) return [end(open, "void", changed.says ?? "The record changed.")];
  if (codes.length > 0) return hold(open, "execute", reports);
  if (moment.facts.mode === "observe") return [observed(moment, open)];
  return startAttempts(moment, open, notPassed(reports));
}

/** Observe mode ends here: what would have been done, and how long it would have taken. */
function observed({ now }: Moment, open: Failover): ServiceEvent {
  const tailMs = longestTtlMs(open);
  const detectMs = open.times.signal === null ? 0 : since(open.times.signal, open.times.proposed);
  return {
    type: "failover-ended",
    failover: open.id,
    how: "observed",
    says: "Observe mode: nothing was sent.",
    times: open.times,
    wouldHave: { detectMs, decideMs: since(open.times.proposed, now), tailMs },
  };
}

/** The tail: the largest TTL that was published before the change. Milliseconds. */
export function longestTtlMs(open: Failover): number {
  const before = open.plan.steps
    .flatMap((step) => step.changes)
    .flatMap((change) => change.rrsets.map((rrset) => rrset.before));
  return 1000 * Math.max(0, ...before.map((rrset) => (rrset === "absent" ? 0 : rrset.ttl)));
}

function noteDivergence(
  { now }: Moment,
  open: Extract<Failover, { status: "changed" | "switched" }>,
): readonly ServiceEvent[] {
  const { changed } = open.times;
  const { wrong, serviceFailure } = open.verification;
  if (open.diverged !== null || changed === null || since(changed, now) < divergedAfterMs) return [];
  if (wrong.length === 0 && serviceFailure === null) return [];
  const says =
    wrong.length > 0
      ? `Other data at ${wrong.join(", ")}.`
      : `The service does not answer through its name: ${serviceFailure ?? ""}.`;
  return [{ type: "failover-diverged", failover: open.id, says }];
}

/** After recovery: the resolvers' tail, then the close, unless a nameserver turns back. */
function settle(moment: Moment, open: Extract<Failover, { status: "recovered" | "settled" }>): readonly ServiceEvent[] {
  const others = answeringOtherwise(moment, open.times.recovered ?? moment.state.baselineAt);
  if (others.length > 0)
    return open.diverged === null
      ? [{ type: "failover-diverged", failover: open.id, says: `Other data again at ${others.join(", ")}.` }]
      : [];
  if (open.diverged !== null) return allRead(moment) ? [{ type: "failover-mended", failover: open.id }] : [];
  if (open.status === "recovered")
    return moment.now >= settledAt(moment.world, open) ? [{ type: "failover-settled", failover: open.id }] : [];
  if (!readLately(moment)) return [];
  const reports = gatesForFailover(moment, open, "close");
  return isHeld(reports) ? [] : [end(open, "closed", "Settled, and every nameserver that answers agrees.")];
}

/** Nameservers that answer otherwise than the baseline, by readings from after `from`. */
export function answeringOtherwise({ state, facts }: Moment, from: Instant): readonly string[] {
  const others = [...state.baseline].flatMap(([record, baseline]) =>
    (own(facts.readings, record) ?? [])
      .filter(({ outcome, at, rrset }) => outcome === "answer" && at > from && !sameData(rrset ?? "absent", baseline))
      .map(({ nameserver, address }) => `${nameserver} (${address})`),
  );
  return [...new Set(others)];
}

function allRead({ state, facts }: Moment): boolean {
  const open = state.failover;
  const from = open !== null && "diverged" in open ? (open.diverged?.since ?? 0) : 0;
  return [...state.baseline.keys()].every((record) => (own(facts.readings, record) ?? []).every(({ at }) => at > from));
}

/** When the resolvers' tail is over: no sooner for a step of the clock. */
export function settledAt(
  world: World,
  { settleAt, times: { recovered } }: Extract<Failover, { status: "recovered" | "settled" }>,
): Instant {
  return recovered === null ? settleAt : deferred(world, recovered, settleAt);
}
