import { concat } from "../../values/octets.ts";
import { nameFromOctets, uncompressedNameEnd, type Name } from "../wire/name.ts";
import { rrclass, rrtype } from "../wire/rrtype.ts";

/** The RDATA of a TSIG record (RFC 8945 §4.2). */
export interface TsigFields {
  readonly algorithm: Name;
  /** Seconds since 1970, 48 bits. */
  readonly timeSigned: number;
  /** Seconds, 16 bits. */
  readonly fudge: number;
  readonly mac: Uint8Array;
  readonly originalId: number;
  readonly error: number;
  readonly otherData: Uint8Array;
}

/** `undefined` when the octets have not exactly this form. */
export function readTsig(rdata: Uint8Array): TsigFields | undefined {
  const algorithmEnd = uncompressedNameEnd(rdata, 0);
  const algorithm = nameFromOctets(rdata, 0, algorithmEnd);
  const view = new DataView(rdata.buffer, rdata.byteOffset, rdata.length);
  if (algorithm === undefined || rdata.length < algorithmEnd + 10) return undefined;
  const timeSigned = view.getUint16(algorithmEnd) * 2 ** 32 + view.getUint32(algorithmEnd + 2);
  const fudge = view.getUint16(algorithmEnd + 6);
  const macEnd = algorithmEnd + 10 + view.getUint16(algorithmEnd + 8);
  if (rdata.length < macEnd + 6 || rdata.length !== macEnd + 6 + view.getUint16(macEnd + 4)) return undefined;
  return {
    algorithm,
    timeSigned,
    fudge,
    mac: rdata.slice(algorithmEnd + 10, macEnd),
    originalId: view.getUint16(macEnd),
    error: view.getUint16(macEnd + 2),
    otherData: rdata.slice(macEnd + 6),
  };
}

/** The whole record, to be put behind a message: nothing of it may be compressed into what is signed. */
export function tsigRecord(keyName: Name, fields: TsigFields): Uint8Array {
  const { algorithm, timeSigned, fudge, mac, originalId, error, otherData } = fields;
  const rdata = concat(
    algorithm,
    timeAndFudge(timeSigned, fudge),
    u16(mac.length),
    mac,
    u16(originalId),
    u16(error),
    u16(otherData.length),
    otherData,
  );
  return concat(keyName, u16(rrtype.TSIG), u16(rrclass.ANY), u16(0), u16(0), u16(rdata.length), rdata);
}

/** What is digested after the message (RFC 8945 §4.3.3). Names MUST be canonical. */
export function tsigVariables(keyName: Name, fields: Omit<TsigFields, "mac">): Uint8Array {
  const { algorithm, timeSigned, fudge, error, otherData } = fields;
  return concat(
    keyName,
    u16(rrclass.ANY),
    u16(0),
    u16(0),
    algorithm,
    timeAndFudge(timeSigned, fudge),
    u16(error),
    u16(otherData.length),
    otherData,
  );
}

function timeAndFudge(timeSigned: number, fudge: number): Uint8Array {
  const octets = new Uint8Array(8);
  const view = new DataView(octets.buffer);
  view.setUint16(0, Math.floor(timeSigned / 2 ** 32));
  view.setUint32(2, timeSigned % 2 ** 32);
  view.setUint16(6, fudge);
  return octets;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}
