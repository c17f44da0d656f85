/** Seeded chance for the fuzzers (xorshift32, Marsaglia 2003): the same seed gives the same cases on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    // A few rounds apart, neighbouring seeds have nothing in common any more; zero would stay zero.
    this.#state = Math.imul(seed ^ 0x9e_37_79_b9, 0x85_eb_ca_6b) | 1;
    for (let round = 0; round < 8; round += 1) this.below(2);
  }

  /** A whole number from 0 up to, not including, `limit` (at most 2^32). */
  below(limit: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return Math.floor(((state >>> 0) / 2 ** 32) * limit);
  }

  pick<Value>(list: readonly Value[]): Value {
    const value = list[this.below(list.length)];
    if (value === undefined) throw new Error("nothing to pick from");
    return value;
  }

  octets(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}
