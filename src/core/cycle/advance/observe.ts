import { own } from "../../../values/own.ts";
import type { FenceValue, RecordRRset, ServiceEvent } from "../../failover/event.ts";
import { flappingChanges } from "../../gates/not-flapping.ts";
import { observedAt, placementObserved, providersOf } from "../../plan/observed.ts";
import { fenceName } from "../../plan/make-plan.ts";
import { placementAt, rrsetUnder } from "../../plan/placement.ts";
import { sameData, sameRRset, type RRset } from "../../plan/rrset.ts";
import { readingAge, retryAt, type Moment } from "../moment.ts";

/** A change of verdict is an entry; observations are not (design §8). After a start only once a full round was seen. */
export function noteVerdicts({ state, facts, service }: Moment): readonly ServiceEvent[] {
  if (!facts.health.judged) return [];
  return [...service.sites.keys()].flatMap((site): ServiceEvent[] => {
    const health = own(facts.health.sites, site);
    const from = state.verdicts.get(site)?.verdict ?? "unknown";
    if (health === undefined || health.verdict === from) return [];
    return [{ type: "verdict-changed", site, from, to: health.verdict, health }];
  });
}

export function suspendFlapping({ world, state, service, now }: Moment): readonly ServiceEvent[] {
  const changes = flappingChanges(world, state, service, now);
  if (state.suspended !== null || changes <= service.flapping.changes) return [];
  const figures = { changes, allowed: service.flapping.changes, perMs: service.flapping.perMs };
  return [{ type: "automation-suspended", reason: "flapping", figures }];
}

/** The first time that everything was read: what stands becomes the baseline, when it is one of the policy's placements. */
export function establishBaseline(moment: Moment): readonly ServiceEvent[] {
  const { state, facts, policy, service } = moment;
  if (state.placement !== null || readingAge(moment) === undefined) return [];
  const records = [...service.records.keys()];
  // After a take-back only what was read since counts: other hands were at it.
  const known = records.every((record) =>
    providersOf(policy, service, record).every((provider) => {
      const observed = observedAt(facts, provider, record);
      return observed !== undefined && observed.at >= state.baselineAt;
    }),
  );
  const fences = fencesRead(moment);
  if (!known || fences === undefined) return [];
  const observed = placementObserved(facts, policy, service);
  // When nothing of ours stands, home is what should, and the difference is drift that a person settles.
  const placement = observed ?? placementAt(service.home);
  const baseline: RecordRRset[] = records.map((record) => ({
    record,
    rrset: (observed && answerOf(moment, record)) ?? rrsetUnder(service, record, placement),
  }));
  return [{ type: "baseline-established", placement, baseline, fences, drift: observed === undefined ? records : [] }];
}

function answerOf({ facts, policy, service }: Moment, record: string): RRset | "absent" | undefined {
  const [provider] = providersOf(policy, service, record);
  return (provider && observedAt(facts, provider, record)?.rrset) ?? undefined;
}

/** The fences as they stand around every name of the service; undefined while one was not read. */
export function fencesRead({ facts, policy, service }: Moment): readonly FenceValue[] | undefined {
  const fences: FenceValue[] = [];
  for (const record of service.records.values()) {
    for (const provider of providersOf(policy, service, record.id)) {
      const name = facts.names.find((one) => one.provider === provider.id && one.name === record.name);
      if (name === undefined) return undefined;
      const known = fences.some((fence) => fence.provider === provider.id && fence.name === fenceName(record.name));
      if (!known) fences.push({ provider: provider.id, name: fenceName(record.name), value: name.fence });
    }
  }
  return fences;
}

/** What differs from the baseline is named: `reverted` when it stood before, `foreign` otherwise. */
export function noteDrift(moment: Moment): readonly ServiceEvent[] {
  const { state, service } = moment;
  if (state.placement === null || state.failover?.status === "changing") return [];
  return [...service.records.keys()].flatMap((record): ServiceEvent[] => {
    const baseline = state.baseline.get(record);
    const seen = baseline === undefined ? undefined : differing(moment, record, baseline);
    const known = state.drift.get(record);
    if (baseline === undefined || seen === undefined) return [];
    if (seen === "same") return known === undefined ? [] : [{ type: "drift-cleared", record }];
    if (known !== undefined && known.provider === seen.provider && sameRRset(known.observed, seen.observed)) return [];
    const earlier = [...(state.earlier.get(record) ?? []), rrsetUnder(service, record, placementAt(service.home))];
    const kind = earlier.some((one) => sameData(one, seen.observed)) ? "reverted" : "foreign";
    return [{ type: "drift-found", record, kind, ...seen, baseline }];
  });
}

// Only readings from after the baseline count, and only where changes are made: secondaries may lag.
function differing(
  { state, facts, policy, service }: Moment,
  record: string,
  baseline: RRset | "absent",
): { readonly provider: string; readonly observed: RRset | "absent" } | "same" | undefined {
  let complete = true;
  for (const provider of providersOf(policy, service, record)) {
    const reading = observedAt(facts, provider, record);
    const observed = reading?.rrset ?? undefined;
    if (reading === undefined || observed === undefined || reading.at < state.baselineAt) complete = false;
    else if (!sameData(observed, baseline)) return { provider: provider.id, observed };
  }
  return complete ? "same" : undefined;
}

/** A nameserver that was silent when a failover recovered is verified when it answers first, also after the close. */
export function verifyOwed({ state, facts, now }: Moment): readonly ServiceEvent[] {
  return state.owed.flatMap((owed): ServiceEvent[] => {
    const answers = [...state.baseline].flatMap(([record, baseline]) =>
      (own(facts.readings, record) ?? [])
        .filter(
          ({ provider, address, outcome }) =>
            provider === owed.provider && address === owed.address && outcome === "answer",
        )
        .map((reading) => ({ at: reading.at, right: sameData(reading.rrset ?? "absent", baseline) })),
    );
    const { failover, provider, address } = owed;
    if (answers.length < state.baseline.size || answers.some(({ at }) => at < state.baselineAt)) return [];
    if (answers.every(({ right }) => right))
      return [{ type: "exception-found", failover, provider, address, answer: "verified", retryAt: now }];
    if (owed.state === "diverged" && now < owed.retryAt) return [];
    return [{ type: "exception-found", failover, provider, address, answer: "old", retryAt: retryAt(now, owed.tries) }];
  });
}
