import { fromHex, toHex } from "../values/octets.ts";
import { isSha256, type Sha256 } from "../values/sha256.ts";
import { nodeHash } from "./node-hash.ts";

/**
 * Whether `proof` shows that the leaf of hash `leaf` stands at `index` in the tree of `size` leaves with `root`
 * (RFC 9162 §2.1.3.2). Anything malformed is simply not a proof.
 */
export function verifyInclusion(
  leaf: string,
  index: number,
  size: number,
  proof: readonly string[],
  root: string,
): boolean {
  const first = digest(leaf);
  if (first === undefined || !isCount(index) || !isCount(size) || index >= size) return false;
  let place = index;
  let last = size - 1;
  let hash = first;
  for (const text of proof) {
    const sibling = digest(text);
    if (sibling === undefined || last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    place = half(place);
    last = half(last);
  }
  return last === 0 && toHex(hash) === root;
}

/** A tree's size and root, as a checkpoint or a head names them. */
export interface TreeHead {
  readonly size: number;
  readonly root: Sha256;
}

/**
 * Whether `proof` shows that the tree of `older` is the beginning of that of `newer` (RFC 9162 §2.1.4.2). An empty
 * older tree proves nothing and is refused, as the RFC does; equal sizes need equal roots and an empty proof.
 */
export function verifyConsistency(older: TreeHead, newer: TreeHead, proof: readonly string[]): boolean {
  if (!isCount(older.size) || !isCount(newer.size) || older.size < 1 || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root === newer.root && isSha256(older.root);
  // Where the older tree is complete its root is itself the first node of the path.
  const path = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof;
  const [first, ...rest] = path.map(digest);
  if (first === undefined) return false;
  let place = older.size - 1;
  let last = newer.size - 1;
  while (place % 2 === 1) {
    place = half(place);
    last = half(last);
  }
  let old = first;
  let hash = first;
  for (const sibling of rest) {
    if (sibling === undefined || last === 0) return false;
    if (place % 2 === 1 || place === last) {
      old = nodeHash(sibling, old);
      hash = nodeHash(sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    place = half(place);
    last = half(last);
  }
  return last === 0 && toHex(old) === older.root && toHex(hash) === newer.root;
}

function digest(text: string): Uint8Array | undefined {
  return isSha256(text) ? fromHex(text) : undefined;
}

// Not by shifts: those cut numbers to 32 bits.
function half(value: number): number {
  return Math.floor(value / 2);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isPowerOfTwo(value: number): boolean {
  let rest = value;
  while (rest % 2 === 0) rest = half(rest);
  return rest === 1;
}
