import { invariant } from "../values/invariant.ts";
import { concat, fromHex, toHex } from "../values/octets.ts";
import { asSha256, sha256, type Sha256 } from "../values/sha256.ts";
import { LevelHashes } from "./level-hashes.ts";
import { nodeHash } from "./node-hash.ts";

const leafPrefix = Uint8Array.of(0x00);

/** SHA-256(0x00, octets): the hash of a leaf (RFC 6962 §2.1, RFC 9162 §2.1.1). */
export function leafHash(octets: Uint8Array): Sha256 {
  return sha256(concat(leafPrefix, octets));
}

/** The root of no leaves: SHA-256 of nothing. */
export const emptyRoot: Sha256 = sha256(new Uint8Array());

/**
 * The Merkle tree of RFC 6962 §2.1 (RFC 9162 §2.1), grown leaf by leaf. It keeps the hash of every complete subtree,
 * 64 octets a leaf, so that an append costs one hash or two, and a root or a proof at any earlier size O(log n).
 */
export class MerkleTree {
  /** Level k holds the hashes of the complete subtrees of 2^k leaves, from the left. */
  readonly #levels: LevelHashes[] = [];
  /** Of the present size, once it was asked for. */
  #root: Sha256 | undefined;

  get size(): number {
    return this.#levels[0]?.length ?? 0;
  }

  /** Adds a leaf by its hash ({@link leafHash}) at index `size`. */
  append(leaf: Sha256): void {
    this.#root = undefined;
    let hash: Uint8Array = octetsOf(leaf);
    for (let level = 0; ; level += 1) {
      const hashes = this.#level(level);
      hashes.push(hash);
      if (hashes.length % 2 === 1) return;
      hash = nodeHash(hashes.at(hashes.length - 2), hashes.at(hashes.length - 1));
    }
  }

  /** Takes away the newest leaves, down to `size`: for an append that did not become durable. */
  truncate(size: number): void {
    invariant(size >= 0 && size <= this.size, "a tree is cut to a size that it has had");
    this.#root = undefined;
    let complete = size;
    for (const hashes of this.#levels) {
      hashes.truncate(complete);
      complete = Math.floor(complete / 2);
    }
  }

  leaf(index: number): Sha256 {
    invariant(index >= 0 && index < this.size, "a leaf lies in the tree");
    return digestOf(this.#level(0).at(index));
  }

  root(): Sha256 {
    this.#root ??= this.rootAt(this.size);
    return this.#root;
  }

  /** The root when the tree had `size` leaves, 0 to the present size. */
  rootAt(size: number): Sha256 {
    this.#checkSize(size);
    return size === 0 ? emptyRoot : digestOf(this.#range(0, size));
  }

  /** Proves that leaf `index` is in the tree of `size` leaves: the audit path of RFC 9162 §2.1.3.1, lowest first. */
  inclusionProof(index: number, size: number): readonly Sha256[] {
    this.#checkSize(size);
    invariant(index >= 0 && index < size, "a leaf is proven in a tree that has it");
    const path: Uint8Array[] = [];
    let start = 0;
    let end = size;
    while (end - start > 1) {
      const middle = start + splitOf(end - start);
      if (index < middle) {
        path.push(this.#range(middle, end));
        end = middle;
      } else {
        path.push(this.#range(start, middle));
        start = middle;
      }
    }
    return path.toReversed().map(digestOf);
  }

  /** Proves that the tree of `older` leaves, 1 or more, is the beginning of that of `newer` (RFC 9162 §2.1.4.1). */
  consistencyProof(older: number, newer: number): readonly Sha256[] {
    this.#checkSize(newer);
    invariant(older >= 1 && older <= newer, "consistency is proven from a tree of one leaf or more to a later one");
    const path: Uint8Array[] = [];
    let start = 0;
    let end = newer;
    while (end !== older) {
      const middle = start + splitOf(end - start);
      if (older <= middle) {
        path.push(this.#range(middle, end));
        end = middle;
      } else {
        path.push(this.#range(start, middle));
        start = middle;
      }
    }
    // The verifier knows the older root: where that is the whole of this subtree, it need not be told.
    if (start > 0) path.push(this.#range(start, end));
    return path.toReversed().map(digestOf);
  }

  #level(level: number): LevelHashes {
    const known = this.#levels[level];
    if (known !== undefined) return known;
    const made = new LevelHashes();
    this.#levels.push(made);
    return made;
  }

  /** The hash of leaves `start` to `end`; `start` is a multiple of the least power of two that holds the range. */
  #range(start: number, end: number): Uint8Array {
    const count = end - start;
    const level = Math.ceil(Math.log2(count));
    if (2 ** level === count) return this.#level(level).at(start / count);
    const middle = start + splitOf(count);
    return nodeHash(this.#range(start, middle), this.#range(middle, end));
  }

  #checkSize(size: number): void {
    invariant(
      Number.isSafeInteger(size) && size >= 0 && size <= this.size,
      "a tree is asked for a size that it has had",
    );
  }
}

/** The largest power of two below `count`, which is 2 or more: where RFC 9162 §2.1.1 splits a tree. */
function splitOf(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}

function octetsOf(digest: Sha256): Uint8Array {
  const octets = fromHex(digest);
  invariant(octets?.length === 32, "a digest has 32 octets");
  return octets;
}

function digestOf(octets: Uint8Array): Sha256 {
  return asSha256(toHex(octets));
}
