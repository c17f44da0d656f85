import { uncompressedNameEnd } from "./name.ts";
import { rrtype } from "./rrtype.ts";

/** Where the names of an RDATA stand, for the types that have names at all. */
export interface Layout {
  /** Octets before the first name. */
  readonly before: number;
  /** Character-strings between those and the first name (NAPTR). */
  readonly strings: number;
  readonly names: 1 | 2;
  /** Octets after the last name; -1: any number. */
  readonly after: number;
  /** Whether we may compress the names when sending: the types of RFC 1035 alone (RFC 3597 §4). */
  readonly compress: boolean;
  /** Whether a receiver expands compressed names: those, and the older ones that RFC 3597 §4 lists. */
  readonly expand: boolean;
  /** Whether the canonical form has the names in lower case (RFC 4034 §6.2, without NSEC: RFC 6840 §5.1). */
  readonly lower: boolean;
}

const anyNumber = -1;

// A6 has a name as well, and is left as it is: it is historic (RFC 6563) and nobody may publish it.
const layouts: (Layout | undefined)[] = [];
for (const type of [rrtype.NS, rrtype.MD, rrtype.MF, rrtype.CNAME, rrtype.MB, rrtype.MG, rrtype.MR, rrtype.PTR]) {
  layouts[type] = sentCompressed(0, 1, 0);
}
layouts[rrtype.SOA] = sentCompressed(0, 2, 20);
layouts[rrtype.MINFO] = sentCompressed(0, 2, 0);
layouts[rrtype.MX] = sentCompressed(2, 1, 0);
layouts[rrtype.RP] = receivedCompressed(0, 2, 0);
layouts[rrtype.AFSDB] = receivedCompressed(2, 1, 0);
layouts[rrtype.RT] = receivedCompressed(2, 1, 0);
layouts[rrtype.SIG] = receivedCompressed(18, 1, anyNumber);
layouts[rrtype.PX] = receivedCompressed(2, 2, 0);
layouts[rrtype.NXT] = receivedCompressed(0, 1, anyNumber);
layouts[rrtype.SRV] = receivedCompressed(6, 1, 0);
layouts[rrtype.NAPTR] = { ...receivedCompressed(4, 1, 0), strings: 3 };
layouts[rrtype.KX] = neverCompressed(2, 1, 0);
layouts[rrtype.DNAME] = neverCompressed(0, 1, 0);
layouts[rrtype.RRSIG] = neverCompressed(18, 1, anyNumber);
layouts[rrtype.NSEC] = { ...neverCompressed(0, 1, anyNumber), lower: false };
// RFC 9460 §2.2; newer than the list of RFC 4034 §6.2, so their case stays (RFC 3597 §7).
layouts[rrtype.SVCB] = { ...neverCompressed(2, 1, anyNumber), lower: false };
layouts[rrtype.HTTPS] = { ...neverCompressed(2, 1, anyNumber), lower: false };

/** The layout of a type's RDATA; `undefined` when it has no names. */
export function layoutOf(type: number): Layout | undefined {
  return type < layouts.length ? layouts[type] : undefined;
}

/** How long the RDATA of a type always is in class IN; `undefined` where that differs from record to record. */
export function fixedLength(type: number): number | undefined {
  if (type === rrtype.A) return 4;
  return type === rrtype.AAAA ? 16 : undefined;
}

/** Where the first name begins; past the end of `octets` when its strings do not fit. */
export function firstNameAt(layout: Layout, octets: Uint8Array, start: number): number {
  let at = start + layout.before;
  for (let string = 0; string < layout.strings; string += 1) at += 1 + (octets[at] ?? 0);
  return at;
}

/** Where each name begins, and where the last one ends, in uncompressed RDATA; `undefined` if it has not this layout. */
export function nameBounds(layout: Layout, rdata: Uint8Array): readonly number[] | undefined {
  let at = firstNameAt(layout, rdata, 0);
  const bounds = [at];
  for (let name = 0; name < layout.names; name += 1) {
    at = uncompressedNameEnd(rdata, at);
    if (at === -1) return undefined;
    bounds.push(at);
  }
  return layout.after === anyNumber || rdata.length - at === layout.after ? bounds : undefined;
}

function sentCompressed(before: number, names: 1 | 2, after: number): Layout {
  return { before, strings: 0, names, after, compress: true, expand: true, lower: true };
}

function receivedCompressed(before: number, names: 1 | 2, after: number): Layout {
  return { ...sentCompressed(before, names, after), compress: false };
}

function neverCompressed(before: number, names: 1 | 2, after: number): Layout {
  return { ...receivedCompressed(before, names, after), expand: false };
}
