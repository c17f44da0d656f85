import { ipv4FromText, ipv6FromText } from "../../src/dns/wire/address.ts";
import { canonicalText, isWithin, type Name, nameFromText, nameToText, sameName } from "../../src/dns/wire/name.ts";
import { rdataFromText, soaSerial } from "../../src/dns/wire/rdata.ts";
import type { ResourceRecord } from "../../src/dns/wire/record.ts";
import { rrclass, rrtype, typeFromText } from "../../src/dns/wire/rrtype.ts";
import { fromHex } from "../../src/values/octets.ts";

export interface ZoneRRset {
  readonly name: Name;
  readonly type: number;
  /** Seconds. */
  readonly ttl: number;
  /** Never empty. */
  readonly rdata: readonly Uint8Array[];
}

/** One version of a zone; a change makes another. NSEC and RRSIG are not among its RRsets: its signer makes them. */
export interface Zone {
  readonly name: Name;
  readonly rrsets: ReadonlyMap<string, ZoneRRset>;
  /** `null`: the zone is unsigned. */
  readonly signer: ZoneSigner | null;
}

/** Signs what one zone publishes. */
export interface ZoneSigner {
  /** The RDATA of the RRSIG over it (RFC 4034 §3); the same as before for the same object. */
  sign(rrset: ZoneRRset): Uint8Array;
}

export interface ZoneText {
  readonly name: string;
  /** Their names, with the address of each. */
  readonly nameservers: { readonly [name: string]: string };
  readonly records: readonly RecordText[];
}

interface RecordText {
  readonly name: string;
  /** Mnemonic. */
  readonly type: string;
  readonly ttl: number;
  /** Master-file text, one a record. */
  readonly data: readonly string[];
}

/** An unsigned zone of serial 1 with SOA, NS and the records; names that lie outside of it are an error of the caller. */
export function zoneFromText(text: ZoneText): Zone {
  const name = nameOf(text.name);
  const names = Object.keys(text.nameservers);
  const soa = `${names[0] ?? text.name} hostmaster.${text.name} 1 ${soaTimes.join(" ")}`;
  const glue = Object.entries(text.nameservers)
    .filter(([server]) => isWithin(nameOf(server), name))
    .map(([server, address]) => ({ name: server, type: addressType(address), ttl: 3600, data: [address] }));
  const records: readonly RecordText[] = [
    { name: text.name, type: "SOA", ttl: 3600, data: [soa] },
    { name: text.name, type: "NS", ttl: 3600, data: names },
    ...glue,
    ...text.records,
  ];
  const rrsets = records.map(rrsetOf);
  const outside = rrsets.find((rrset) => !isWithin(rrset.name, name));
  if (outside !== undefined) throw new Error(`${nameToText(outside.name)} is not in the zone ${text.name}`);
  return { name, rrsets: new Map(rrsets.map((rrset) => [keyOf(rrset.name, rrset.type), rrset])), signer: null };
}

/** The records of an RRset, under this owner and with this TTL. */
export function recordsOf(
  { type, rdata }: Pick<ZoneRRset, "type" | "rdata">,
  { name, ttl }: Pick<ResourceRecord, "name" | "ttl">,
): readonly ResourceRecord[] {
  return rdata.map((octets) => ({ name, type, class: rrclass.IN, ttl, rdata: octets }));
}

/** Under what an RRset stands in {@link Zone}: its owner in lower case, and its type. */
export function keyOf(name: Name, type: number): string {
  return `${canonicalText(name)} ${type}`;
}

export function rrsetAt(zone: Zone, name: Name, type: number): ZoneRRset | undefined {
  return zone.rrsets.get(keyOf(name, type));
}

/** All RRsets that the name owns. */
export function rrsetsAt(zone: Zone, name: Name): readonly ZoneRRset[] {
  return [...zone.rrsets.values()].filter((rrset) => sameName(rrset.name, name));
}

/** Whether the name is in the zone: with data, or with names below it alone (RFC 4592 §2.2.2). */
export function exists(zone: Zone, name: Name): boolean {
  return [...zone.rrsets.values()].some((rrset) => isWithin(rrset.name, name));
}

/** The name at or above this one where the zone ends because another begins (RFC 1034 §4.2.1). */
export function cutAbove(zone: Zone, name: Name): Name | undefined {
  const cuts = [...zone.rrsets.values()].filter(
    (rrset) => rrset.type === rrtype.NS && !sameName(rrset.name, zone.name) && isWithin(name, rrset.name),
  );
  // A cut below another is none of this zone's.
  return cuts.toSorted((a, b) => a.name.length - b.name.length)[0]?.name;
}

/** The SOA of the zone, and its RDATA by itself. */
export function soaOf(zone: Zone): ZoneRRset & { readonly soa: Uint8Array } {
  const rrset = rrsetAt(zone, zone.name, rrtype.SOA);
  const soa = rrset?.rdata[0];
  if (rrset === undefined || soa === undefined) throw new Error("a zone has an SOA");
  return { ...rrset, soa };
}

export function serialOf(zone: Zone): number {
  return soaSerial(soaOf(zone).soa);
}

/** The zone with other RRsets, and with the next serial (RFC 1982 §3.1); 0 is left out, as servers do. */
export function nextVersion(zone: Zone, rrsets: ReadonlyMap<string, ZoneRRset>): Zone {
  const { soa, ...rrset } = soaOf(zone);
  const octets = soa.slice();
  const serial = (serialOf(zone) + 1) >>> 0;
  // The serial is the first of the five numbers that end an SOA (RFC 1035 §3.3.13).
  new DataView(octets.buffer).setUint32(octets.length - 20, serial === 0 ? 1 : serial);
  return { ...zone, rrsets: new Map(rrsets).set(keyOf(zone.name, rrtype.SOA), { ...rrset, rdata: [octets] }) };
}

/** Refresh, retry, expire, and how long a negative answer is kept (RFC 2308 §4); in seconds. */
const soaTimes = [60, 10, 3600, 2] as const;

function rrsetOf({ name, type, ttl, data }: RecordText): ZoneRRset {
  const code = typeFromText(type);
  const rdata = data.map((text) => fromHex(rdataFromText(type, text) ?? "-"));
  if (code === undefined || rdata.length === 0) throw new Error(`${name} ${type} has no data`);
  return {
    name: nameOf(name),
    type: code,
    ttl,
    rdata: rdata.map((octets, index) => octets ?? unreadable(data[index])),
  };
}

function unreadable(text: string | undefined): never {
  throw new Error(`${text ?? ""} is not data of its type`);
}

function addressType(address: string): "A" | "AAAA" {
  if (ipv4FromText(address) !== undefined) return "A";
  if (ipv6FromText(address) !== undefined) return "AAAA";
  throw new Error(`${address} is not an IP address`);
}

/** @throws Error where the text is no name. */
export function nameOf(text: string): Name {
  const name = nameFromText(text);
  if (name === undefined) throw new Error(`${text} is not a domain name`);
  return name;
}
