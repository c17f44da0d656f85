import type { Observation, ProbeTarget } from "../core/health/observation.ts";
import { asJson } from "../values/json.ts";
import { type Sha256, sha256OfJson } from "../values/sha256.ts";

/** What one vantage saw in one round. Batches of a boot form a chain, so that none goes missing unseen. */
export interface ObservationBatch {
  readonly installation: Sha256;
  readonly vantage: string;
  /** Random at each start of the vantage. */
  readonly boot: string;
  /** 0 for the first batch of a boot. */
  readonly ordinal: number;
  /** Hash of the batch before, in the same boot. */
  readonly before: Sha256 | undefined;
  /** The policy whose check numbers the observations use. */
  readonly policy: Sha256;
  /**
   * How far the vantage's clock is ahead of the controller's. 0: it is the same clock, as in one process, or it is not
   * known; such a vantage is no witness of the time.
   */
  readonly skewMs: number;
  /** False when the vantage is itself cut off: then its voice does not count. */
  readonly controlsPass: boolean;
  readonly observations: readonly Observation[];
}

/** What the next batch of the same boot names as `before`; whoever receives them compares it. */
export function hashOfBatch(batch: ObservationBatch): Sha256 {
  return sha256OfJson(asJson({ ...batch, before: batch.before ?? null }));
}

export interface ObservationSource {
  /** Starts to deliver; the returned function stops it and resolves when no more will come. */
  start(receive: (batch: ObservationBatch) => void): Promise<() => Promise<void>>;
}

/** Runs one check once. */
export interface Prober {
  /** Never rejects: every way to fail is a reason. Bounded by the target's own time-out. */
  probe(target: ProbeTarget, signal: AbortSignal): Promise<Observation>;
}
