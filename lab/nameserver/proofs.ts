import type { Name } from "../../src/dns/wire/name.ts";
import { rrtype } from "../../src/dns/wire/rrtype.ts";
import { nsecChainOf } from "./denial.ts";
import type { Lookup } from "./lookup.ts";
import { rrsetAt, rrsetsAt, type Zone, type ZoneRRset } from "./zone.ts";

/**
 * The NSEC records that prove what the steps to an answer found not to be there (RFC 4035 §3.1.3), each once: that a name
 * has not the type, that there is no such name and no wildcard for it, that nothing stands closer than a wildcard.
 */
export function proofsOf(
  zone: Zone,
  steps: readonly { readonly name: Name; readonly found: Lookup }[],
): readonly ZoneRRset[] {
  const chain = nsecChainOf(zone);
  const proofs = steps.flatMap(({ name, found }) => {
    switch (found.kind) {
      case "referral":
        return [];
      case "no-name":
        return [chain.atOrBefore(name), chain.atOrBefore(found.wildcard)];
      case "no-data":
        return found.wildcard === undefined
          ? // That of a name which has only names below it is the one before: they come next.
            [chain.atOrBefore(name)]
          : [chain.atOrBefore(found.wildcard), chain.atOrBefore(name)];
      case "alias":
      case "data":
        return found.wildcard === undefined ? [] : [chain.atOrBefore(name)];
    }
  });
  return [...new Set(proofs)];
}

/** What the parent says of the security of a zone below it: its DS, or that there is none (RFC 4035 §3.1.4). */
export function delegationSecurity(zone: Zone, cut: Name): ZoneRRset {
  return rrsetAt(zone, cut, rrtype.DS) ?? nsecChainOf(zone).atOrBefore(cut);
}

/** What stands at a name and is none of the zone's RRsets, for who asks for that type: its NSEC, and its signatures. */
export function madeBySigner(zone: Zone, owner: Name, type: number): readonly ZoneRRset[] {
  const { signer } = zone;
  if (signer === null || (type !== rrtype.NSEC && type !== rrtype.RRSIG)) return [];
  const nsec = nsecChainOf(zone).at(owner);
  if (nsec === undefined) return [];
  if (type === rrtype.NSEC) return [nsec];
  const rdata = [...rrsetsAt(zone, owner), nsec].map((rrset) => signer.sign(rrset));
  return [{ name: nsec.name, type: rrtype.RRSIG, ttl: nsec.ttl, rdata }];
}
