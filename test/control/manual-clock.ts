import type { Clock } from "../../src/ports/clock.ts";
import { duration, instant, type DurationMs, type Instant } from "../../src/values/time.ts";

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that a test moves. Between two timers everything that promises can do is done. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #ms = 0;

  now(): Instant {
    return instant(1_795_000_000_000 + this.#ms);
  }

  monotonic(): DurationMs {
    return duration(this.#ms);
  }

  schedule(delay: DurationMs, run: () => void): () => void {
    const timer = { at: this.#ms + delay, run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  async advance(ms: number): Promise<void> {
    const end = this.#ms + ms;
    await settled();
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#ms = Math.max(this.#ms, next.at);
      next.run();
      // oxlint-disable-next-line no-await-in-loop -- one timer after the other is the point
      await settled();
    }
    this.#ms = end;
  }
}

/** A turn of the event loop comes only when no promise has anything left to do. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
