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
  const keyOf = keysOfNames();
  const groups = new Map<string, Group>();
  for (const record of records) {
    if (record.class !== rrclass.IN || record.type === rrtype.RRSIG) continue;
    const key = keyOf(record.name, record.type);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, newGroup(record));
    else addRecord(group, record);
  }
  for (const record of records) {
    if (record.class !== rrclass.IN || record.type !== rrtype.RRSIG) continue;
    const covered = ((record.rdata[0] ?? 0) << 8) | (record.rdata[1] ?? 0);
    const group = groups.get(keyOf(record.name, covered));
    if (group !== undefined) addSignature(group, record);
  }
  return Array.from(groups.values(), (group) => ({ ...group, rdata: ordered(group.rdata) }));
}

interface Group {
  readonly name: Name;
  readonly type: number;
  ttl: number;
  readonly rdata: Uint8Array[];
  readonly signatures: Signature[];
  malformedSignatures: number;
}

function newGroup({ name, type, ttl, rdata }: ResourceRecord): Group {
  return { name, type, ttl, rdata: [canonical(type, rdata)], signatures: [], malformedSignatures: 0 };
}

/* oxlint-disable eslint/no-param-reassign -- a group is put together here and read nowhere before it is whole */
function addRecord(group: Group, { type, ttl, rdata }: ResourceRecord): void {
  group.ttl = Math.min(group.ttl, ttl);
  group.rdata.push(canonical(type, rdata));
}

function addSignature(group: Group, { ttl, rdata }: ResourceRecord): void {
  const signature = parseSignature(rdata);
  if (signature === undefined) {
    group.malformedSignatures += 1;
    return;
  }
  group.ttl = Math.min(group.ttl, ttl);
  group.signatures.push(signature);
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

function ordered(rdata: Uint8Array[]): readonly Uint8Array[] {
  if (rdata.length === 1) return rdata;
  return rdata
    .toSorted(compareOctets)
    .filter((octets, index, all) => index === 0 || compareOctets(octets, all[index - 1] ?? octets) !== 0);
}

/** The key of a name and type. Records of one message share their names, so the last one is remembered. */
function keysOfNames(): (name: Name, type: number) => string {
  let last: Name | undefined;
  let text = "";
  return (name, type) => {
    if (name !== last) {
      last = name;
      text = toHex(canonicalName(name));
    }
    return `${type}/${text}`;
  };
}
