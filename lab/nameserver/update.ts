import { isWithin, sameName } from "../../src/dns/wire/name.ts";
import { canonicalRdata } from "../../src/dns/wire/rdata.ts";
import type { Message, ResourceRecord } from "../../src/dns/wire/record.ts";
import { rcode, rrclass, rrtype } from "../../src/dns/wire/rrtype.ts";
import { WireError } from "../../src/dns/wire/wire-error.ts";
import { equalOctets } from "../../src/values/octets.ts";
import { keyOf, nextVersion, rrsetAt, rrsetsAt, type Zone, type ZoneRRset } from "./zone.ts";

export interface Updated {
  readonly rcode: number;
  /** The same object where nothing changed. */
  readonly zone: Zone;
}

/** Applies an UPDATE whole or not at all (RFC 2136 §3): its prerequisites, then its form, then its changes in order. */
export function applyUpdate(zone: Zone, { question, answer, authority }: Message): Updated {
  try {
    const refused =
      zoneSection(zone, question) ??
      firstOf(answer, (record) => prerequisite(zone, record)) ??
      exactSets(zone, answer) ??
      firstOf(authority, (record) => form(zone, record));
    if (refused !== undefined) return { rcode: refused, zone };
    let rrsets = zone.rrsets;
    for (const record of authority) rrsets = change({ ...zone, rrsets }, record);
    return { rcode: rcode.NOERROR, zone: rrsets === zone.rrsets ? zone : nextVersion(zone, rrsets) };
  } catch (error) {
    if (error instanceof WireError) return { rcode: rcode.FORMERR, zone };
    throw error;
  }
}

function firstOf(records: readonly ResourceRecord[], check: (record: ResourceRecord) => number | undefined) {
  for (const record of records) {
    const refused = check(record);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function zoneSection(zone: Zone, question: Message["question"]): number | undefined {
  const [asked] = question;
  if (asked === undefined || question.length > 1 || asked.type !== rrtype.SOA) return rcode.FORMERR;
  return asked.class === rrclass.IN && sameName(asked.name, zone.name) ? undefined : rcode.NOTAUTH;
}

/** RFC 2136 §3.2.5, but for RRsets with their data: see {@link exactSets}. */
function prerequisite(zone: Zone, { name, type, class: ofClass, ttl, rdata }: ResourceRecord): number | undefined {
  if (ttl !== 0) return rcode.FORMERR;
  if (!isWithin(name, zone.name)) return rcode.NOTZONE;
  if (ofClass === rrclass.IN) return undefined;
  if ((ofClass !== rrclass.ANY && ofClass !== rrclass.NONE) || rdata.length > 0) return rcode.FORMERR;
  const mustBe = ofClass === rrclass.ANY;
  if (type === rrtype.ANY) {
    if (rrsetsAt(zone, name).length > 0 === mustBe) return undefined;
    return mustBe ? rcode.NXDOMAIN : rcode.YXDOMAIN;
  }
  if ((rrsetAt(zone, name, type) !== undefined) === mustBe) return undefined;
  return mustBe ? rcode.NXRRSET : rcode.YXRRSET;
}

/** Each RRset that a prerequisite gives with its data must stand exactly so, whatever its TTL (RFC 2136 §2.4.2). */
function exactSets(zone: Zone, records: readonly ResourceRecord[]): number | undefined {
  const given = records.filter((record) => record.class === rrclass.IN);
  const sets = Map.groupBy(given, ({ name, type }) => keyOf(name, type));
  for (const [key, members] of sets) {
    const stands = zone.rrsets.get(key)?.rdata ?? [];
    const expected = members.map(({ type, rdata }) => canonicalRdata(type, rdata));
    if (!holdsAll(stands, expected) || !holdsAll(expected, stands)) return rcode.NXRRSET;
  }
  return undefined;
}

function holdsAll(all: readonly Uint8Array[], some: readonly Uint8Array[]): boolean {
  return some.every((octets) => all.some((other) => equalOctets(octets, other)));
}

/** RFC 2136 §3.4.1.3: looked at for all records before any is applied. */
function form(zone: Zone, { name, type, class: ofClass, ttl, rdata }: ResourceRecord): number | undefined {
  if (!isWithin(name, zone.name)) return rcode.NOTZONE;
  // 128 to 255 are questions and meta data (RFC 6895 §3.1); ANY may be deleted.
  const isMeta = type >= 128 && type <= 255;
  if (ofClass === rrclass.IN) return isMeta || rdata.length === 0 ? rcode.FORMERR : undefined;
  if (ttl !== 0) return rcode.FORMERR;
  if (ofClass === rrclass.ANY) return rdata.length > 0 || (isMeta && type !== rrtype.ANY) ? rcode.FORMERR : undefined;
  return ofClass === rrclass.NONE && !isMeta ? undefined : rcode.FORMERR;
}

type RRsets = ReadonlyMap<string, ZoneRRset>;

/** What the server itself answers for at the top of its zone, and what its signer makes, wherever it stands. */
const ownAtApex = new Set<number>([rrtype.SOA, rrtype.NS, rrtype.DNSKEY]);
const ownOfSigner = new Set<number>([rrtype.RRSIG, rrtype.NSEC]);

/** RFC 2136 §3.4.2.7. The zone's own SOA, NS, keys and signatures are left alone: nobody in the lab changes them. */
function change(zone: Zone, record: ResourceRecord): RRsets {
  const isApex = sameName(record.name, zone.name);
  const isOwn = (type: number) => ownOfSigner.has(type) || (isApex && ownAtApex.has(type));
  if (isOwn(record.type)) return zone.rrsets;
  if (record.class === rrclass.IN) return add(zone, record);
  if (record.class === rrclass.NONE) return removeRecord(zone, record);
  const gone = rrsetsAt(zone, record.name)
    .filter(({ type }) => (record.type === rrtype.ANY || record.type === type) && !isOwn(type))
    .map(({ name, type }) => keyOf(name, type));
  return gone.length === 0 ? zone.rrsets : without(zone.rrsets, gone);
}

function add(zone: Zone, { name, type, ttl, rdata }: ResourceRecord): RRsets {
  // An alias and other data never stand together: what comes second is left out (RFC 2136 §3.4.2.2).
  const isAlias = type === rrtype.CNAME;
  if (rrsetsAt(zone, name).some((other) => (other.type === rrtype.CNAME) !== isAlias)) return zone.rrsets;
  const added = canonicalRdata(type, rdata);
  const stands = rrsetAt(zone, name, type);
  if (stands?.ttl === ttl && holdsAll(stands.rdata, [added])) return zone.rrsets;
  const others = isAlias ? [] : (stands?.rdata ?? []).filter((octets) => !equalOctets(octets, added));
  return new Map(zone.rrsets).set(keyOf(name, type), { name, type, ttl, rdata: [...others, added] });
}

function removeRecord(zone: Zone, { name, type, rdata }: ResourceRecord): RRsets {
  const stands = rrsetAt(zone, name, type);
  const removed = canonicalRdata(type, rdata);
  const left = stands?.rdata.filter((octets) => !equalOctets(octets, removed)) ?? [];
  const key = keyOf(name, type);
  if (stands === undefined || left.length === stands.rdata.length) return zone.rrsets;
  return left.length === 0 ? without(zone.rrsets, [key]) : new Map(zone.rrsets).set(key, { ...stands, rdata: left });
}

function without(rrsets: RRsets, keys: readonly string[]): RRsets {
  return new Map([...rrsets].filter(([key]) => !keys.includes(key)));
}
