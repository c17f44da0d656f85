import { createHmac, timingSafeEqual } from "node:crypto";
import { invariant } from "../../values/invariant.ts";
import { concat } from "../../values/octets.ts";
import { headerOctets, messageOctetsMax } from "../wire/limits.ts";
import { decodeMessage } from "../wire/message.ts";
import { canonicalName, sameName } from "../wire/name.ts";
import type { Message, ResourceRecord } from "../wire/record.ts";
import { rcodeToText, rrclass, rrtype, tsigError, tsigErrorToText } from "../wire/rrtype.ts";
import { lastAdditionalAt } from "../wire/sections.ts";
import { WireError, type WireErrorCode } from "../wire/wire-error.ts";
import { algorithmNames, macOctets, type TsigKey } from "./tsig-key.ts";
import { readTsig, tsigRecord, tsigVariables, type TsigFields } from "./tsig-record.ts";

export interface Signing {
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly timeSigned: number;
  /** Seconds that the two clocks may differ: how long a message that is held back stays valid (design §8: 30 s). */
  readonly fudge: number;
  /** For a response: the MAC of the request (RFC 8945 §5.3). */
  readonly requestMac?: Uint8Array;
  /** For a response: what was wrong with the request's TSIG (RFC 8945 §5.2); with BADTIME, `otherData` is our time. */
  readonly error?: number;
  readonly otherData?: Uint8Array;
}

/** Adds a TSIG record to a message that has none (RFC 8945 §5.1). Keep `mac`: without it no response can be verified. */
export function signMessage(
  octets: Uint8Array,
  key: TsigKey,
  signing: Signing,
): { readonly octets: Uint8Array<ArrayBuffer>; readonly mac: Uint8Array } {
  const { timeSigned, fudge, requestMac, error = 0, otherData = new Uint8Array(0) } = signing;
  invariant(octets.length >= headerOctets, "what is signed is a message");
  const originalId = u16At(octets, 0);
  const fields = { algorithm: algorithmNames[key.algorithm], timeSigned, fudge, originalId, error, otherData };
  const mac = macOf(key, octets, fields, requestMac);
  const signed = concat(octets, tsigRecord(key.name, { ...fields, mac }));
  if (signed.length > messageOctetsMax) throw new WireError("message-too-long", messageOctetsMax);
  setU16(signed, 10, u16At(octets, 10) + 1);
  return { octets: signed, mac };
}

/** What a TSIG says of a message. Only `ok` means that the holder of the key sent it, now, in answer to our request. */
export type TsigVerdict =
  | {
      readonly outcome: "ok";
      readonly message: Message;
      readonly mac: Uint8Array;
      /** Seconds since 1970: the sender's clock. */
      readonly timeSigned: number;
    }
  /** The octets are no message, or the TSIG record has not its form (`bad-tsig`). */
  | { readonly outcome: "malformed"; readonly code: WireErrorCode | "bad-tsig"; readonly says: string }
  /** There is no TSIG, or one without a MAC and without an error. Anyone may have sent it. */
  | { readonly outcome: "unsigned"; readonly rcode: string; readonly says: string }
  /**
   * The server did not accept the request's TSIG, so it changed nothing, if it is the server: BADKEY and BADSIG come
   * without a MAC (RFC 8945 §5.3.2), so that `authentic` is `no`. With BADTIME, `serverTime` is its clock in seconds.
   */
  | {
      readonly outcome: "server-error";
      readonly error: string;
      readonly authentic: "yes" | "no";
      readonly serverTime: number | undefined;
      readonly says: string;
    }
  /** Signed with another key or algorithm than ours. */
  | { readonly outcome: "wrong-key"; readonly says: string }
  /** The MAC is truncated (RFC 8945 §5.2.2.1); we take whole ones only. */
  | { readonly outcome: "short-mac"; readonly says: string }
  | { readonly outcome: "bad-mac"; readonly says: string }
  | {
      readonly outcome: "out-of-window";
      readonly timeSigned: number;
      readonly fudge: number;
      readonly now: number;
      readonly says: string;
    };

/** Verifies the response to a request that had `requestMac`; `now` in seconds since 1970 (RFC 8945 §5.3 and §5.4). */
export function verifyResponse(octets: Uint8Array, key: TsigKey, requestMac: Uint8Array, now: number): TsigVerdict {
  return verify(octets, key, requestMac, now);
}

/** Verifies a request, as a server does (RFC 8945 §5.2); `now` in seconds since 1970. */
export function verifyRequest(octets: Uint8Array, key: TsigKey, now: number): TsigVerdict {
  return verify(octets, key, undefined, now);
}

function verify(octets: Uint8Array, key: TsigKey, requestMac: Uint8Array | undefined, now: number): TsigVerdict {
  let message: Message;
  let tsigAt: number | undefined;
  try {
    message = decodeMessage(octets);
    tsigAt = lastAdditionalAt(octets);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { outcome: "malformed", code: error.code, says: error.message };
  }
  const record = message.additional.at(-1);
  if (tsigAt === undefined || record?.type !== rrtype.TSIG) return unsigned(message);
  const hasForm = record.class === rrclass.ANY && ttlOnWire(octets, record) === 0;
  const fields = hasForm ? readTsig(record.rdata) : undefined;
  const full = macOctets[key.algorithm];
  if (fields === undefined) return badTsig("Its TSIG record does not have the form of RFC 8945 §4.2.");
  if (fields.mac.length === 0) return fields.error === 0 ? unsigned(message) : serverError(fields, "no");
  if (!sameName(record.name, key.name) || !sameName(fields.algorithm, algorithmNames[key.algorithm])) {
    return { outcome: "wrong-key", says: "It is signed with another TSIG key or algorithm than the one agreed on." };
  }
  if (fields.mac.length > full)
    return badTsig(`Its MAC has ${fields.mac.length} octets; ${key.algorithm} gives ${full}.`);
  if (fields.mac.length < full) {
    return { outcome: "short-mac", says: `Its MAC is cut to ${fields.mac.length} of ${full} octets: not accepted.` };
  }
  if (!timingSafeEqual(fields.mac, macOf(key, withoutTsig(octets, tsigAt, fields.originalId), fields, requestMac))) {
    return { outcome: "bad-mac", says: "Its MAC does not verify: altered, for another request, or another secret." };
  }
  // A BADTIME response bears the time of our own request, so its window says nothing (RFC 8945 §5.2.3).
  if (fields.error !== 0) return serverError(fields, "yes");
  return Math.abs(now - fields.timeSigned) > fields.fudge
    ? outOfWindow(fields, now)
    : { outcome: "ok", message, mac: fields.mac, timeSigned: fields.timeSigned };
}

/**
 * The TTL of the last record as its four octets say. Decoded, one with the highest bit set counts as 0 (RFC 2181 §8); but
 * that of a TSIG is no time to keep anything: it is 0 and nothing else (RFC 8945 §4.2).
 */
function ttlOnWire(octets: Uint8Array, { rdata }: ResourceRecord): number {
  // Before the RDATA stand its length in two octets, and before that the TTL.
  const at = octets.length - rdata.length - 6;
  return new DataView(octets.buffer, octets.byteOffset, octets.length).getUint32(at);
}

/** The message as it was signed: without its TSIG record, under its first id (RFC 8945 §4.3.2). */
function withoutTsig(octets: Uint8Array, tsigAt: number, originalId: number): Uint8Array {
  const bare = new Uint8Array(octets.subarray(0, tsigAt));
  setU16(bare, 0, originalId);
  setU16(bare, 10, u16At(octets, 10) - 1);
  return bare;
}

function macOf(
  key: TsigKey,
  bare: Uint8Array,
  fields: Omit<TsigFields, "mac">,
  requestMac: Uint8Array | undefined,
): Uint8Array {
  const hmac = createHmac(key.algorithm.slice("hmac-".length), key.secret);
  if (requestMac !== undefined) hmac.update(Uint8Array.of(requestMac.length >> 8, requestMac.length & 0xff));
  if (requestMac !== undefined) hmac.update(requestMac);
  return new Uint8Array(
    hmac
      .update(bare)
      .update(tsigVariables(canonicalName(key.name), fields))
      .digest(),
  );
}

function unsigned(message: Message): TsigVerdict {
  const rcode = rcodeToText(message.flags.rcode);
  return { outcome: "unsigned", rcode, says: `It says ${rcode} and is not signed: anyone may have sent it.` };
}

function badTsig(says: string): TsigVerdict {
  return { outcome: "malformed", code: "bad-tsig", says };
}

const meanings = new Map<number, string>([
  [tsigError.BADKEY, "it does not know this key by this name and algorithm"],
  [tsigError.BADSIG, "our MAC does not verify there: the secrets differ"],
  [tsigError.BADTIME, "its clock and ours differ by more than the fudge"],
  [tsigError.BADTRUNC, "our MAC is too short for it"],
]);

function serverError(fields: TsigFields, authentic: "yes" | "no"): TsigVerdict {
  const error = tsigErrorToText(fields.error);
  const says = `The server refused our TSIG with ${error}: ${meanings.get(fields.error) ?? "no reason known to us"}.`;
  const isTime = fields.error === tsigError.BADTIME && fields.otherData.length === 6;
  const serverTime = isTime ? u16At(fields.otherData, 0) * 2 ** 32 + u32At(fields.otherData, 2) : undefined;
  return { outcome: "server-error", error, authentic, serverTime, says };
}

function outOfWindow({ timeSigned, fudge }: TsigFields, now: number): TsigVerdict {
  const says = `It was signed ${Math.abs(now - timeSigned)} s ${timeSigned < now ? "before" : "after"} our time; ${fudge} s are allowed.`;
  return { outcome: "out-of-window", timeSigned, fudge, now, says };
}

function u16At(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

function u32At(octets: Uint8Array, at: number): number {
  return u16At(octets, at) * 0x1_00_00 + u16At(octets, at + 2);
}

function setU16(octets: Uint8Array, at: number, value: number): void {
  octets.set([value >> 8, value & 0xff], at);
}
