import type { Observation, ProbeTarget } from "../../src/core/health/observation.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import { hashOfBatch, type ObservationBatch, type ObservationSource } from "../../src/ports/observations.ts";
import type { Sha256 } from "../../src/values/sha256.ts";
import { duration } from "../../src/values/time.ts";
import { Random } from "../fuzz/random.ts";
import type { SimulatedClock } from "./clock.ts";
import { found } from "./dns.ts";
import type { Condition, SimulatedSites } from "./sites.ts";

/** One vantage and what is wrong with it. */
export interface SimulatedVantage {
  readonly id: string;
  /** `cut-off`: nothing answers it, its control places neither. `silent`: nothing is heard of it. */
  state: "well" | "cut-off" | "silent";
  /** What it alone sees of a site, whatever the truth. */
  readonly sees: Map<string, Condition>;
  /** `own` is always right, wherever the controller's is. */
  clock: "shared" | "own";
}

type Receive = (batch: ObservationBatch) => void;

/** All vantages of a policy. Each looks at every target once an interval, at its own moment. */
export class SimulatedVantages {
  readonly all: readonly SimulatedVantage[];
  readonly #clock: SimulatedClock;
  readonly #sites: SimulatedSites;
  readonly #targets: readonly ProbeTarget[];
  readonly #policy: Policy;
  readonly #random: Random;
  readonly #lives: { running: boolean }[] = [];
  #boots = 0;

  constructor(
    policy: Policy,
    targets: readonly ProbeTarget[],
    sites: SimulatedSites,
    clock: SimulatedClock,
    seed: number,
  ) {
    this.#clock = clock;
    this.#sites = sites;
    this.#targets = targets;
    this.#policy = policy;
    this.#random = new Random(seed ^ 0x7a17);
    this.all = [...policy.vantages.keys()].map((id) => ({ id, state: "well", sees: new Map(), clock: "shared" }));
  }

  vantage(id: string): SimulatedVantage {
    return found(
      this.all.find((one) => one.id === id),
      id,
    );
  }

  /** Whoever listened is gone. */
  stopAll(): void {
    for (const life of this.#lives.splice(0)) life.running = false;
  }

  sources(installation: Sha256): readonly ObservationSource[] {
    return this.all.map((vantage) => ({
      start: (receive) => {
        const life = { running: true };
        this.#lives.push(life);
        this.#boots += 1;
        const round = this.#rounds(vantage, installation, `boot-${this.#boots}`, receive, life);
        this.#clock.schedule(duration(this.#random.below(this.#intervalMs)), round);
        return Promise.resolve(() => {
          life.running = false;
          return Promise.resolve();
        });
      },
    }));
  }

  get #intervalMs(): number {
    return Math.min(...this.#targets.map(({ definition }) => definition.intervalMs));
  }

  #rounds(
    vantage: SimulatedVantage,
    installation: Sha256,
    boot: string,
    receive: Receive,
    life: { readonly running: boolean },
  ): () => void {
    let ordinal = 0;
    let before: Sha256 | undefined;
    const round = (): void => {
      if (!life.running) return;
      this.#clock.schedule(duration(this.#intervalMs), round);
      if (vantage.state === "silent") return;
      const { observations, tookMs } = this.#look(vantage);
      this.#clock.schedule(duration(tookMs), () => {
        if (!life.running) return;
        const controlsPass = vantage.state !== "cut-off";
        const { hash: policy } = this.#policy;
        const skewMs = vantage.clock === "own" ? -this.#clock.errorMs : 0;
        const batch = { installation, vantage: vantage.id, boot, ordinal, before, policy, skewMs, controlsPass };
        ordinal += 1;
        before = hashOfBatch({ ...batch, observations });
        receive({ ...batch, observations });
      });
    };
    return round;
  }

  /** One round: what it saw, and when the last check had ended. */
  #look(vantage: SimulatedVantage): { readonly observations: readonly Observation[]; readonly tookMs: number } {
    let slowest = 0;
    const observations = this.#targets.map((target): Observation => {
      const { reason, tookMs } = this.#seen(vantage, target);
      slowest = Math.max(slowest, tookMs);
      const at = this.#clock.now();
      return { check: target.check, at, latencyMs: duration(tookMs), reason, certificateUntil: null };
    });
    return { observations, tookMs: slowest };
  }

  #seen(vantage: SimulatedVantage, target: ProbeTarget): { readonly reason: string; readonly tookMs: number } {
    if (vantage.state === "cut-off") return { reason: "timeout", tookMs: target.definition.timeoutMs };
    const own = vantage.sees.get(target.site);
    if (own === undefined) return this.#sites.probe(target);
    return own === "up" ? { reason: "pass", tookMs: 20 } : { reason: "connect-refused", tookMs: 10 };
  }
}
