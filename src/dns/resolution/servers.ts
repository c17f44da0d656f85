import type { Clock, Entropy } from "../../ports/clock.ts";
import { minute } from "../../values/time.ts";

/** A server that was silent is asked after the others for so long. */
const restMs = minute;
/** Addresses of which a failure is remembered. */
const rememberedMax = 4096;

/** In what order the addresses of a zone are asked: by chance, and those that failed lately last. */
export class ServerOrder {
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  readonly #restsUntil = new Map<string, number>();

  constructor(clock: Clock, entropy: Entropy) {
    this.#clock = clock;
    this.#entropy = entropy;
  }

  of(addresses: readonly string[]): readonly string[] {
    if (addresses.length === 0) return [];
    const chance = this.#entropy.octets(addresses.length);
    const now = this.#clock.monotonic();
    const placed = [...new Set(addresses)].map((address, index) => ({
      address,
      place: ((this.#restsUntil.get(address) ?? 0) > now ? 256 : 0) + (chance[index] ?? 0),
    }));
    return placed.toSorted((a, b) => a.place - b.place).map(({ address }) => address);
  }

  failed(address: string): void {
    if (this.#restsUntil.size >= rememberedMax) this.#restsUntil.clear();
    this.#restsUntil.set(address, this.#clock.monotonic() + restMs);
  }

  answered(address: string): void {
    this.#restsUntil.delete(address);
  }
}
