import { concat } from "../../values/octets.ts";
import { canonicalName, nameFromOctets, type Name } from "../wire/name.ts";
import { rrclass } from "../wire/rrtype.ts";
import type { Signature, SignedRRset } from "./records.ts";

const asterisk = 0x2a;

/** How many labels a name has as an RRSIG counts them: without the root and without `*` in front (RFC 4034 §3.1.3). */
export function signedLabels(name: Name): number {
  const wildcard = isWildcard(name) ? 1 : 0;
  return labelCount(name) - wildcard;
}

/**
 * The owner that was signed (RFC 4035 §5.3.2): the name itself, or the wildcard that it was made from when the signature
 * has fewer labels. `undefined` when it has more than the name.
 */
export function signedOwner(name: Name, labels: number): { owner: Name; wildcard: Name | null } | undefined {
  const own = signedLabels(name);
  if (labels > own) return undefined;
  const canonical = canonicalName(name);
  if (labels === own) return { owner: canonical, wildcard: null };
  let at = 0;
  for (let left = labelCount(name); left > labels; left -= 1) at += 1 + (canonical[at] ?? 0);
  const wildcard = nameFromOctets(concat(Uint8Array.of(1, asterisk), canonical.subarray(at)));
  return wildcard === undefined ? undefined : { owner: wildcard, wildcard };
}

function isWildcard(name: Name): boolean {
  return name[0] === 1 && name[1] === asterisk;
}

function labelCount(name: Name): number {
  let count = 0;
  for (let at = 0; (name[at] ?? 0) !== 0; at += 1 + (name[at] ?? 0)) count += 1;
  return count;
}

/** The octets that a signature is over (RFC 4034 §3.1.8.1), `owner` being the one that was signed, in lower case. */
export function signedData(rrset: SignedRRset, signature: Signature, owner: Name): Uint8Array {
  const { head, originalTtl } = signature;
  const { type } = rrset;
  const ttl = [originalTtl >>> 24, originalTtl >>> 16, originalTtl >>> 8, originalTtl] as const;
  const fields = Uint8Array.of(type >> 8, type, 0, rrclass.IN, ...ttl);
  let length = head.length;
  for (const rdata of rrset.rdata) length += owner.length + fields.length + 2 + rdata.length;
  const data = new Uint8Array(length);
  let at = put(data, head, 0);
  for (const rdata of rrset.rdata) {
    at = put(data, owner, at);
    at = put(data, fields, at);
    data[at] = rdata.length >> 8;
    data[at + 1] = rdata.length;
    at = put(data, rdata, at + 2);
  }
  return data;
}

/** Up to so many octets a loop copies faster than `set` does. */
const loopedOctetsMax = 32;

/** Copies octets to `at`, and returns where they end. */
function put(data: Uint8Array, octets: Uint8Array, at: number): number {
  if (octets.length > loopedOctetsMax) data.set(octets, at);
  // oxlint-disable-next-line eslint/no-param-reassign -- these octets are what is being put together
  else for (let index = 0; index < octets.length; index += 1) data[at + index] = octets[index] ?? 0;
  return at + octets.length;
}
