import { isWithin, sameName, type Name } from "../dns/wire/name.ts";
import type { Message, ResourceRecord } from "../dns/wire/record.ts";
import { rcode, rcodeToText, rrclass, rrtype } from "../dns/wire/rrtype.ts";

/** Whether an answer may be believed as the zone's own, and what its sections say of the name. */
export type Authority =
  /** With authority for the zone. `records` are those of the answer section that the name itself owns. */
  | { readonly kind: "zone"; readonly records: readonly ResourceRecord[]; readonly soa: ResourceRecord | undefined }
  /** The name, or one above it, is delegated from the zone, or rewritten by a DNAME: what the zone holds there is hidden. */
  | { readonly kind: "cut"; readonly at: Name }
  | { readonly kind: "lame"; readonly code: string };

/**
 * Reads the header and the owners of an answer. An answer without authority is a referral or lame (RFC 1034 §4.3.1); a
 * negative answer names its zone by the SOA (RFC 2308 §3), and a zone above the one asked for, as a server gives it that
 * has lost the zone itself, is lame although its AA bit is set.
 */
export function authorityOf(message: Message, zone: Name, name: Name): Authority {
  const { flags } = message;
  if (flags.rcode !== rcode.NOERROR && flags.rcode !== rcode.NXDOMAIN)
    return { kind: "lame", code: rcodeToText(flags.rcode).toLowerCase() };
  if (!flags.aa) return withoutAuthority(message, zone, name);
  const hidden = message.answer.find(
    (record) => record.type === rrtype.DNAME && isAbove(record.name, name) && isWithin(record.name, zone),
  );
  if (hidden !== undefined) return { kind: "cut", at: hidden.name };
  const records = message.answer.filter((record) => record.class === rrclass.IN && sameName(record.name, name));
  const soa = message.authority.find((record) => record.class === rrclass.IN && record.type === rrtype.SOA);
  if (records.length > 0) return { kind: "zone", records, soa: undefined };
  if (soa === undefined) return { kind: "lame", code: "negative-without-soa" };
  if (sameName(soa.name, zone)) return { kind: "zone", records, soa };
  return isWithin(soa.name, zone) && isWithin(name, soa.name)
    ? { kind: "cut", at: soa.name }
    : { kind: "lame", code: "other-zone" };
}

function withoutAuthority(message: Message, zone: Name, name: Name): Authority {
  const delegation = message.authority.find((record) => record.type === rrtype.NS && isWithin(name, record.name));
  if (message.answer.length > 0 || delegation === undefined) return { kind: "lame", code: "not-authoritative" };
  const below = isWithin(delegation.name, zone) && !sameName(delegation.name, zone);
  return below ? { kind: "cut", at: delegation.name } : { kind: "lame", code: "referral" };
}

function isAbove(ancestor: Name, name: Name): boolean {
  return isWithin(name, ancestor) && !sameName(name, ancestor);
}
