import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat, fromHex, utf8 } from "../values/octets.ts";
import { sha256, type Sha256 } from "../values/sha256.ts";
import { emptyRoot, leafHash, MerkleTree } from "./tree.ts";
import { verifyConsistency, verifyInclusion } from "./verify-proof.ts";

/** The eight leaves and the roots that Certificate Transparency's reference code publishes as test vectors. */
const knownLeaves = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map((hex) => Uint8Array.fromHex(hex));
const knownRoots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const leavesOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, index) => utf8(`leaf ${index}`));

function treeOf(leaves: readonly Uint8Array[]): MerkleTree {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leafHash(leaf));
  return tree;
}

/** The definitions of RFC 6962 §2.1, written down as they stand there: MTH, PATH and SUBPROOF. */
const reference = {
  root(leaves: readonly Uint8Array[]): Sha256 {
    const [only] = leaves;
    if (only === undefined) return sha256(new Uint8Array());
    if (leaves.length === 1) return sha256(concat(Uint8Array.of(0), only));
    const k = split(leaves.length);
    return sha256(
      concat(Uint8Array.of(1), octets(reference.root(leaves.slice(0, k))), octets(reference.root(leaves.slice(k)))),
    );
  },
  path(index: number, leaves: readonly Uint8Array[]): Sha256[] {
    if (leaves.length === 1) return [];
    const k = split(leaves.length);
    return index < k
      ? [...reference.path(index, leaves.slice(0, k)), reference.root(leaves.slice(k))]
      : [...reference.path(index - k, leaves.slice(k)), reference.root(leaves.slice(0, k))];
  },
  subproof(older: number, leaves: readonly Uint8Array[], known: "known" | "unknown"): Sha256[] {
    if (older === leaves.length) return known === "known" ? [] : [reference.root(leaves)];
    const k = split(leaves.length);
    return older <= k
      ? [...reference.subproof(older, leaves.slice(0, k), known), reference.root(leaves.slice(k))]
      : [...reference.subproof(older - k, leaves.slice(k), "unknown"), reference.root(leaves.slice(0, k))];
  },
};

function split(count: number): number {
  let k = 1;
  while (2 * k < count) k *= 2;
  return k;
}

function octets(digest: Sha256): Uint8Array {
  return fromHex(digest) ?? new Uint8Array();
}

/** A size of up to 200 leaves, and two places in it. */
const places = fc
  .integer({ min: 1, max: 200 })
  .chain((size) =>
    fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 1, max: size })),
  );

describe("the Merkle tree (RFC 6962 §2.1)", () => {
  it("has the roots of Certificate Transparency's test vectors, at every size, then and later", () => {
    const tree = new MerkleTree();
    expect(tree.root()).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (const [index, leaf] of knownLeaves.entries()) {
      tree.append(leafHash(leaf));
      expect(tree.root()).toBe(knownRoots[index]);
    }
    expect(knownRoots.map((_, index) => tree.rootAt(index + 1))).toEqual(knownRoots);
    expect(tree.rootAt(0)).toBe(emptyRoot);
  });

  it("gives the inclusion and consistency proofs of those vectors", () => {
    const tree = treeOf(knownLeaves);
    expect(tree.inclusionProof(5, 8)).toEqual([
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    expect(tree.consistencyProof(6, 8)).toEqual([
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
  });

  it("agrees with the RFC's definitions at every size, and its proofs are accepted", () => {
    fc.assert(
      fc.property(places, ([size, index, older]) => {
        const leaves = leavesOf(size);
        const tree = treeOf([...leaves, ...leavesOf(9)]);
        const root = reference.root(leaves);
        expect(tree.rootAt(size)).toBe(root);
        const inclusion = tree.inclusionProof(index, size);
        expect(inclusion).toEqual(reference.path(index, leaves));
        expect(verifyInclusion(tree.leaf(index), index, size, inclusion, root)).toBe(true);
        const consistency = tree.consistencyProof(older, size);
        expect(consistency).toEqual(reference.subproof(older, leaves, "known"));
        expect(verifyConsistency({ size: older, root: tree.rootAt(older) }, { size, root }, consistency)).toBe(true);
      }),
    );
  });

  it("accepts no proof for another leaf, place, size or root, or with a hash changed, lost or added", () => {
    fc.assert(
      fc.property(places, fc.nat(), ([size, index, older], chance) => {
        const tree = treeOf(leavesOf(size));
        const root = tree.root();
        const wrong = sha256(utf8("wrong"));
        const proof = tree.inclusionProof(index, size);
        const leaf = tree.leaf(index);
        const without = proof.slice(1);
        const changed = proof.map((hash, at) => (at === chance % proof.length ? wrong : hash));
        const accepted = [
          verifyInclusion(wrong, index, size, proof, root),
          verifyInclusion(leaf, index, size, proof, wrong),
          verifyInclusion(leaf, index, size, [...proof, wrong], root),
          size > 1 && verifyInclusion(leaf, (index + 1) % size, size, proof, root),
          proof.length > 0 && verifyInclusion(leaf, index, size, without, root),
          proof.length > 0 && verifyInclusion(leaf, index, size, changed, root),
        ];
        expect(accepted).not.toContain(true);
        const before = { size: older, root: tree.rootAt(older) };
        const after = { size, root };
        const consistency = tree.consistencyProof(older, size);
        const spoiled = consistency.map((hash, at) => (at === chance % consistency.length ? wrong : hash));
        const agreed = [
          verifyConsistency({ size: older, root: wrong }, after, consistency),
          verifyConsistency(before, { size, root: wrong }, consistency),
          verifyConsistency(before, after, [...consistency, wrong]),
          consistency.length > 0 && verifyConsistency(before, after, spoiled),
          consistency.length > 0 && verifyConsistency(before, after, consistency.slice(0, -1)),
        ];
        expect(agreed).not.toContain(true);
      }),
    );
  });

  it("refuses malformed proofs without throwing", () => {
    const root = treeOf(leavesOf(3)).root();
    for (const [index, size] of [
      [-1, 3],
      [3, 3],
      [0.5, 3],
      [0, 0],
      [0, Number.NaN],
    ] as const) {
      expect(verifyInclusion(root, index, size, [], root)).toBe(false);
    }
    expect(verifyInclusion("not a digest", 0, 1, [], root)).toBe(false);
    expect(verifyInclusion(root, 0, 2, ["not a digest"], root)).toBe(false);
    expect(verifyConsistency({ size: 0, root: emptyRoot }, { size: 3, root }, [])).toBe(false);
    expect(verifyConsistency({ size: 4, root }, { size: 3, root }, [])).toBe(false);
    expect(verifyConsistency({ size: 2, root }, { size: 3, root }, ["not a digest"])).toBe(false);
  });

  it("is after a truncation as if the leaves had never been", () => {
    fc.assert(
      fc.property(places, ([size, kept]) => {
        const tree = treeOf(leavesOf(size));
        tree.truncate(kept);
        expect(tree.size).toBe(kept);
        for (const leaf of leavesOf(5)) tree.append(leafHash(leaf));
        expect(tree.root()).toBe(reference.root([...leavesOf(kept), ...leavesOf(5)]));
      }),
    );
  });
});
