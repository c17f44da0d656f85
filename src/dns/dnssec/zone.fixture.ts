import { hash } from "node:crypto";
import { compareOctets, concat, toHex } from "../../values/octets.ts";
import { add, day, instant, type Instant } from "../../values/time.ts";
import { toBase32Hex } from "../wire/base32hex.ts";
import {
  canonicalName,
  canonicalText,
  isWithin,
  type Name,
  nameFromOctets,
  nameToText,
  parentOf,
  sameName,
} from "../wire/name.ts";
import type { Message, ResourceRecord } from "../wire/record.ts";
import { rcode, rrclass, rrtype } from "../wire/rrtype.ts";
import { bitmapOfTypes } from "../wire/type-bitmap.ts";
import { compareNames } from "./denial/canonical-order.ts";
import { expanded, nameOf, recordOf, signRRset, zsk, type Lies, type Period, type SigningKey } from "./sign.fixture.ts";

/** When the tests take place. */
export const testNow: Instant = instant(1_795_348_800_000);

const inForce: Period = { inception: add(testNow, -day), expiration: add(testNow, 7 * day) };

export interface ZoneOptions {
  /** Of the DNSKEY set; none: the zone is not signed. */
  readonly keys?: readonly SigningKey[];
  /** Keys that sign a type instead of: the KSKs the DNSKEY set, the ZSKs (all, where there is none) the rest. */
  readonly signers?: (type: number) => readonly SigningKey[];
  readonly denial?: "nsec" | "nsec3" | "nsec3-opt-out" | "none";
  readonly iterations?: number;
  readonly period?: Period;
  readonly lies?: Lies;
}

/** A zone as an authoritative server has it: it signs, denies and answers. */
export class FixtureZone {
  readonly apex: Name;
  readonly options: ZoneOptions;
  readonly records: readonly ResourceRecord[];

  constructor(apex: string, lines: readonly string[], options: ZoneOptions = {}) {
    this.apex = nameOf(apex);
    this.options = options;
    const soa = `${apex} 300 SOA ns.invalid. hostmaster.invalid. 1 7200 900 1209600 300`;
    const own = [soa, `${apex} 300 NS ns.invalid.`, ...lines].map(recordOf);
    this.records = [...own, ...(options.keys ?? []).map(({ record }) => record)];
  }

  /** What a server of this zone alone answers. */
  answer(name: Name, type: number): Message {
    const dname = this.records.find(
      (one) => one.type === rrtype.DNAME && isWithin(name, one.name) && !sameName(name, one.name),
    );
    if (dname !== undefined) return this.#redirected(name, type, dname);
    const here = this.#at(name);
    if (here.length > 0 || this.#isEmptyNonTerminal(name)) return this.#existing(name, type, here);
    const encloser = this.#encloser(name);
    const wildcard = below("*", encloser);
    const source = this.#at(wildcard);
    const noCloser = this.#covering(nextCloser(name, encloser), encloser);
    if (source.length === 0) {
      const proof = [...noCloser, ...this.#covering(wildcard, encloser), ...this.#matching(encloser)];
      return message({ rcode: rcode.NXDOMAIN, authority: [...this.#rrset(this.apex, rrtype.SOA), ...distinct(proof)] });
    }
    const found = this.#typeOrAlias(wildcard, type);
    if (found.length > 0) {
      const answer = found.flatMap((one) => (sameName(one.name, wildcard) ? expanded([one], name) : [one]));
      return message({ answer, authority: noCloser });
    }
    const proof = [...noCloser, ...this.#matching(wildcard), ...this.#matching(encloser)];
    return message({ authority: [...this.#rrset(this.apex, rrtype.SOA), ...distinct(proof)] });
  }

  #existing(name: Name, type: number, here: readonly ResourceRecord[]): Message {
    const found = here.length === 0 ? [] : this.#typeOrAlias(name, type);
    if (found.length > 0) return message({ answer: found });
    const matching = this.#matching(name);
    // An opted-out delegation has no NSEC3: the closest encloser and what covers the next closer name stand for it.
    const encloser = parentOf(name) ?? name;
    const proof = matching.length > 0 ? matching : [...this.#covering(name, encloser), ...this.#matching(encloser)];
    return message({ authority: [...this.#rrset(this.apex, rrtype.SOA), ...distinct(proof)] });
  }

  #redirected(name: Name, type: number, { name: owner, rdata }: ResourceRecord): Message {
    const made = this.#rrset(owner, rrtype.DNAME);
    const target = nameFromOctets(concat(name.subarray(0, name.length - owner.length), rdata));
    if (target === undefined) return message({ rcode: rcode.YXDOMAIN, answer: made });
    const cname = { name, type: rrtype.CNAME, class: rrclass.IN, ttl: 300, rdata: target };
    const isOwn = isWithin(target, this.apex) && !isWithin(target, owner);
    const own = isOwn ? this.answer(target, type).answer : [];
    return message({ answer: [...made, cname, ...own] });
  }

  #at(name: Name): readonly ResourceRecord[] {
    return this.records.filter((record) => sameName(record.name, name));
  }

  #isEmptyNonTerminal(name: Name): boolean {
    return this.records.some((record) => isWithin(record.name, name));
  }

  #encloser(name: Name): Name {
    let at = name;
    while (this.#at(at).length === 0 && !this.#isEmptyNonTerminal(at)) at = parentOf(at) ?? at;
    return at;
  }

  #typeOrAlias(name: Name, type: number): readonly ResourceRecord[] {
    const found = this.#rrset(name, type);
    if (found.length > 0) return found;
    const alias = this.#rrset(name, rrtype.CNAME);
    const target = alias[0] === undefined ? undefined : nameFromOctets(alias[0].rdata);
    if (target === undefined || !isWithin(target, this.apex) || sameName(target, name)) return alias;
    const here = this.#at(target).length > 0 && this.#rrset(target, rrtype.CNAME).length === 0;
    return here ? [...alias, ...this.#rrset(target, type)] : alias;
  }

  /** Its records and their signatures. What others own, at a cut and below, is not signed. */
  #rrset(name: Name, type: number): readonly ResourceRecord[] {
    const records = this.records.filter((record) => record.type === type && sameName(record.name, name));
    const isOthers = type === rrtype.NS && !sameName(name, this.apex);
    return records.length === 0 || isOthers ? records : this.signed(records);
  }

  signed(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
    const { period = inForce, lies = {} } = this.options;
    const type = records[0]?.type ?? 0;
    return [...records, ...this.#signers(type).map((key) => signRRset(records, key, period, lies))];
  }

  #signers(type: number): readonly SigningKey[] {
    const { keys = [], signers } = this.options;
    if (signers !== undefined) return signers(type);
    const ofZone = keys.filter(({ dnskey }) => dnskey.flags === zsk);
    const entry = keys.filter(({ dnskey }) => dnskey.flags !== zsk);
    if (type === rrtype.DNSKEY) return entry.length > 0 ? entry : ofZone;
    return ofZone.length > 0 ? ofZone : entry;
  }

  /** The record that says which types a name has. */
  #matching(name: Name): readonly ResourceRecord[] {
    return this.#link((owner) => compareOctets(owner, this.#place(name)) === 0);
  }

  /** The record between whose owner and next name it is. */
  #covering(name: Name, encloser: Name): readonly ResourceRecord[] {
    const place = this.#place(name);
    const found = this.#link((owner, next) => {
      const after = this.#order(place, owner) > 0;
      const before = this.#order(place, next) < 0;
      return this.#order(next, owner) <= 0 ? after || before : after && before;
    });
    return this.#isHashed ? [...found, ...this.#matching(encloser)] : found;
  }

  get #isHashed(): boolean {
    return this.options.denial?.startsWith("nsec3") ?? false;
  }

  #place(name: Name): Uint8Array {
    if (!this.#isHashed) return canonicalName(name);
    let digest: Uint8Array = canonicalName(name);
    for (let round = 0; round <= (this.options.iterations ?? 0); round += 1) digest = hash("sha1", digest, "buffer");
    return digest;
  }

  #order(a: Uint8Array, b: Uint8Array): number {
    const names = [nameFromOctets(a), nameFromOctets(b)];
    return !this.#isHashed && names[0] !== undefined && names[1] !== undefined
      ? compareNames(names[0], names[1])
      : compareOctets(a, b);
  }

  #link(fits: (owner: Uint8Array, next: Uint8Array) => boolean): readonly ResourceRecord[] {
    const { denial = "nsec" } = this.options;
    if (denial === "none" || (this.options.keys ?? []).length === 0) return [];
    const links = this.#links();
    const index = links.findIndex(({ place }, at) => fits(place, (links[at + 1] ?? links[0])?.place ?? place));
    const link = links[index];
    if (link === undefined) return [];
    const next = (links[index + 1] ?? links[0])?.place ?? link.place;
    return this.signed([this.#isHashed ? this.#nsec3(link, next) : nsec(link, next)]);
  }

  #links(): readonly Link[] {
    const names = new Map<string, Name>();
    for (const { name } of this.records.filter((record) => this.#isChained(record))) {
      const above = this.#isHashed ? namesUpTo(name, this.apex) : [name];
      for (const at of above) names.set(canonicalText(at), at);
    }
    const links = [...names.values()].map((name) => ({ name, place: this.#place(name), types: this.#types(name) }));
    return links.toSorted((a, b) => this.#order(a.place, b.place));
  }

  /** Not what is below a cut; nor, with opt-out, a cut that nobody signs for. */
  #isChained({ name, type }: ResourceRecord): boolean {
    const isCut = type === rrtype.NS && !sameName(name, this.apex);
    if (isCut && this.options.denial === "nsec3-opt-out" && !this.#hasDs(name)) return false;
    const cuts = this.records.filter((one) => one.type === rrtype.NS && !sameName(one.name, this.apex));
    return !cuts.some((cut) => isWithin(name, cut.name) && !sameName(name, cut.name));
  }

  #hasDs(name: Name): boolean {
    return this.#at(name).some(({ type }) => type === rrtype.DS);
  }

  #types(name: Name): readonly number[] {
    const types = this.#at(name).map(({ type }) => type);
    const isUnsigned =
      types.length === 0 || (types.includes(rrtype.NS) && !types.includes(rrtype.SOA) && !this.#hasDs(name));
    if (!this.#isHashed) return [...new Set([...types, rrtype.NSEC, rrtype.RRSIG])];
    return [...new Set(isUnsigned ? types : [...types, rrtype.RRSIG])];
  }

  #nsec3({ place, types }: Link, next: Uint8Array): ResourceRecord {
    const { iterations = 0, denial } = this.options;
    const flags = denial === "nsec3-opt-out" ? 1 : 0;
    const head = Uint8Array.of(1, flags, iterations >> 8, iterations & 0xff, 0, next.length);
    const rdata = concat(head, next, bitmapOfTypes(types));
    return { name: below(toBase32Hex(place), this.apex), type: rrtype.NSEC3, class: rrclass.IN, ttl: 300, rdata };
  }
}

interface Link {
  readonly name: Name;
  /** In the chain's order: the name itself, or its hash. */
  readonly place: Uint8Array;
  readonly types: readonly number[];
}

function nsec({ name, types }: Link, next: Uint8Array): ResourceRecord {
  return { name, type: rrtype.NSEC, class: rrclass.IN, ttl: 300, rdata: concat(next, bitmapOfTypes(types)) };
}

/** A response of an authoritative server. */
export function message(parts: {
  readonly rcode?: number;
  readonly answer?: readonly ResourceRecord[];
  readonly authority?: readonly ResourceRecord[];
}): Message {
  const { answer = [], authority = [] } = parts;
  const bits = { qr: true, opcode: 0, aa: true, tc: false, rd: false, ra: false, ad: false, cd: false };
  const flags = { ...bits, rcode: parts.rcode ?? rcode.NOERROR };
  return { id: 0, flags, question: [], answer, authority, additional: [], edns: undefined };
}

/** A name of one label more. */
function below(label: string, name: Name): Name {
  return nameOf(name.length === 1 ? `${label}.` : `${label}.${nameToText(name)}`);
}

/** The name and those above it, up to the apex. */
function namesUpTo(name: Name, apex: Name): readonly Name[] {
  const names: Name[] = [];
  for (let at: Name | undefined = name; at !== undefined && isWithin(at, apex); at = parentOf(at)) names.push(at);
  return names;
}

function nextCloser(name: Name, encloser: Name): Name {
  let closer = name;
  for (let at = parentOf(name); at !== undefined && at.length > encloser.length; at = parentOf(at)) closer = at;
  return closer;
}

function distinct(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  const seen = new Map(records.map((one) => [`${one.type} ${nameToText(one.name)} ${toHex(one.rdata)}`, one]));
  return [...seen.values()];
}
