import type { Clock } from "../ports/clock.ts";
import { second, type Instant } from "../values/time.ts";

/** A larger difference between the wall clock and the monotonic one is a step, and a fact in the journal. */
const stepMsMin = 5 * second;

/**
 * Tells of each step of the clock once, before anything is decided after it. `journalTime` is the journal's time now, which
 * never goes back. Small differences add up until they are a step. What the clock did while no controller ran is not seen,
 * but for one thing: that it is before the last entry.
 */
export class ClockSteps {
  readonly #clock: Clock;
  readonly #journalTime: () => Instant;
  /** Wall clock less monotonic one, as it was last taken in. */
  #wall: number;
  /** Journal's time less monotonic one: the least since it was last taken in. */
  #journal: number;

  constructor(clock: Clock, journalTime: () => Instant) {
    this.#clock = clock;
    this.#journalTime = journalTime;
    this.#journal = journalTime() - clock.monotonic();
    this.#wall = this.#journal;
  }

  /** Milliseconds, ahead or back, of each step since the last call. */
  take(): readonly number[] {
    return [this.#ahead(), this.#back()].filter((byMs) => byMs !== 0);
  }

  /** How far the journal's time went ahead of the time that passed: a wall clock that catches up with it is no step. */
  #ahead(): number {
    const offset = this.#journalTime() - this.#clock.monotonic();
    const byMs = offset - this.#journal;
    if (byMs > 0 && byMs <= stepMsMin) return 0;
    this.#journal = offset;
    return Math.max(0, byMs);
  }

  #back(): number {
    const offset = this.#clock.now() - this.#clock.monotonic();
    const byMs = offset - this.#wall;
    if (Math.abs(byMs) <= stepMsMin) return 0;
    this.#wall = offset;
    return Math.min(0, byMs);
  }
}
