import { compareNames } from "../../src/dns/dnssec/denial/canonical-order.ts";
import { concat } from "../../src/values/octets.ts";
import { canonicalName, canonicalText, type Name, nameToText, sameName } from "../../src/dns/wire/name.ts";
import { rrtype } from "../../src/dns/wire/rrtype.ts";
import { bitmapOfTypes } from "../../src/dns/wire/type-bitmap.ts";
import { cutAbove, rrsetsAt, soaOf, type Zone, type ZoneRRset } from "./zone.ts";

/** The NSEC chain of one version of a zone (RFC 4034 §4): one record for each name with data, in canonical order. */
export interface NsecChain {
  /** The NSEC that the name owns. */
  at(name: Name): ZoneRRset | undefined;
  /** The NSEC that the name owns, or where it owns none, the one that covers it: the last one before. */
  atOrBefore(name: Name): ZoneRRset;
}

const chains = new WeakMap<Zone, NsecChain>();

/** Made once for each version of a zone. */
export function nsecChainOf(zone: Zone): NsecChain {
  const known = chains.get(zone);
  if (known !== undefined) return known;
  const made = chainOf(nsecsOf(zone));
  chains.set(zone, made);
  return made;
}

function chainOf(nsecs: readonly ZoneRRset[]): NsecChain {
  return {
    at: (name) => nsecs.find((nsec) => sameName(nsec.name, name)),
    atOrBefore(name) {
      const found = nsecs.findLast((nsec) => compareNames(nsec.name, name) <= 0);
      if (found === undefined) throw new Error(`${nameToText(name)} is not in the zone`);
      return found;
    },
  };
}

function nsecsOf(zone: Zone): readonly ZoneRRset[] {
  const owners = new Map<string, Name>();
  for (const { name } of zone.rrsets.values()) {
    const cut = cutAbove(zone, name);
    // Glue is not the zone's own (RFC 4034 §4.1.1).
    if (cut === undefined || sameName(cut, name)) owners.set(canonicalText(name), canonicalName(name));
  }
  const names = [...owners.values()].toSorted(compareNames);
  const ttl = negativeTtl(zone);
  return names.map((name, index) => {
    const next = names[index + 1] ?? canonicalName(zone.name);
    return { name, type: rrtype.NSEC, ttl, rdata: [concat(next, bitmapOfTypes(typesAt(zone, name)))] };
  });
}

/** For how long an answer that something is not there may be kept, in seconds (RFC 2308 §3, RFC 9077 §3). */
export function negativeTtl(zone: Zone): number {
  const { ttl, soa } = soaOf(zone);
  const minimum = new DataView(soa.buffer, soa.byteOffset, soa.length).getUint32(soa.length - 4);
  return Math.min(ttl, minimum);
}

/** What the NSEC of a name lists: at a cut, only what the parent's side of it has (RFC 4035 §2.3). */
function typesAt(zone: Zone, name: Name): readonly number[] {
  const types = rrsetsAt(zone, name).map(({ type }) => type);
  const isCut = cutAbove(zone, name) !== undefined;
  const own = isCut ? types.filter((type) => type === rrtype.NS || type === rrtype.DS) : types;
  return [...own, rrtype.RRSIG, rrtype.NSEC];
}
