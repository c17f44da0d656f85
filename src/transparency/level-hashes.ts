import { invariant } from "../values/invariant.ts";

const hashOctets = 32;

/** Hashes of one level of the tree, packed one after the other: a million of them are 32 MB, not a million objects. */
export class LevelHashes {
  #octets = new Uint8Array(16 * hashOctets);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(hash: Uint8Array): void {
    invariant(hash.length === hashOctets, "a SHA-256 digest has 32 octets");
    const at = this.#length * hashOctets;
    if (at === this.#octets.length) {
      const grown = new Uint8Array(2 * at);
      grown.set(this.#octets);
      this.#octets = grown;
    }
    this.#octets.set(hash, at);
    this.#length += 1;
  }

  /** A view, good until the next push. */
  at(index: number): Uint8Array {
    invariant(index >= 0 && index < this.#length, "a hash is read where one was kept");
    return this.#octets.subarray(index * hashOctets, (index + 1) * hashOctets);
  }

  truncate(length: number): void {
    invariant(length >= 0 && length <= this.#length, "a level is only cut");
    this.#length = length;
  }
}
