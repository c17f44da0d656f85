import { createHash } from "node:crypto";
import { branded, type Name } from "../../wire/name.ts";
import { rrtype } from "../../wire/rrtype.ts";
import type { Nsec, Nsec3 } from "../records.ts";

/**
 * A zone as its operator knows it, and the chains that a signer makes of it: written apart from the code under test,
 * over labels and not over wire names, so that an error would have to be made twice.
 */
export interface ModelZone {
  /** From left to right, as are all names here. Labels are lower case. */
  readonly apex: Labels;
  /** Owner names with their types, by `keyOf`; the apex among them. Signatures and chains are not data. */
  readonly nodes: ReadonlyMap<string, ModelNode>;
  readonly denial: "nsec" | "nsec3";
  /** Which NSEC3 records have the flag: `span`: those alone that pass over an unsigned delegation. */
  readonly optOut: "none" | "span" | "all";
  readonly salt: Uint8Array;
  readonly iterations: number;
}

export type Labels = readonly string[];

export interface ModelNode {
  readonly name: Labels;
  readonly types: ReadonlySet<number>;
}

export function keyOf(name: Labels): string {
  return name.join(".");
}

export function wireOf(name: Labels): Name {
  const octets = name.flatMap((label) => [label.length, ...Buffer.from(label, "latin1")]);
  return branded(Uint8Array.from([...octets, 0]));
}

/** The name and each name above it, down to the apex, the longest first. */
export function upTo(name: Labels, apex: Labels): readonly Labels[] {
  return Array.from({ length: name.length - apex.length + 1 }, (_, count) => name.slice(count));
}

export function isCutNode(node: ModelNode | undefined): boolean {
  return node !== undefined && node.types.has(rrtype.NS) && !node.types.has(rrtype.SOA);
}

/** The highest cut or DNAME above a name: what is below is not this zone's (RFC 1034 §4.3.2, RFC 6672 §2.3). */
export function endAbove(zone: ModelZone, name: Labels): ModelNode | undefined {
  return upTo(name, zone.apex)
    .slice(1)
    .toReversed()
    .map((each) => zone.nodes.get(keyOf(each)))
    .find((node) => isCutNode(node) || node?.types.has(rrtype.DNAME));
}

/** Names that exist in the zone: those with data that are its own, and the empty ones above them. */
export function existing(zone: ModelZone): ReadonlyMap<string, ModelNode> {
  return withEmptyOnes(zone, ownNodes(zone));
}

/** Those of them that the chain has: opt-out leaves out unsigned delegations, and empty ones above nothing else. */
export function chained(zone: ModelZone): ReadonlyMap<string, ModelNode> {
  const left = zone.denial === "nsec" || zone.optOut === "none" ? [] : ownNodes(zone).filter(isUnsigned);
  return withEmptyOnes(
    zone,
    ownNodes(zone).filter((node) => !left.includes(node)),
  );
}

function ownNodes(zone: ModelZone): readonly ModelNode[] {
  return [...zone.nodes.values()].filter(({ name }) => endAbove(zone, name) === undefined);
}

function isUnsigned(node: ModelNode): boolean {
  return isCutNode(node) && !node.types.has(rrtype.DS);
}

function withEmptyOnes(zone: ModelZone, nodes: readonly ModelNode[]): ReadonlyMap<string, ModelNode> {
  const all = new Map(nodes.map((node) => [keyOf(node.name), node]));
  for (const name of nodes.flatMap((node) => upTo(node.name, zone.apex))) {
    if (!all.has(keyOf(name))) all.set(keyOf(name), { name, types: new Set() });
  }
  return all;
}

/** The NSEC chain (RFC 4034 §4): empty non-terminals have none. */
export function nsecChain(zone: ModelZone): readonly Nsec[] {
  const nodes = ownNodes(zone).toSorted((a, b) => inOrder(a.name, b.name));
  return nodes.map(({ name, types }, index) => ({
    owner: wireOf(name),
    next: wireOf(nodes[(index + 1) % nodes.length]?.name ?? zone.apex),
    types: new Set([...types, rrtype.RRSIG, rrtype.NSEC]),
  }));
}

function inOrder(a: Labels, b: Labels): number {
  const [x, y] = [a.toReversed(), b.toReversed()];
  const index = x.findIndex((label, at) => label !== y[at]);
  if (index === -1) return x.length - y.length;
  return index >= y.length ? 1 : Buffer.from(x[index] ?? "", "latin1").compare(Buffer.from(y[index] ?? "", "latin1"));
}

/** The NSEC3 chain (RFC 5155 §7.1). */
export function nsec3Chain(zone: ModelZone): readonly Nsec3[] {
  const names = chained(zone);
  const links = [...names.values()]
    .map((node) => ({ node, hash: hashOf(zone, node.name) }))
    .toSorted((a, b) => a.hash.compare(b.hash));
  const leftOut = [...existing(zone).values()].filter(({ name }) => !names.has(keyOf(name)));
  const passing = new Set(leftOut.map(({ name }) => spanOf(links, hashOf(zone, name))));
  return links.map((link, index) => ({
    owner: wireOf([link.hash.toString("latin1"), ...zone.apex]),
    hash: new Uint8Array(link.hash),
    zone: wireOf(zone.apex),
    algorithm: 1,
    optOut: zone.optOut === "all" || (zone.optOut === "span" && passing.has(link)),
    iterations: zone.iterations,
    salt: zone.salt,
    next: new Uint8Array(links[(index + 1) % links.length]?.hash ?? link.hash),
    types: new Set(link.node.types.size === 0 || isUnsigned(link.node) ? link.node.types : [...link.node.types, 46]),
  }));
}

/** Whether the span that a name's hash falls into has the flag. */
export function isPassedOver(zone: ModelZone, chain: readonly Nsec3[], name: Labels): boolean {
  return spanOf(chain, hashOf(zone, name))?.optOut ?? false;
}

function spanOf<Link extends { readonly hash: Uint8Array }>(links: readonly Link[], hash: Buffer): Link | undefined {
  return links.findLast((link) => hash.compare(link.hash) >= 0) ?? links.at(-1);
}

function hashOf(zone: ModelZone, name: Labels): Buffer {
  let digest: Uint8Array = wireOf(name);
  for (let round = 0; round <= zone.iterations; round += 1) {
    digest = createHash("sha1").update(digest).update(zone.salt).digest();
  }
  return Buffer.from(digest);
}
