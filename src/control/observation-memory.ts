import type { Observation } from "../core/health/observation.ts";
import type { Policy } from "../core/policy/policy.ts";
import { probeTargets } from "../core/policy/targets.ts";
import type { ObservationBatch } from "../ports/observations.ts";
import type { Observed } from "./drafts.ts";

/** Of each check and vantage: what a rise or a fall of three rests on, and the one before it. */
const observationsKept = 4;
/** Attached to one change of verdict at most: an entry's attachment stays small, however many vantages there are. */
const observedMax = 256;

/** The newest observations, so that a change of verdict can be recorded with what it was judged on. */
export class ObservationMemory {
  /** By check: by vantage, the newest last. */
  readonly #checks = new Map<number, Map<string, readonly Observation[]>>();
  readonly #checksOf: ReadonlyMap<string, readonly number[]>;

  constructor(policy: Policy) {
    const targets = probeTargets(policy);
    const bySite = Map.groupBy(targets, ({ service, site }) => `${service} ${site}`);
    this.#checksOf = new Map([...bySite].map(([place, each]) => [place, each.map(({ check }) => check)]));
    for (const { check } of targets) this.#checks.set(check, new Map());
  }

  receive({ vantage, observations }: ObservationBatch): void {
    for (const observation of observations) {
      const vantages = this.#checks.get(observation.check);
      if (vantages === undefined) continue;
      vantages.set(vantage, [...(vantages.get(vantage) ?? []), observation].slice(-observationsKept));
    }
  }

  /** What is known of one service's site, by check and vantage. */
  of(service: string, site: string): readonly Observed[] {
    const checks = this.#checksOf.get(`${service} ${site}`) ?? [];
    return checks.flatMap((check) => this.#ofCheck(check)).slice(0, observedMax);
  }

  #ofCheck(check: number): readonly Observed[] {
    const vantages = [...(this.#checks.get(check) ?? [])];
    return vantages.flatMap(([vantage, observations]) => observations.map((each) => ({ vantage, ...each })));
  }
}
