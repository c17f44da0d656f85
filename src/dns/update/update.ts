import { fromHex, utf8 } from "../../values/octets.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { characterStringOctetsMax, ttlMax, udpPayloadOctets } from "../wire/limits.ts";
import { encodeMessage } from "../wire/message.ts";
import { canonicalText, isWithin, type Name, nameFromText, nameToText, rootName, sameName } from "../wire/name.ts";
import type { Flags, Message, ResourceRecord } from "../wire/record.ts";
import { opcode, rrclass, rrtype, typeFromText } from "../wire/rrtype.ts";

/** The data of an RRset: RDATA as hexadecimal, TTL in seconds. */
interface RRsetData {
  readonly ttl: number;
  readonly rdata: readonly string[];
}

export interface UpdateRRset {
  readonly name: string;
  /** Mnemonic. */
  readonly type: string;
  readonly before: RRsetData | "absent";
  readonly after: RRsetData | "absent";
}

/** A TXT that must hold `before` (null: must not exist) and is set to `after` in the same message. ASCII, at most 255. */
interface UpdateFence {
  readonly name: string;
  readonly before: string | null;
  readonly after: string;
}

export interface ZoneUpdate {
  readonly zone: string;
  readonly rrsets: readonly UpdateRRset[];
  readonly fences: readonly UpdateFence[];
}

/** Seconds that a resolver may keep a fence; nobody asks one for it, servers are read directly. */
const fenceTtl = 60;

/**
 * One UPDATE (RFC 2136) that is a compare-and-swap: the prerequisites are all the RRsets before (§2.4.2 and §2.4.3), so
 * the server changes everything or nothing. All deletions (§2.5.2) stand before all additions (§2.5.1), so that a CNAME
 * may take another record's place. An RRset is only removed, with nothing added, where its `after` is `absent` (N3).
 * TTLs are no part of a prerequisite (§1.1.1), so TTL drift is the reader's to find.
 *
 * @throws PointsmanError: `not-a-name`, `outside-the-zone`, `not-a-steered-type`, `bad-rrset`, `rrset-twice`,
 *   `nothing-to-change`; WireError "message-too-long" when it does not fit one message.
 */
export function buildUpdate(update: ZoneUpdate, id: number): Uint8Array<ArrayBuffer> {
  const zone = nameOf(update.zone);
  const changes = [...update.rrsets.map((rrset) => resolve(rrset, zone)), ...update.fences.map(fenceChange(zone))];
  if (update.rrsets.length === 0) throw refused("nothing-to-change", "The update names no RRset.", "Name one.");
  const seen = new Set<string>();
  for (const { name, type } of changes) {
    const key = `${canonicalText(name)} ${type}`;
    if (seen.has(key)) throw refused("rrset-twice", `The update changes ${key} twice.`, "Change each RRset once.");
    seen.add(key);
  }
  return encodeMessage({
    ...emptyMessage(id, opcode.UPDATE),
    question: [{ name: zone, type: rrtype.SOA, class: rrclass.IN }],
    answer: [...changes.flatMap(prerequisites), ...aliasGuards(changes)],
    authority: [...changes.flatMap(deletions), ...changes.flatMap(additions)],
  });
}

export interface QueryOptions {
  readonly id: number;
  /** `desired` of a resolver, `none` of an authoritative server. */
  readonly recursion: "desired" | "none";
  /** `send` asks for DNSSEC records with the answer (DO, RFC 3225). */
  readonly dnssec: "send" | "leave-out";
  /** `disabled` has a validating resolver answer what it would call bogus (CD, RFC 4035 §3.2.2). */
  readonly checking: "enabled" | "disabled";
}

/** A query with EDNS at our payload size; one question, as all servers expect. */
export function buildQuery(name: Name, type: number, options: QueryOptions): Uint8Array<ArrayBuffer> {
  const message = emptyMessage(options.id, opcode.QUERY);
  const flags: Flags = {
    ...message.flags,
    rd: options.recursion === "desired",
    cd: options.checking === "disabled",
  };
  const dnssecOk = options.dnssec === "send";
  return encodeMessage({
    ...message,
    flags,
    question: [{ name, type, class: rrclass.IN }],
    edns: { udpPayloadSize: udpPayloadOctets, version: 0, dnssecOk, options: [] },
  });
}

/**
 * A NOTIFY (RFC 1996 §3): the zone has a new version, with `serial` as a hint where it is known. A secondary looks for
 * itself, so a wrong hint costs one question at worst.
 */
export function buildNotify(zone: Name, id: number, serial?: number): Uint8Array<ArrayBuffer> {
  const message = emptyMessage(id, opcode.NOTIFY);
  return encodeMessage({
    ...message,
    flags: { ...message.flags, aa: true },
    question: [{ name: zone, type: rrtype.SOA, class: rrclass.IN }],
    answer: serial === undefined ? [] : [soaHint(zone, serial)],
  });
}

// Only the serial of the hint is looked at; the rest is what the form of an SOA needs.
function soaHint(zone: Name, serial: number): ResourceRecord {
  const rdata = new Uint8Array(2 * rootName.length + 20);
  new DataView(rdata.buffer).setUint32(2 * rootName.length, serial);
  return { name: zone, type: rrtype.SOA, class: rrclass.IN, ttl: 0, rdata };
}

interface Change {
  readonly name: Name;
  readonly type: number;
  readonly before: readonly Uint8Array[];
  readonly after: readonly Uint8Array[];
  readonly ttl: number;
}

/** Types that no server takes from an UPDATE, or that are not data at all; an SOA is the server's own. */
const notSteered = new Set<number>([rrtype.SOA, rrtype.OPT, rrtype.TSIG, rrtype.TKEY]);

function resolve({ name: nameText, type: typeText, before, after }: UpdateRRset, zone: Name): Change {
  const name = nameOf(nameText);
  const type = typeFromText(typeText);
  const says = `${nameText} ${typeText}`;
  if (!isWithin(name, zone)) {
    throw refused("outside-the-zone", `${says} is not in the zone ${nameToText(zone)}`, "Send it to its own zone.");
  }
  // 128 to 255 are questions and meta data (RFC 6895 §3.1).
  if (type === undefined || type === 0 || (type >= 128 && type <= 255) || notSteered.has(type)) {
    throw refused("not-a-steered-type", `${says} is not of a type that an update may change.`, "Name a data type.");
  }
  // A server leaves out the deletion of these (RFC 2136 §3.4.2.3): both sets would stand.
  if (type === rrtype.NS && sameName(name, zone)) {
    throw refused("not-a-steered-type", `${says} delegates the zone itself.`, "Change it at the server.");
  }
  if (before === "absent" && after === "absent") {
    throw refused("nothing-to-change", `${says} is absent before and after.`, "Leave it out.");
  }
  return { name, type, before: octetsOf(before, says), after: octetsOf(after, says), ttl: ttlOf(after, says) };
}

function fenceChange(zone: Name): (fence: UpdateFence) => Change {
  return ({ name, before, after }) =>
    resolve(
      { name, type: "TXT", before: before === null ? "absent" : fenceData(before), after: fenceData(after) },
      zone,
    );
}

function fenceData(text: string): RRsetData {
  return { ttl: fenceTtl, rdata: [characterString(text)] };
}

function characterString(text: string): string {
  if (!/^[!-~]+$/.test(text) || text.length > characterStringOctetsMax) {
    throw refused("bad-rrset", "A fence is 1 to 255 printable ASCII characters.", "Use the id of the attempt.");
  }
  return Uint8Array.of(text.length, ...utf8(text)).toHex();
}

/** No RDATA for an absent RRset, and at least one for any other (N3). */
function octetsOf(data: RRsetData | "absent", says: string): readonly Uint8Array[] {
  if (data === "absent") return [];
  const rdata = data.rdata.map((hex) => {
    const octets = fromHex(hex);
    if (octets === undefined || octets.length === 0) {
      throw refused("bad-rrset", `${says} has RDATA that is not hexadecimal octets.`, "Give whole octets.");
    }
    return octets;
  });
  if (rdata.length === 0) {
    throw refused("bad-rrset", `${says} has no RDATA, and is not called absent.`, "A removal is stated as absent.");
  }
  return rdata;
}

function ttlOf(data: RRsetData | "absent", says: string): number {
  const ttl = data === "absent" ? 0 : data.ttl;
  if (!Number.isInteger(ttl) || ttl < 0 || ttl > ttlMax) {
    throw refused("bad-rrset", `${says} has a TTL of ${ttl}.`, `Give whole seconds from 0 to ${ttlMax}.`);
  }
  return ttl;
}

const noRdata = new Uint8Array(0);

// A TTL other than 0 in a prerequisite is a FORMERR (RFC 2136 §3.2.3).
function prerequisites({ name, type, before }: Change): readonly ResourceRecord[] {
  if (before.length === 0) return [{ name, type, class: rrclass.NONE, ttl: 0, rdata: noRdata }];
  return before.map((rdata) => ({ name, type, class: rrclass.IN, ttl: 0, rdata }));
}

/**
 * Beside a CNAME no other data stands, and a server leaves out whichever of the two is added to the other, without a
 * word (RFC 2136 §3.4.2.2): the fence would move on and the record stay. So where all of a name's RRsets are expected
 * absent, its alias is as well, and before an alias is added the name is expected to be unused (§2.4.5).
 */
function aliasGuards(changes: readonly Change[]): readonly ResourceRecord[] {
  const byName = Map.groupBy(changes, ({ name }) => canonicalText(name));
  return [...byName.values()].flatMap((ofName) => {
    const [{ name } = { name: rootName }] = ofName;
    if (ofName.some(({ before }) => before.length > 0)) return [];
    const type = ofName.some((change) => change.type === rrtype.CNAME) ? rrtype.ANY : rrtype.CNAME;
    return [{ name, type, class: rrclass.NONE, ttl: 0, rdata: noRdata }];
  });
}

function deletions({ name, type, before }: Change): readonly ResourceRecord[] {
  return before.length === 0 ? [] : [{ name, type, class: rrclass.ANY, ttl: 0, rdata: noRdata }];
}

function additions({ name, type, after, ttl }: Change): readonly ResourceRecord[] {
  return after.map((rdata) => ({ name, type, class: rrclass.IN, ttl, rdata }));
}

function emptyMessage(id: number, code: number): Message {
  return {
    id,
    flags: { qr: false, opcode: code, aa: false, tc: false, rd: false, ra: false, ad: false, cd: false, rcode: 0 },
    question: [],
    answer: [],
    authority: [],
    additional: [],
    edns: undefined,
  };
}

function nameOf(text: string): Name {
  const name = nameFromText(text);
  if (name === undefined) {
    throw refused("not-a-name", `${JSON.stringify(text)} is not a domain name.`, "Use labels of 1 to 63 octets.");
  }
  return name;
}

function refused(code: string, says: string, mend: string): PointsmanError {
  return new PointsmanError({ code, says, figures: {}, mend });
}
