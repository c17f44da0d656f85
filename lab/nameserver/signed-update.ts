import { signMessage, verifyRequest, type TsigVerdict } from "../../src/dns/update/tsig.ts";
import type { TsigKey } from "../../src/dns/update/tsig-key.ts";
import { readTsig, tsigRecord, type TsigFields } from "../../src/dns/update/tsig-record.ts";
import { decodeMessage, encodeMessage } from "../../src/dns/wire/message.ts";
import { type Name } from "../../src/dns/wire/name.ts";
import type { Message } from "../../src/dns/wire/record.ts";
import { rcode, tsigError } from "../../src/dns/wire/rrtype.ts";
import { concat } from "../../src/values/octets.ts";
import { responseTo, responseToUnreadable } from "./response.ts";
import { applyUpdate } from "./update.ts";
import type { Zone } from "./zone.ts";

export interface Answered {
  readonly response: Uint8Array | undefined;
  readonly zone: Zone;
}

/**
 * Answers an UPDATE as RFC 8945 §5.2 and §5.3 ask: applied only where `key` signed it now, and the answer signed in turn.
 * `now` in seconds since 1970.
 */
export function answerUpdate(zone: Zone, octets: Uint8Array, key: TsigKey, now: number): Answered {
  const verdict = verifyRequest(octets, key, now);
  if (verdict.outcome === "malformed") return { response: responseToUnreadable(octets, rcode.FORMERR), zone };
  if (verdict.outcome !== "ok") return { response: refuse(octets, verdict, key), zone };
  const updated = applyUpdate(zone, verdict.message);
  const bare = encodeMessage(responseTo(verdict.message, updated.rcode));
  const { octets: response } = signMessage(bare, key, { timeSigned: now, fudge, requestMac: verdict.mac });
  return { response, zone: updated.zone };
}

/** Seconds that the clocks may differ, as RFC 8945 §10 recommends. */
const fudge = 300;

function refuse(octets: Uint8Array, verdict: Exclude<TsigVerdict, { outcome: "ok" | "malformed" }>, key: TsigKey) {
  const request = decodeMessage(octets);
  const record = request.additional.at(-1);
  const fields = record === undefined ? undefined : readTsig(record.rdata);
  if (verdict.outcome === "unsigned" || record === undefined || fields === undefined)
    return encodeMessage(responseTo(request, rcode.REFUSED));
  switch (verdict.outcome) {
    case "wrong-key":
      return unsignedError(request, record.name, fields, tsigError.BADKEY);
    case "bad-mac":
    case "server-error":
      return unsignedError(request, record.name, fields, tsigError.BADSIG);
    case "short-mac":
      return unsignedError(request, record.name, fields, tsigError.BADTRUNC);
    case "out-of-window":
      return signMessage(encodeMessage(responseTo(request, rcode.NOTAUTH)), key, {
        timeSigned: fields.timeSigned,
        fudge: fields.fudge,
        requestMac: fields.mac,
        error: tsigError.BADTIME,
        otherData: seconds(verdict.now),
      }).octets;
  }
}

/** Who could not be verified is told so by an error without a MAC (RFC 8945 §5.3.2). */
function unsignedError(request: Message, keyName: Name, fields: TsigFields, error: number): Uint8Array {
  const bare = encodeMessage(responseTo(request, rcode.NOTAUTH));
  const none = new Uint8Array(0);
  const signed = concat(bare, tsigRecord(keyName, { ...fields, mac: none, otherData: none, error }));
  signed.set([1], 11);
  return signed;
}

function seconds(now: number): Uint8Array {
  const octets = new Uint8Array(6);
  const view = new DataView(octets.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  return octets;
}
