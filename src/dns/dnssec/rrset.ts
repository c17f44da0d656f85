import { compareOctets, toHex } from "../../values/octets.ts";
import { canonicalName, type Name } from "../wire/name.ts";
import { canonicalRdata } from "../wire/rdata.ts";
import type { ResourceRecord } from "../wire/record.ts";
import { rrclass, rrtype } from "../wire/rrtype.ts";
import { WireError } from "../wire/wire-error.ts";
import { parseSignature } from "./parse.ts";
import type { Signature, SignedRRset } from "./records.ts";

/**
 * The RRsets of class IN among these records, in the order in which they first appear, each in canonical form and order
 * without duplicates (RFC 4034 §6), with the RRSIGs that say that they cover it. RRSIGs that cover nothing here are left
 * out. Never throws: RDATA whose names cannot be read stays as it was received.
 */
export function rrsetsOf(records: readonly ResourceRecord[]): readonly SignedRRset[] {
  const groups = new Groups();
  for (const record of records) {
    if (record.class !== rrclass.IN || record.type === rrtype.RRSIG) continue;
    const group = groups.find(record.name, record.type);
    if (group === undefined) groups.add(record);
    else addRecord(group, record);
  }
  for (const record of records) {
    if (record.class !== rrclass.IN || record.type !== rrtype.RRSIG) continue;
    const covered = ((record.rdata[0] ?? 0) << 8) | (record.rdata[1] ?? 0);
    const group = groups.find(record.name, covered);
    if (group !== undefined) addSignature(group, record);
  }
  for (const group of groups.all) order(group);
  return groups.all;
}

/** Finds in one step, however many names a hostile message has. */
class Groups {
  readonly all: Group[] = [];
  readonly #byKey = new Map<string, Group>();
  #last: Group | undefined;

  find(name: Name, type: number): Group | undefined {
    // Records of one RRset come together, and a decoded message shares their name.
    if (this.#last?.name === name && this.#last.type === type) return this.#last;
    const found = this.#byKey.get(keyOf(name, type));
    if (found !== undefined) this.#last = found;
    return found;
  }

  add({ name, type, ttl, rdata }: ResourceRecord): void {
    const group = { name, type, ttl, rdata: [canonical(type, rdata)], signatures: [], malformedSignatures: 0 };
    this.all.push(group);
    this.#byKey.set(keyOf(name, type), group);
    this.#last = group;
  }
}

function keyOf(name: Name, type: number): string {
  return `${type}/${toHex(canonicalName(name))}`;
}

interface Group {
  readonly name: Name;
  readonly type: number;
  ttl: number;
  rdata: Uint8Array[];
  readonly signatures: Signature[];
  malformedSignatures: number;
}

/* oxlint-disable eslint/no-param-reassign -- a group is put together here and read nowhere before it is whole */
function addRecord(group: Group, { type, ttl, rdata }: ResourceRecord): void {
  group.ttl = Math.min(group.ttl, ttl);
  group.rdata.push(canonical(type, rdata));
}

function addSignature(group: Group, { ttl, rdata }: ResourceRecord): void {
  const signature = parseSignature(rdata, group.signatures.at(-1));
  if (signature === undefined) {
    group.malformedSignatures += 1;
    return;
  }
  group.ttl = Math.min(group.ttl, ttl);
  group.signatures.push(signature);
}

function order(group: Group): void {
  if (group.rdata.length === 1) return;
  group.rdata = group.rdata
    .toSorted(compareOctets)
    .filter((octets, index, all) => index === 0 || compareOctets(octets, all[index - 1] ?? octets) !== 0);
}
/* oxlint-enable eslint/no-param-reassign */

function canonical(type: number, rdata: Uint8Array): Uint8Array {
  try {
    return canonicalRdata(type, rdata);
  } catch (error) {
    if (error instanceof WireError) return rdata;
    throw error;
  }
}
