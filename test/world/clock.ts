import type { Clock, Entropy } from "../../src/ports/clock.ts";
import { duration, instant, type DurationMs, type Instant } from "../../src/values/time.ts";
import { Random } from "../fuzz/random.ts";

/** When every simulated world begins: 22 November 2026, 03:00 UTC. */
const beginning = 1_795_316_400_000;

/**
 * Time that a test moves. What is due at the same instant runs in an order drawn from the seed, and between two events
 * everything that promises can settle has settled: so one seed is one run.
 */
export class SimulatedClock implements Clock {
  readonly #random: Random;
  readonly #queue = new EventQueue();
  #elapsed = 0;
  #step = 0;
  #running = false;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  now(): Instant {
    return instant(beginning + this.#elapsed + this.#step);
  }

  monotonic(): DurationMs {
    return duration(this.#elapsed);
  }

  /** The wall clock steps; monotonic time does not. */
  stepBy(ms: number): void {
    this.#step += ms;
  }

  /** How far the wall clock is ahead of the time that it is. */
  get errorMs(): number {
    return this.#step;
  }

  schedule(delay: DurationMs, run: () => void): () => void {
    const event = { at: this.#elapsed + delay, tie: this.#random.below(0xffff_ffff), run };
    this.#queue.add(event);
    return () => this.#queue.remove(event);
  }

  /** Resolves after `ms` of simulated time, sooner when `signal` aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const abort = (): void => {
      cancel();
      resolve();
    };
    const cancel = this.schedule(duration(ms), () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    signal?.addEventListener("abort", abort, { once: true });
    return promise;
  }

  /** Lets `ms` pass. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await this.until(() => false, ms);
    this.#elapsed = end;
  }

  /**
   * Lets time pass, event by event, until `condition` holds or `limitMs` has passed. Returns whether it held. The
   * condition is looked at when all is settled, so a change that lasts no time is not seen.
   */
  async until(condition: () => boolean, limitMs: number): Promise<boolean> {
    if (this.#running) throw new Error("time is moved by one at a time");
    this.#running = true;
    try {
      const end = this.#elapsed + limitMs;
      await settled();
      while (!condition()) {
        const next = this.#queue.first();
        if (next === undefined || next.at > end) {
          this.#elapsed = end;
          return condition();
        }
        this.#queue.remove(next);
        this.#elapsed = Math.max(this.#elapsed, next.at);
        next.run();
        // oxlint-disable-next-line no-await-in-loop -- one event after the other is the point
        await settled();
      }
      return true;
    } finally {
      this.#running = false;
    }
  }
}

/** Chance that is the same for the same seed. */
export function simulatedEntropy(seed: number): Entropy {
  const random = new Random(seed ^ 0x5eed);
  return { octets: (length) => Uint8Array.from({ length }, () => random.below(256)) };
}

interface TimedEvent {
  readonly at: number;
  readonly tie: number;
  readonly run: () => void;
}

/** Sorted by time, then by chance: few events wait at once. */
class EventQueue {
  readonly #events: TimedEvent[] = [];

  add(event: TimedEvent): void {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#events[middle];
      if (other !== undefined && (other.at < event.at || (other.at === event.at && other.tie <= event.tie)))
        low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, event);
  }

  remove(event: TimedEvent): void {
    const index = this.#events.indexOf(event);
    if (index !== -1) this.#events.splice(index, 1);
  }

  first(): TimedEvent | undefined {
    return this.#events[0];
  }
}

/** A turn of the event loop comes only when no promise has anything left to do. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
