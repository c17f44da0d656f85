import type { DurationMs, Instant } from "../values/time.ts";

/** The only source of time. The simulator gives one that a test moves. */
export interface Clock {
  now(): Instant;
  /** Milliseconds since an arbitrary start of this process, never going back, whole. Dwell and hold-down count it. */
  monotonic(): DurationMs;
  /** Runs `run` once, `delay` from now or later; the returned function cancels it. A wait keeps no process alive. */
  schedule(delay: DurationMs, run: () => void): () => void;
}

/** The only source of chance. */
export interface Entropy {
  /** `length` random octets, 1 to 65 536, fit for keys. */
  octets(length: number): Uint8Array;
}
