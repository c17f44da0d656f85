import { own } from "../../values/own.ts";
import { add, instant, minute, since, type DurationMs, type Instant } from "../../values/time.ts";
import { deferred, hastened } from "../authority/clock-steps.ts";
import { wordEnds } from "../authority/live.ts";
import { executionWindowMs } from "../gates/not-expired.ts";
import { readingFreshMs } from "../gates/plan-is-fresh.ts";
import type { Attempt } from "../failover/state.ts";
import { isOutstanding } from "../failover/evolve-attempts.ts";
import { activeSites, placementAt } from "../plan/placement.ts";
import { applies, candidates, lastMove } from "./advance/initiatives.ts";
import { settledAt } from "./advance/progress.ts";
import type { NextActions } from "./cycle.ts";
import {
  divergedAfterMs,
  momentOf,
  readingAge,
  readingIdleMs,
  readingWantedMs,
  readLately,
  type Moment,
} from "./moment.ts";
import type { EffectAction } from "./service-command.ts";

/** Verification waits this long for stragglers before it reports them. */
const verifyPatienceMs = 3_000;

/**
 * What is due at the edge, from the state alone: so a crash at any point resumes, and repeats nothing that is done. What
 * changes anything MUST be taken from durable state. What is due to be decided, `decide` says itself (`advance`).
 */
export const nextActions: NextActions = (state, world, facts, now, epoch) => {
  const moment = momentOf(state, world, facts, now, epoch);
  if (moment === undefined) return { effects: [], wakeAt: undefined };
  const still = world.stopped !== null || state.stopped !== null || world.authority.dispute !== null;
  const held = still || state.handedOver !== null;
  const notices = state.handedOver === null ? owedNotices(moment) : [];
  const effects = [...reading(moment), ...attempts(moment, held), ...verification(moment), ...notices];
  return { effects, wakeAt: wakeAt(moment) };
};

function reading(moment: Moment): readonly EffectAction[] {
  const ageMs = readingAge(moment);
  if (ageMs !== undefined && ageMs < readingIntervalMs(moment)) return [];
  return [
    { kind: "read-records", key: `read-records/${moment.state.service}`, data: { service: moment.state.service } },
  ];
}

/** Often while something may be planned on them or closed by them, seldom otherwise. */
function readingIntervalMs(moment: Moment): DurationMs {
  const { state, facts, service } = moment;
  const signalled = service.bands.some((band) => {
    const signal = own(facts.health.signals, band.name)?.state;
    return (signal === "holds" || signal === "pending") && applies(moment, band);
  });
  const waiting = state.failover !== null || state.placement === null || state.owed.length > 0;
  // A rollback or the way home has no signal: what waits to be proposed waits for a reading.
  return signalled || waiting || candidates(moment).length > 0 ? readingWantedMs : readingIdleMs;
}

/** A write for an open attempt of this epoch; a read-back for one of an earlier epoch, or of unknown outcome. */
function attempts({ state, now, epoch }: Moment, held: boolean): readonly EffectAction[] {
  const open = state.failover;
  const current = open !== null && "attempts" in open ? open.attempts : [];
  return [...current, ...state.outstanding].filter(isOutstanding).flatMap((attempt): EffectAction[] => {
    const data = { service: state.service, attempt: attempt.id };
    if (attempt.outcome.state === "open" && attempt.epoch === epoch && !attempt.manual) {
      // What a failover that ended left is not begun any more; if it was sent, its result is on its way, for a while.
      const mine = current.includes(attempt);
      if (mine) return held ? [] : [{ kind: "write", key: `write/${attempt.id}`, data }];
      if (now < add(attempt.intendedAt, resultWithinMs)) return [];
    }
    if (now < readBackAt(attempt)) return [];
    return [{ kind: "read-back", key: `read-back/${attempt.id}`, data }];
  });
}

/** A write has an outcome by then, if it was begun at all. */
const resultWithinMs = minute;

function readBackAt(attempt: Attempt): Instant {
  return attempt.outcome.state === "unknown" ? attempt.outcome.retryAt : attempt.intendedAt;
}

function verification(moment: Moment): readonly EffectAction[] {
  const { state, now } = moment;
  const open = state.failover;
  if (open === null || (open.status !== "changed" && open.status !== "switched")) return [];
  const { tries, retryAt } = open.verification;
  if (now < retryAt) return [];
  const data = { service: state.service, failover: open.id };
  if (open.status === "switched") {
    // N9: what was verified a while ago, before a restart perhaps, is read again first.
    const switched = open.times.switched ?? now;
    if (since(switched, now) > readingFreshMs && !readLately(moment)) return [];
    return [{ kind: "check-service", key: `check-service/${open.id}/${tries}`, data }];
  }
  return [{ kind: "verify", key: `verify/${open.id}/${tries}`, data: { ...data, patienceMs: verifyPatienceMs } }];
}

/** A nameserver that came back with an old answer is told, at each try, that there is a new version. */
function owedNotices({ state }: Moment): readonly EffectAction[] {
  return state.owed
    .filter((owed) => owed.state === "diverged")
    .map(({ provider, address, tries }) => ({
      kind: "notify",
      key: `notify/${state.service}/${provider}/${address}/${tries}`,
      data: { service: state.service, provider, address },
    }));
}

/** The earliest instant at which something may be due though nothing happens. */
function wakeAt(moment: Moment): Instant | undefined {
  const { state, world, now } = moment;
  const ageMs = readingAge(moment);
  const times = [
    ageMs === undefined ? undefined : add(now, Math.max(0, readingIntervalMs(moment) - ageMs)),
    ...failoverTimes(moment),
    ...state.outstanding.flatMap((attempt) => [readBackAt(attempt), add(attempt.intendedAt, resultWithinMs)]),
    ...state.owed.map(({ retryAt }) => retryAt),
    ...state.vetoes.map(({ at, until }) => deferred(world, at, until)),
    ...[...state.forced.values()].map(({ by, until }) => deferred(world, by.at, until)),
    ...signalTimes(moment),
    ...failbackTimes(moment),
    ...holdDownTimes(moment),
  ];
  const future = times.filter((at) => at !== undefined && at > now);
  return future.length === 0 ? undefined : instant(Math.min(...future.map(Number)));
}

function failoverTimes({ world, state }: Moment): readonly (Instant | undefined)[] {
  const open = state.failover;
  if (open === null) return [];
  const { authorised, intended, changed } = open.times;
  return [
    hastened(world, open.times.proposed, open.plan.expiresAt),
    ...open.words.map((word) => wordEnds(world, word)),
    authorised === null ? undefined : hastened(world, authorised, add(authorised, executionWindowMs)),
    intended === null ? undefined : add(intended, divergedAfterMs),
    changed === null ? undefined : add(changed, divergedAfterMs),
    "verification" in open ? open.verification.retryAt : undefined,
    "settleAt" in open ? settledAt(world, open) : undefined,
    ...("attempts" in open ? open.attempts.map(retryOf) : []),
  ];
}

function retryOf({ outcome }: Attempt): Instant | undefined {
  return outcome.state === "failed" || outcome.state === "unknown" ? outcome.retryAt : undefined;
}

function signalTimes({ service, facts, now }: Moment): readonly (Instant | undefined)[] {
  return service.bands.map((band) => {
    const signal = own(facts.health.signals, band.name);
    return signal?.state === "pending" ? add(now, signal.inMs) : undefined;
  });
}

function failbackTimes({ world, service, state, facts, now }: Moment): readonly (Instant | undefined)[] {
  const { failback } = service;
  if (failback === null) return [];
  const moved = lastMove(null, state.ended)?.changed ?? null;
  const stable = activeSites(placementAt(service.home)).map(({ site }) => {
    const health = own(facts.health.sites, site);
    return health?.verdict === "up" ? add(now, Math.max(0, failback.stableForMs - health.heldMs)) : undefined;
  });
  return [...stable, moved === null ? undefined : deferred(world, moved, add(moved, failback.stableForMs))];
}

function holdDownTimes({ world, service, state }: Moment): readonly (Instant | undefined)[] {
  return state.ended.map(({ times: { changed } }) =>
    changed === null ? undefined : deferred(world, changed, add(changed, service.holdDownMs)),
  );
}
