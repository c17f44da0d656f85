import { concat } from "../../src/values/octets.ts";
import { nameFromOctets, parentOf, type Name } from "../../src/dns/wire/name.ts";
import { rrtype } from "../../src/dns/wire/rrtype.ts";
import { cutAbove, exists, rrsetsAt, type Zone, type ZoneRRset } from "./zone.ts";

/** What a zone has for one name and type (RFC 1034 §4.3.2 step 3). */
export type Lookup =
  | { readonly kind: "data"; readonly rrsets: readonly ZoneRRset[]; readonly wildcard: Name | undefined }
  | { readonly kind: "alias"; readonly rrset: ZoneRRset; readonly wildcard: Name | undefined }
  | { readonly kind: "no-data"; readonly wildcard: Name | undefined }
  /** `wildcard`: the one that would have answered, and is not there either. */
  | { readonly kind: "no-name"; readonly wildcard: Name }
  /** Another zone has it, which begins at `cut`. */
  | { readonly kind: "referral"; readonly cut: Name };

/** `extra`: RRsets of a name beside those of the zone itself, as its signer makes them. */
export function lookUp(
  zone: Zone,
  name: Name,
  type: number,
  extra: (owner: Name) => readonly ZoneRRset[] = () => [],
): Lookup {
  const cut = cutAbove(zone, name);
  // The DS of a cut is the parent's to answer, and nothing else there is (RFC 4035 §3.1.4.1).
  if (cut !== undefined && !(type === rrtype.DS && cut.length === name.length)) return { kind: "referral", cut };
  if (exists(zone, name)) return among([...rrsetsAt(zone, name), ...extra(name)], type, undefined);
  const wildcard = wildcardFor(zone, name);
  const rrsets = rrsetsAt(zone, wildcard);
  return rrsets.length === 0 ? { kind: "no-name", wildcard } : among([...rrsets, ...extra(wildcard)], type, wildcard);
}

function among(rrsets: readonly ZoneRRset[], type: number, wildcard: Name | undefined): Lookup {
  const found = rrsets.filter((rrset) => rrset.type === type || type === rrtype.ANY);
  if (found.length > 0) return { kind: "data", rrsets: found, wildcard };
  const alias = rrsets.find((rrset) => rrset.type === rrtype.CNAME);
  return alias === undefined ? { kind: "no-data", wildcard } : { kind: "alias", rrset: alias, wildcard };
}

/** The wildcard under the closest encloser of a name that is not in the zone (RFC 4592 §3.3.1). */
function wildcardFor(zone: Zone, name: Name): Name {
  let encloser = name;
  while (!exists(zone, encloser)) encloser = parentOf(encloser) ?? zone.name;
  const wildcard = nameFromOctets(concat(Uint8Array.of(1, 0x2a), encloser));
  if (wildcard === undefined) throw new Error("a name under which another one fits has room for a wildcard");
  return wildcard;
}
