import { isDeepStrictEqual } from "node:util";
import { verifyRequest } from "../../src/dns/update/tsig.ts";
import type { TsigKey } from "../../src/dns/update/tsig-key.ts";
import { decodeMessage, encodeMessage } from "../../src/dns/wire/message.ts";
import { canonicalName, nameFromText, nameToText, rootName } from "../../src/dns/wire/name.ts";
import { canonicalRdata, rdataFromText, rdataToText } from "../../src/dns/wire/rdata.ts";
import type { Message, ResourceRecord } from "../../src/dns/wire/record.ts";
import { rrclass, typeToText } from "../../src/dns/wire/rrtype.ts";
import { WireError } from "../../src/dns/wire/wire-error.ts";
import { concat, equalOctets, toHex } from "../../src/values/octets.ts";
import { wireFixtures } from "../fixtures/wire/fixtures.ts";
import { Random } from "./random.ts";

/** The key of the recorded messages' name, so that the fuzzed ones are verified to the end. */
const recordedKey: TsigKey = {
  name: nameFromText("k256.example.") ?? rootName,
  algorithm: "hmac-sha256",
  secret: new Uint8Array(32),
};

/** A case may take this long on a busy machine; a decoder that hangs takes longer by far. */
const caseMsMax = 2000;
/** Cases are grown from one another up to this many octets. */
const grownOctetsMax = 1500;

export interface FuzzReport {
  readonly seed: number;
  readonly cases: number;
  readonly accepted: number;
  /** How often each code was given. */
  readonly refused: { readonly [code: string]: number };
  readonly slowestMs: number;
}

/**
 * Runs the decoder and all that reads its result on `cases` messages made from `seed`: recorded ones mutated, and
 * random octets. @throws Error that names seed, case and octets when anything but WireError is thrown, when a case
 * takes too long, or when what was read is not written and read back the same. Such octets become a fixture.
 */
export function fuzzWire(seed: number, cases: number): FuzzReport {
  const random = new Random(seed);
  const corpus = wireFixtures().map(({ octets }) => octets);
  const refused = new Map<string, number>();
  let accepted = 0;
  let slowestMs = 0;
  for (let index = 0; index < cases; index += 1) {
    const octets = nextCase(random, corpus);
    const begin = performance.now();
    const code = judge(octets, seed, index);
    const tookMs = performance.now() - begin;
    slowestMs = Math.max(slowestMs, tookMs);
    if (tookMs > caseMsMax) throw new Error(`took ${Math.round(tookMs)} ms: ${describe(octets, seed, index)}`);
    if (code === "accepted") accepted += 1;
    else refused.set(code, (refused.get(code) ?? 0) + 1);
  }
  return { seed, cases, accepted, refused: Object.fromEntries(refused), slowestMs: Math.round(slowestMs) };
}

/** What the decoder says of these octets, after everything that must hold for them has been looked at. */
export function checkWire(octets: Uint8Array): string {
  try {
    checkAccepted(octets, decodeMessage(octets));
    return "accepted";
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
}

function judge(octets: Uint8Array, seed: number, index: number): string {
  try {
    return checkWire(octets);
  } catch (error) {
    throw new Error(describe(octets, seed, index), { cause: error });
  }
}

function describe(octets: Uint8Array, seed: number, index: number): string {
  return `seed ${seed}, case ${index}, octets ${toHex(octets)}`;
}

function checkAccepted(octets: Uint8Array, message: Message): void {
  // Reads the TSIG, where there is one, and whatever it says: an outcome, never an exception.
  verifyRequest(octets, recordedKey, 0);
  const again = readBack(message);
  if (again !== undefined && !isDeepStrictEqual(again, message)) throw new Error("reads back otherwise");
  for (const { name } of message.question) {
    if (!equalOctets(nameFromText(nameToText(name)) ?? octets, name)) throw new Error("a name reads back otherwise");
    canonicalName(name);
  }
  for (const record of [...message.answer, ...message.authority, ...message.additional]) checkRecord(record);
}

/** `undefined` where compression by the sender made it shorter than we can. */
function readBack(message: Message): Message | undefined {
  let octets: Uint8Array;
  try {
    octets = encodeMessage(message);
  } catch (error) {
    if (error instanceof WireError && error.code === "message-too-long") return undefined;
    // No other refusal may follow once a message was accepted.
    throw new Error("cannot be written again", { cause: error });
  }
  return decodeMessage(octets);
}

function checkRecord(record: ResourceRecord): void {
  if (record.class !== rrclass.IN) return;
  const type = typeToText(record.type);
  const text = rdataToText(type, toHex(record.rdata));
  const canonical = canonicalOrUndefined(record);
  const read = rdataFromText(type, text);
  if (read !== undefined && read !== canonical) throw new Error("RDATA reads back otherwise");
}

function canonicalOrUndefined({ type, rdata }: ResourceRecord): string | undefined {
  try {
    return toHex(canonicalRdata(type, rdata));
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function nextCase(random: Random, corpus: readonly Uint8Array[]): Uint8Array {
  const kind = random.below(16);
  if (kind === 0) return random.octets(random.below(120));
  if (kind === 1) return nameSoup(random);
  if (kind === 2) return pointerChain(random);
  let octets: Uint8Array = random.pick(corpus).slice();
  for (let count = 1 + random.below(4); count > 0; count -= 1) octets = mutated(random, octets, corpus);
  return octets;
}

/** A header, and then labels, pointers and record parts in any order: what the reader of names has to survive. */
function nameSoup(random: Random): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0, 1, 0x84, 0, 0, random.below(3), 0, random.below(9), 0, 0, 0, 0)];
  let at = 12;
  const pieces = 1 + random.below(400);
  const style = random.below(2);
  for (let piece = 0; piece < pieces; piece += 1) {
    const part = soupPiece(random, at, style);
    parts.push(part);
    at += part.length;
  }
  return concat(...parts);
}

function soupPiece(random: Random, at: number, style: number): Uint8Array {
  const kind = random.below(100);
  if (style === 0 && kind < 60) return concat(Uint8Array.of(30), random.octets(30));
  if (kind < 50) return concat(Uint8Array.of(1 + random.below(2)), random.octets(2));
  if (kind < 70) return pointer(random.below(at + 4));
  return Uint8Array.of(0, 0, random.pick([1, 5, 6, 16, 41]), 0, 1, 0, 0, 0, 60, 0, random.below(40));
}

/** A TXT whose data is a chain of pointers, and then a record whose owner points to its end. */
function pointerChain(random: Random): Uint8Array {
  const links = 1 + random.below(300);
  const length = 1 + 2 * links;
  const start = 12 + 11;
  const chain = Array.from({ length: links }, (_, link) => pointer(link === 0 ? start : start + 1 + 2 * (link - 1)));
  const header = Uint8Array.of(0, 1, 0x84, 0, 0, 0, 0, 2, 0, 0, 0, 0);
  const txt = Uint8Array.of(0, 0, 16, 0, 1, 0, 0, 0, 60, length >> 8, length & 0xff, 0);
  const a = Uint8Array.of(0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1);
  return concat(header, txt, ...chain, pointer(start + length - 2), a);
}

function pointer(target: number): Uint8Array {
  return Uint8Array.of(0xc0 | ((target >> 8) & 0x3f), target & 0xff);
}

const telling = [0, 1, 0x0c, 0x3f, 0x40, 0x80, 0xc0, 0xff];

/** One change, made at random: a bit, an octet that says something, a pointer, a cut, a splice, a count. */
function mutated(random: Random, octets: Uint8Array, corpus: readonly Uint8Array[]): Uint8Array {
  const at = random.below(octets.length + 1);
  const replaced = (from: number, ...values: readonly number[]): Uint8Array =>
    octets.map((octet, index) => values[index - from] ?? octet);
  const changes: readonly (() => Uint8Array)[] = [
    () => replaced(at, (octets[at] ?? 0) ^ (1 << random.below(8))),
    () => replaced(at, random.pick(telling)),
    () => replaced(at, 0xc0, random.below(octets.length + 1)),
    () => octets.slice(0, at),
    () => concat(octets.subarray(0, at), random.octets(1 + random.below(4)), octets.subarray(at)),
    () => concat(octets.subarray(0, at), octets.subarray(Math.min(octets.length, at + 1 + random.below(4)))),
    () => replaced(5 + 2 * random.below(4), random.below(4)),
    () => {
      const other = random.pick(corpus);
      return concat(octets.subarray(0, at), other.subarray(random.below(other.length + 1))).slice(0, grownOctetsMax);
    },
    () => replaced(at, random.below(256), random.below(256)),
  ];
  return random.pick(changes)();
}
