import type { Clock } from "../../ports/clock.ts";
import { second } from "../../values/time.ts";

/** Sources that are remembered. Beyond, the one that came first is forgotten, and begins anew. */
const sourcesMax = 4096;

interface Bucket {
  readonly left: number;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** So many a second, and so many at once, for each source by itself. */
export class Allowance {
  readonly #rate: { readonly perSecond: number; readonly burst: number };
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: { readonly perSecond: number; readonly burst: number }, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Whether the source may have one more now; if so, it had it. */
  take(source: string): boolean {
    const { perSecond, burst } = this.#rate;
    const at = this.#clock.monotonic();
    const before = this.#buckets.get(source) ?? { left: burst, at };
    const left = Math.min(burst, before.left + ((at - before.at) / second) * perSecond);
    const may = left >= 1;
    this.#buckets.set(source, { left: may ? left - 1 : left, at });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > sourcesMax && oldest !== undefined) this.#buckets.delete(oldest);
    return may;
  }
}
