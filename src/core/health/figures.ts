import { duration, type DurationMs } from "../../values/time.ts";
import { isFresh } from "./check-state.ts";
import type { SiteJudgement } from "./judgement.ts";
import type { ProbeTarget } from "./observation.ts";
import { stillRecent } from "./recent.ts";
import type { SiteHealth } from "./verdict.ts";
import { witnessSays, type Electorate, type Witness } from "./voice.ts";

/** Error rate and latency of a site: whole numbers, so that they stand in an entry. */
export type Rates = Pick<SiteHealth, "errorPercent" | "latencyMs">;

/**
 * What a quorum of the domains sees at least: with three domains the second highest figure. So one domain in trouble of
 * its own raises neither, as it makes no verdict; and too few domains with data give null.
 */
export function rates(site: SiteJudgement, voices: Electorate, mono: DurationMs): Rates {
  const seen = voices.domains.map((domain) => pool(domain, site, mono));
  return {
    errorPercent: atLeast(seen.map(errorPercent), voices.quorum),
    latencyMs: atLeast(seen.map(medianLatency), voices.quorum),
  };
}

/** Age of the oldest observation that counted, and the most frequent reason among those that say down. */
export function witnessed(
  site: SiteJudgement,
  voices: Electorate,
  mono: DurationMs,
): Pick<SiteHealth, "oldestMs" | "failure"> {
  let oldest = 0;
  const failures = new Map<string, number>();
  for (const [witness, target] of pairs([...voices.witnesses.values()], site)) {
    const say = witnessSays(witness, target, mono);
    const state = witness.states[target.check];
    if (state === undefined || (say !== "up" && say !== "down")) continue;
    oldest = Math.max(oldest, mono - state.at);
    if (say === "down" && state.reason !== "pass") failures.set(state.reason, (failures.get(state.reason) ?? 0) + 1);
  }
  return { oldestMs: duration(oldest), failure: mostFrequent(failures) };
}

interface Pool {
  passes: number;
  fails: number;
  /** Mean latency and number of passes, a bucket each. */
  readonly latencies: (readonly [number, number])[];
}

function pool(domain: readonly Witness[], site: SiteJudgement, mono: DurationMs): Pool {
  const whole: Pool = { passes: 0, fails: 0, latencies: [] };
  for (const [witness, target] of pairs(domain, site)) {
    const state = witness.states[target.check];
    if (witness.cutOffSince !== undefined || state === undefined || !isFresh(state, target.definition, mono)) continue;
    for (const bucket of stillRecent(state.recent, target.definition, mono)) {
      whole.passes += bucket.passes;
      whole.fails += bucket.fails;
      if (bucket.passes > 0) whole.latencies.push([bucket.latencyMs / bucket.passes, bucket.passes]);
    }
  }
  return whole;
}

function* pairs(witnesses: readonly Witness[], site: SiteJudgement): Generator<readonly [Witness, ProbeTarget]> {
  for (const witness of witnesses) for (const { target } of site.targets) yield [witness, target];
}

function errorPercent({ passes, fails }: Pool): number | null {
  const all = passes + fails;
  return all === 0 ? null : Math.floor((100 * fails) / all);
}

function medianLatency({ passes, latencies }: Pool): number | null {
  let before = 0;
  for (const [latency, weight] of latencies.toSorted(([a], [b]) => a - b)) {
    before += weight;
    if (before * 2 >= passes) return Math.round(latency);
  }
  return null;
}

function atLeast(seen: readonly (number | null)[], quorum: number): number | null {
  const known = seen.filter((figure) => figure !== null).toSorted((a, b) => b - a);
  return known[quorum - 1] ?? null;
}

function mostFrequent(counts: ReadonlyMap<string, number>): string | null {
  // Equal counts go by the text, so that the order of batches does not show.
  const [first] = [...counts].toSorted(([a, many], [b, others]) => others - many || (a < b ? -1 : 1));
  return first?.[0] ?? null;
}
