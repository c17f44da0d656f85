import { fromBase64, fromHex, toBase64, toHex } from "../../values/octets.ts";
import { formatInstant, instant, parseInstant } from "../../values/time.ts";
import { fromBase32Hex, toBase32Hex } from "./base32hex.ts";
import { fixed, numberAt, numberOctets, type Field } from "./rdata-fields.ts";
import { typeFromText, typeToText } from "./rrtype.ts";
import { counted } from "./tokens.ts";
import { bitmapFromText, bitmapToText } from "./type-bitmap.ts";

/** Mnemonics of the IANA registry "DNS Security Algorithm Numbers"; written as numbers, read as either (RFC 4034 §3.2). */
const algorithms = new Map([
  ["RSAMD5", 1],
  ["DSA", 3],
  ["RSASHA1", 5],
  ["DSA-NSEC3-SHA1", 6],
  ["RSASHA1-NSEC3-SHA1", 7],
  ["RSASHA256", 8],
  ["RSASHA512", 10],
  ["ECC-GOST", 12],
  ["ECDSAP256SHA256", 13],
  ["ECDSAP384SHA384", 14],
  ["ED25519", 15],
  ["ED448", 16],
]);

export const algorithm: Field = {
  read: (tokens) => {
    const text = tokens.bare() ?? "";
    const value = algorithms.get(text.toUpperCase()) ?? (/^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : 256);
    return numberOctets(value, 1);
  },
  write: (rdata, at) => fixed(rdata, at, 1, (octets) => String(numberAt(octets))),
};

/** A type by its mnemonic. */
export const typeCovered: Field = {
  read: (tokens) => {
    const type = typeFromText(tokens.bare() ?? "");
    return type === undefined ? undefined : numberOctets(type, 2);
  },
  write: (rdata, at) => fixed(rdata, at, 2, (octets) => typeToText(numberAt(octets))),
};

/** Seconds since 1970 in 32 bits, written as YYYYMMDDHHmmSS in UTC, read as that or as a number (RFC 4034 §3.2). */
export const signatureTime: Field = {
  read: (tokens) => {
    const text = tokens.bare() ?? "";
    if (/^(?:0|[1-9]\d{0,9})$/.test(text)) return numberOctets(Number(text), 4);
    const at = parseInstant(text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6Z"));
    return at === undefined || at < 0 || !/^\d{14}$/.test(text) ? undefined : numberOctets(at / 1000, 4);
  },
  write: (rdata, at) =>
    fixed(rdata, at, 4, (octets) =>
      formatInstant(instant(numberAt(octets) * 1000))
        .replaceAll(/\D/g, "")
        .slice(0, 14),
    ),
};

/** All octets left in base64, which may have blanks inside; at least one. */
export const base64: Field = {
  read: (tokens) => nonEmpty(fromBase64(tokens.rest()?.join("") ?? "")),
  write: (rdata, at) => (at < rdata.length ? { text: toBase64(rdata.subarray(at)), end: rdata.length } : undefined),
};

/** All octets left in hexadecimal, which may have blanks inside; at least one. */
export const hexadecimal: Field = {
  read: (tokens) => nonEmpty(fromHex(tokens.rest()?.join("").toLowerCase() ?? "")),
  write: (rdata, at) =>
    at < rdata.length ? { text: toHex(rdata.subarray(at)).toUpperCase(), end: rdata.length } : undefined,
};

function nonEmpty(octets: Uint8Array | undefined): Uint8Array | undefined {
  return octets?.length === 0 ? undefined : octets;
}

/** Octets behind their count, in hexadecimal, `-` for none (RFC 5155 §3.3). */
export const salt: Field = {
  read: (tokens) => {
    const text = tokens.bare() ?? "";
    const octets = text === "-" ? new Uint8Array(0) : nonEmpty(fromHex(text.toLowerCase()));
    return octets === undefined || octets.length > 255 ? undefined : counted(octets);
  },
  write: (rdata, at) =>
    fixed(rdata, at + 1, rdata[at] ?? 0, (octets) => (octets.length === 0 ? "-" : toHex(octets).toUpperCase())),
};

/** Octets behind their count, at least one, in base32hex without padding (RFC 5155 §3.3). */
export const hashedOwner: Field = {
  read: (tokens) => {
    const octets = fromBase32Hex(tokens.bare() ?? "");
    return octets === undefined || octets.length === 0 || octets.length > 255 ? undefined : counted(octets);
  },
  write: (rdata, at) => {
    const length = rdata[at] ?? 0;
    return length === 0 ? undefined : fixed(rdata, at + 1, length, (octets) => toBase32Hex(octets).toUpperCase());
  },
};

/** The types that exist at a name, up to the end; there may be none (RFC 5155 §3.2.1). */
export const typeBitmap: Field = {
  read: (tokens) => {
    const words = tokens.rest();
    return words === undefined ? undefined : bitmapFromText(words);
  },
  write: (rdata, at) => {
    const text = bitmapToText(rdata.subarray(at));
    return text === undefined ? undefined : { text, end: rdata.length };
  },
};
