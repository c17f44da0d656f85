import { invariant } from "../../values/invariant.ts";
import { concat, fromHex, toHex } from "../../values/octets.ts";
import { fixedLength, layoutOf, nameBounds } from "./layout.ts";
import { messageOctetsMax } from "./limits.ts";
import { lowerCase } from "./name.ts";
import {
  algorithm,
  base64,
  hashedOwner,
  hexadecimal,
  salt,
  signatureTime,
  typeBitmap,
  typeCovered,
} from "./rdata-fields-dnssec.ts";
import { caaTag, caaValue, characterStrings, domainName, ipv4, ipv6, number, type Field } from "./rdata-fields.ts";
import { serviceParameters } from "./rdata-fields-svcb.ts";
import { rrtype, typeFromText } from "./rrtype.ts";
import { Tokens, tokensOf } from "./tokens.ts";
import { WireError } from "./wire-error.ts";

const ds = [number(2), algorithm, number(1), hexadecimal];
const dnskey = [number(2), number(1), algorithm, base64];
const svcb = [number(2), domainName, serviceParameters];

/** The master-file form of each type that we write as more than octets; the order is that of the octets. */
const forms = new Map<number, readonly Field[]>([
  [rrtype.A, [ipv4]],
  [rrtype.AAAA, [ipv6]],
  [rrtype.CNAME, [domainName]],
  [rrtype.DNAME, [domainName]],
  [rrtype.NS, [domainName]],
  [rrtype.PTR, [domainName]],
  [rrtype.DNAME, [domainName]],
  [rrtype.TXT, [characterStrings]],
  [rrtype.MX, [number(2), domainName]],
  [rrtype.SRV, [number(2), number(2), number(2), domainName]],
  [rrtype.CAA, [number(1), caaTag, caaValue]],
  [rrtype.SOA, [domainName, domainName, number(4), number(4), number(4), number(4), number(4)]],
  [rrtype.DS, ds],
  [rrtype.CDS, ds],
  [rrtype.DNSKEY, dnskey],
  [rrtype.CDNSKEY, dnskey],
  [
    rrtype.RRSIG,
    [typeCovered, algorithm, number(1), number(4), signatureTime, signatureTime, number(2), domainName, base64],
  ],
  [rrtype.NSEC, [domainName, typeBitmap]],
  [rrtype.NSEC3, [number(1), number(1), number(2), salt, hashedOwner, typeBitmap]],
  [rrtype.NSEC3PARAM, [number(1), number(1), number(2), salt]],
  [rrtype.TLSA, [number(1), number(1), number(1), hexadecimal]],
  [rrtype.SVCB, svcb],
  [rrtype.HTTPS, svcb],
]);

/**
 * The canonical form of an RDATA in class IN (RFC 4034 §6.2, RFC 6840 §5.1): names uncompressed and, for the types
 * listed there, in lower case. Two records hold the same data exactly when these octets are equal.
 * @throws WireError "bad-rdata" when its names do not have the type's layout, or an address has not its length.
 */
export function canonicalRdata(type: number, rdata: Uint8Array): Uint8Array {
  const length = fixedLength(type);
  if (length !== undefined && rdata.length !== length) throw new WireError("bad-rdata", rdata.length);
  const layout = layoutOf(type);
  if (layout === undefined) return rdata;
  const bounds = nameBounds(layout, rdata);
  if (bounds === undefined) throw new WireError("bad-rdata", rdata.length);
  if (!layout.lower) return rdata;
  const [start = 0] = bounds;
  const end = bounds.at(-1) ?? start;
  return concat(rdata.subarray(0, start), rdata.subarray(start, end).map(lowerCase), rdata.subarray(end));
}

/**
 * Reads master-file text of a record's data and gives its canonical octets in lower-case hexadecimal. Names are absolute
 * with or without the final dot. Every type may be written `\# length hex` (RFC 3597 §5), and is held to its own form
 * all the same. `undefined` when the text is not of the type, or the type is not known.
 */
export function rdataFromText(type: string, text: string): string | undefined {
  const code = typeFromText(type);
  const words = tokensOf(text);
  if (code === undefined || words === undefined) return undefined;
  const tokens = new Tokens(words);
  const isGeneric = words[0]?.text === String.raw`\#` && words[0].quoted === "bare";
  const form = forms.get(code);
  const rdata = isGeneric ? readGeneric(tokens) : readForm(form ?? [], tokens);
  if (rdata === undefined || rdata.length > messageOctetsMax || !tokens.isAtEnd) return undefined;
  if (form === undefined && !isGeneric) return undefined;
  if (form !== undefined && writeForm(form, rdata) === undefined) return undefined;
  return canonicalHex(code, rdata);
}

/**
 * Master-file text of a record's data, which {@link rdataFromText} reads back; `\# length hex` (RFC 3597 §5) for other
 * types, and for octets that do not have the form of their type. `hex` MUST be lower-case hexadecimal.
 */
export function rdataToText(type: string, hex: string): string {
  const rdata = fromHex(hex);
  invariant(rdata !== undefined, "RDATA is lower-case hexadecimal");
  return rdataOctetsToText(typeFromText(type) ?? -1, rdata);
}

/** The same, of a type's number and of octets as a message has them. */
export function rdataOctetsToText(type: number, rdata: Uint8Array): string {
  const form = forms.get(type);
  const text = form === undefined ? undefined : writeForm(form, rdata);
  return text ?? `\\# ${rdata.length} ${toHex(rdata)}`.trimEnd();
}

/** The numbers of an SOA (RFC 1035 §3.3.13): a serial, and times in seconds. */
export interface SoaFigures {
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

/** Reads the RDATA of an SOA. @throws WireError "bad-rdata" when it is none. */
export function soaFigures(rdata: Uint8Array): SoaFigures {
  const layout = layoutOf(rrtype.SOA);
  const bounds = layout === undefined ? undefined : nameBounds(layout, rdata);
  if (bounds === undefined) throw new WireError("bad-rdata", rdata.length);
  const view = new DataView(rdata.buffer, rdata.byteOffset, rdata.length);
  const [serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0] = [0, 4, 8, 12, 16].map((at) =>
    view.getUint32((bounds.at(-1) ?? 0) + at),
  );
  return { serial, refresh, retry, expire, minimum };
}

/** The serial of an SOA's RDATA. @throws WireError "bad-rdata" when it is no SOA. */
export function soaSerial(rdata: Uint8Array): number {
  return soaFigures(rdata).serial;
}

function canonicalHex(type: number, rdata: Uint8Array): string | undefined {
  try {
    return toHex(canonicalRdata(type, rdata));
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function readForm(form: readonly Field[], tokens: Tokens): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  for (const field of form) {
    const octets = field.read(tokens);
    if (octets === undefined) return undefined;
    parts.push(octets);
  }
  return concat(...parts);
}

function writeForm(form: readonly Field[], rdata: Uint8Array): string | undefined {
  let text = "";
  let at = 0;
  for (const field of form) {
    const written = field.write(rdata, at);
    if (written === undefined) return undefined;
    // Only the last field may be empty: a bitmap of no types, no parameters.
    if (written.text !== "") text += text === "" ? written.text : ` ${written.text}`;
    at = written.end;
  }
  return at === rdata.length ? text : undefined;
}

function readGeneric(tokens: Tokens): Uint8Array | undefined {
  tokens.bare();
  const length = tokens.bare() ?? "";
  const octets = fromHex(tokens.rest()?.join("").toLowerCase() ?? "-");
  return /^(?:0|[1-9]\d{0,4})$/.test(length) && octets?.length === Number(length) ? octets : undefined;
}
