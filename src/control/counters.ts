import type { EffectAction } from "../core/cycle/service-command.ts";
import { effectKinds } from "./crash-points.ts";
import type { Stats } from "./parts.ts";

type Counted = Exclude<keyof Stats, "effectsStarted" | "effectsRunning" | "queued">;

/** Counts since the start of the process; they outlive a journal that is opened anew. */
export class Counters {
  readonly #counts: Record<Counted, number> = {
    entries: 0,
    appends: 0,
    accepted: 0,
    refused: 0,
    repeated: 0,
    reopened: 0,
    evaluations: 0,
    batches: 0,
    batchesDropped: 0,
    observations: 0,
    brokenPromises: 0,
  };
  readonly #effects = new Map<EffectAction["kind"], number>(effectKinds.map((kind) => [kind, 0]));

  add(what: Counted, by = 1): void {
    this.#counts[what] += by;
  }

  effect(kind: EffectAction["kind"]): void {
    this.#effects.set(kind, (this.#effects.get(kind) ?? 0) + 1);
  }

  stats(now: Pick<Stats, "effectsRunning" | "queued">): Stats {
    return { ...this.#counts, effectsStarted: Object.fromEntries(this.#effects), ...now };
  }
}
