import { concat } from "../../values/octets.ts";
import { canonicalName, nameFromOctets, type Name } from "../wire/name.ts";
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
  let length = head.length;
  for (const rdata of rrset.rdata) length += owner.length + 10 + rdata.length;
  const data = new Uint8Array(length);
  const view = new DataView(data.buffer);
  data.set(head);
  let at = head.length;
  for (const rdata of rrset.rdata) {
    data.set(owner, at);
    at += owner.length;
    view.setUint16(at, rrset.type);
    view.setUint16(at + 2, 1);
    view.setUint32(at + 4, originalTtl);
    view.setUint16(at + 8, rdata.length);
    data.set(rdata, at + 10);
    at += 10 + rdata.length;
  }
  return data;
}
