import { layoutOf, nameBounds } from "./layout.ts";
import { messageOctetsMax, pointerOffsetMax } from "./limits.ts";
import { branded, type Name } from "./name.ts";
import { WireError } from "./wire-error.ts";

// One message is built at a time, synchronously, and copied out when it is done.
const buffer = new Uint8Array(messageOctetsMax);

/*
 * Where each suffix of a written name stands: a hash table that is emptied by counting its generation up. A slot holds
 * generation * 2^14 + offset. A full neighbourhood only means a suffix that is not compressed.
 */
const slotCount = 4096;
const probesMax = 8;
const generationMax = 2 ** 18 - 1;
const slots = new Uint32Array(slotCount);
let generation = 0;

const labelsMax = 128;
const labelStarts = new Uint8Array(labelsMax);
const suffixHashes = new Uint32Array(labelsMax);

/** Writes a message from front to back. @throws WireError "message-too-long" rather than write past 65535 octets. */
export class WireWriter {
  at = 0;
  #lastOwner: Name | undefined;
  #lastOwnerAt = 0;

  constructor() {
    generation += 1;
    if (generation > generationMax) {
      slots.fill(0);
      generation = 1;
    }
  }

  /** A copy of all that was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return buffer.slice(0, this.at);
  }

  u16(value: number): void {
    const at = this.#advance(2);
    buffer[at] = value >> 8;
    buffer[at + 1] = value;
  }

  u32(value: number): void {
    this.u16(Math.floor(value / 0x1_00_00));
    this.u16(value % 0x1_00_00);
  }

  octets(octets: Uint8Array): void {
    this.#copy(octets, 0, octets.length);
  }

  /** An owner name. The same name again, as the records of one RRset have it, costs a comparison. */
  owner(name: Name): void {
    if (name === this.#lastOwner) {
      this.u16(0xc0_00 | this.#lastOwnerAt);
      return;
    }
    const at = this.name(name);
    if (name.length > 1 && at <= pointerOffsetMax) {
      this.#lastOwner = name;
      this.#lastOwnerAt = at;
    }
  }

  /**
   * A name, compressed against the names before it; returns where it stands in full. Case is kept, so only octets that
   * are the same are shared.
   */
  name(name: Name): number {
    const start = this.at;
    const labels = hashSuffixes(name);
    for (let label = 0; label < labels; label += 1) {
      const from = labelStarts[label] ?? 0;
      const found = this.#seek(name, from, suffixHashes[label] ?? 0, start);
      if (found !== -1) {
        this.u16(0xc0_00 | found);
        return label === 0 ? found : start;
      }
      this.#copy(name, from, from + 1 + (name[from] ?? 0));
    }
    this.#copy(name, name.length - 1, name.length);
    return start;
  }

  /** RDLENGTH and RDATA; names inside are compressed for the types of RFC 1035 alone (RFC 3597 §4). */
  rdata(type: number, rdata: Uint8Array): void {
    const lengthAt = this.#advance(2);
    const layout = layoutOf(type);
    // Empty RDATA is how an UPDATE says "any" or "none" (RFC 2136 §2.4 and §2.5).
    if (layout?.compress === true && rdata.length > 0) {
      const bounds = nameBounds(layout, rdata);
      if (bounds === undefined) throw new WireError("bad-rdata", lengthAt);
      this.#copy(rdata, 0, bounds[0] ?? 0);
      for (let name = 0; name < layout.names; name += 1) {
        this.name(branded(rdata.subarray(bounds[name], bounds[name + 1])));
      }
      this.#copy(rdata, bounds[layout.names] ?? 0, rdata.length);
    } else {
      this.#copy(rdata, 0, rdata.length);
    }
    const length = this.at - lengthAt - 2;
    buffer[lengthAt] = length >> 8;
    buffer[lengthAt + 1] = length;
  }

  #advance(length: number): number {
    const { at } = this;
    if (at + length > messageOctetsMax) throw new WireError("message-too-long", at);
    this.at = at + length;
    return at;
  }

  #copy(octets: Uint8Array, start: number, end: number): void {
    let at = this.#advance(end - start);
    for (let from = start; from < end; from += 1) buffer[at++] = octets[from] ?? 0;
  }

  /**
   * Where the suffix of `name` at `from` stands before `start`; -1 if nowhere, and then it is noted as standing here.
   * The name that began at `start` is not whole yet, so nothing is compared with it.
   */
  #seek(name: Name, from: number, hash: number, start: number): number {
    let slot = hash % slotCount;
    for (let probe = 0; probe < probesMax; probe += 1) {
      const value = slots[slot] ?? 0;
      if (value >>> 14 !== generation) {
        if (this.at <= pointerOffsetMax) slots[slot] = generation * 2 ** 14 + this.at;
        return -1;
      }
      const offset = value & pointerOffsetMax;
      if (offset < start && isWrittenAt(offset, name, from)) return offset;
      slot = (slot + 1) % slotCount;
    }
    return -1;
  }
}

/** Fills the starts of the labels and the hash of the suffix at each; returns how many labels there are. */
function hashSuffixes(name: Name): number {
  let labels = 0;
  for (let at = 0; (name[at] ?? 0) !== 0; at += 1 + (name[at] ?? 0)) labelStarts[labels++] = at;
  let hash = 5381;
  let end = name.length - 1;
  for (let label = labels - 1; label >= 0; label -= 1) {
    const start = labelStarts[label] ?? 0;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 33) ^ (name[at] ?? 0)) >>> 0;
    suffixHashes[label] = hash ^ (hash >>> 15);
    end = start;
  }
  return labels;
}

/** Whether the name written at `offset`, its own pointers followed, is octet for octet the suffix of `name`. */
function isWrittenAt(offset: number, name: Name, from: number): boolean {
  let at = offset;
  for (let index = from; index < name.length;) {
    let length = buffer[at] ?? 0;
    while (length >= 0xc0) {
      at = ((length & 0x3f) << 8) | (buffer[at + 1] ?? 0);
      length = buffer[at] ?? 0;
    }
    for (const end = index + 1 + length; index < end; index += 1, at += 1) {
      if (buffer[at] !== name[index]) return false;
    }
  }
  return true;
}
