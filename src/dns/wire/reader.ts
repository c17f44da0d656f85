import { headerOctets, labelOctetsMax, nameOctetsMax, pointersPerNameMax } from "./limits.ts";
import { branded, type Name } from "./name.ts";
import { WireError } from "./wire-error.ts";

const noOctets = new Uint8Array(0);

// A name is put together here and then copied out; never read before it was written.
const scratch = new Uint8Array(nameOctetsMax);

/** How many names of a message are remembered, so that a pointer to one of them gives the same name again. */
const rememberedNamesMax = 32;

/** Up to so many octets a loop copies faster than `slice` does. */
const loopedOctetsMax = 16;

/** Above so many octets the engine allocates an array outside its heap, which takes five times as long as a view of one. */
const ownOctetsMax = 64;

/** Octets that are copied at once for records to share: what keeps one of them keeps so many at most. */
const sharedOctetsMax = 2048;

/** Reads a message from front to back. Every method throws {@link WireError} "truncated" rather than read past the end. */
export class WireReader {
  readonly octets: Uint8Array;
  at = 0;
  readonly #offsets: number[] = [];
  readonly #names: Name[] = [];
  /** A copy of the octets from `#sharedAt` on. */
  #shared = noOctets;
  #sharedAt = 0;

  constructor(octets: Uint8Array) {
    // A Buffer's `slice` would be a view of the receiver's memory; a plain array's is a copy.
    this.octets =
      octets.constructor === Uint8Array ? octets : new Uint8Array(octets.buffer, octets.byteOffset, octets.length);
  }

  u16(): number {
    const { at, octets } = this;
    this.skip(2);
    return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
  }

  u32(): number {
    const { at, octets } = this;
    this.skip(4);
    const high = ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
    return high * 0x1_00_00 + (((octets[at + 2] ?? 0) << 8) | (octets[at + 3] ?? 0));
  }

  skip(length: number): void {
    if (this.at + length > this.octets.length) throw new WireError("truncated", this.octets.length);
    this.at += length;
  }

  /** A copy of the next octets; several may lie in one allocation. */
  copy(length: number): Uint8Array {
    const { at } = this;
    this.skip(length);
    if (length > ownOctetsMax) return this.#copyShared(at, length);
    if (length > loopedOctetsMax) return this.octets.slice(at, this.at);
    const copied = new Uint8Array(length);
    for (let index = 0; index < length; index += 1) copied[index] = this.octets[at + index] ?? 0;
    return copied;
  }

  /** A message of hundreds of signatures is cheap to read only if each does not cost an allocation of its own. */
  #copyShared(at: number, length: number): Uint8Array {
    if (at < this.#sharedAt || at + length > this.#sharedAt + this.#shared.length) {
      this.#shared = this.octets.slice(at, at + Math.max(length, sharedOctetsMax));
      this.#sharedAt = at;
    }
    return new Uint8Array(this.#shared.buffer, at - this.#sharedAt, length);
  }

  /** A name, its pointers followed (RFC 1035 §4.1.4). */
  name(): Name {
    const { at, octets } = this;
    const first = octets[at] ?? 0;
    if (first < 0xc0) return this.#remember(at, this.#spell());
    const known = this.#recall(((first & 0x3f) << 8) | (octets[at + 1] ?? 0));
    if (known === undefined || at + 1 >= octets.length) return this.#spell();
    this.at += 2;
    return known;
  }

  #remember(offset: number, name: Name): Name {
    if (this.#names.length < rememberedNamesMax) {
      this.#offsets.push(offset);
      this.#names.push(name);
    }
    return name;
  }

  #recall(offset: number): Name | undefined {
    // By hand: `indexOf` takes longer than the few comparisons that there are.
    for (let index = 0; index < this.#offsets.length; index += 1) {
      if (this.#offsets[index] === offset) return this.#names[index];
    }
    return undefined;
  }

  #spell(): Name {
    const { octets } = this;
    let from = this.at;
    // Each pointer must lead before the run of labels that it ends: that is what makes every name finite.
    let run = from;
    let after = -1;
    let pointers = 0;
    let length = 0;
    for (;;) {
      const octet = octets[from];
      if (octet === undefined) throw new WireError("truncated", octets.length);
      if (octet === 0) break;
      if (octet <= labelOctetsMax) {
        const end = from + 1 + octet;
        if (end > octets.length) throw new WireError("truncated", octets.length);
        if (length + octet + 2 > nameOctetsMax) throw new WireError("name-too-long", from);
        for (; from < end; from += 1) scratch[length++] = octets[from] ?? 0;
      } else {
        if (after === -1) after = from + 2;
        pointers += 1;
        run = pointerTarget(octets, from, run, pointers);
        from = run;
      }
    }
    scratch[length] = 0;
    this.at = after === -1 ? from + 1 : after;
    return branded(scratch.slice(0, length + 1));
  }
}

function pointerTarget(octets: Uint8Array, from: number, run: number, pointers: number): number {
  const high = octets[from] ?? 0;
  if (high < 0xc0) throw new WireError("bad-label", from);
  const low = octets[from + 1];
  if (low === undefined) throw new WireError("truncated", octets.length);
  const target = ((high & 0x3f) << 8) | low;
  if (target >= run || target < headerOctets) throw new WireError("bad-pointer", from);
  if (pointers > pointersPerNameMax) throw new WireError("too-many-pointers", from);
  return target;
}
