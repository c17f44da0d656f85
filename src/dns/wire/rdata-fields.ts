import { concat } from "../../values/octets.ts";
import { ipv4FromText, ipv4ToText, ipv6FromText, ipv6ToText } from "./address.ts";
import { characterStringOctetsMax } from "./limits.ts";
import { nameFromOctets, nameFromText, nameToText, uncompressedNameEnd } from "./name.ts";
import { counted, toQuoted, type Tokens } from "./tokens.ts";

/** One field of an RDATA, as text and as octets. */
export interface Field {
  /** The octets that the next words stand for; `undefined` when they are not of this field. */
  read(tokens: Tokens): Uint8Array | undefined;
  /** The text of the field at `at`, and where the next field begins; `undefined` when the octets are not of this field. */
  write(rdata: Uint8Array, at: number): Written | undefined;
}

export interface Written {
  readonly text: string;
  readonly end: number;
}

/** An unsigned number of 1, 2 or 4 octets, written in decimal. */
export function number(octets: 1 | 2 | 4): Field {
  return {
    read: (tokens) => {
      const text = tokens.bare() ?? "";
      if (!/^(?:0|[1-9]\d{0,9})$/.test(text)) return undefined;
      return numberOctets(Number(text), octets);
    },
    write: (rdata, at) => fixed(rdata, at, octets, (part) => String(numberAt(part))),
  };
}

/** Big-endian octets of a number; `undefined` when it does not fit. */
export function numberOctets(value: number, length: number): Uint8Array | undefined {
  if (value >= 256 ** length) return undefined;
  return Uint8Array.from({ length }, (_, index) => Math.floor(value / 256 ** (length - 1 - index)) % 256);
}

export function numberAt(octets: Uint8Array): number {
  let value = 0;
  for (const octet of octets) value = value * 256 + octet;
  return value;
}

/** Writes exactly `length` octets. */
export function fixed(
  rdata: Uint8Array,
  at: number,
  length: number,
  toText: (octets: Uint8Array) => string,
): Written | undefined {
  const end = at + length;
  return end > rdata.length ? undefined : { text: toText(rdata.subarray(at, end)), end };
}

export const ipv4: Field = {
  read: (tokens) => ipv4FromText(tokens.bare() ?? ""),
  write: (rdata, at) => fixed(rdata, at, 4, ipv4ToText),
};

export const ipv6: Field = {
  read: (tokens) => ipv6FromText(tokens.bare() ?? ""),
  write: (rdata, at) => fixed(rdata, at, 16, ipv6ToText),
};

/** An absolute name, with or without its final dot. */
export const domainName: Field = {
  read: (tokens) => nameFromText(tokens.bare() ?? ""),
  write: (rdata, at) => {
    const end = uncompressedNameEnd(rdata, at);
    const name = nameFromOctets(rdata, at, end);
    return name === undefined ? undefined : { text: nameToText(name), end };
  },
};

/** One or more character-strings, up to the end (TXT). */
export const characterStrings: Field = {
  read: (tokens) => {
    const strings: Uint8Array[] = [];
    while (!tokens.isAtEnd) {
      const octets = tokens.octets();
      if (octets === undefined || octets.length > characterStringOctetsMax) return undefined;
      strings.push(counted(octets));
    }
    return strings.length === 0 ? undefined : concat(...strings);
  },
  write: (rdata, at) => {
    const strings: string[] = [];
    let next = at;
    while (next < rdata.length) {
      const end = next + 1 + (rdata[next] ?? 0);
      if (end > rdata.length) return undefined;
      strings.push(toQuoted(rdata.subarray(next + 1, end)));
      next = end;
    }
    return strings.length === 0 ? undefined : { text: strings.join(" "), end: next };
  },
};

/** The tag of a CAA property: letters and digits behind their count (RFC 8659 §4.1). */
export const caaTag: Field = {
  read: (tokens) => {
    const text = tokens.bare() ?? "";
    const octets = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return isTag(text) ? counted(octets) : undefined;
  },
  write: (rdata, at) => {
    const written = fixed(rdata, at + 1, rdata[at] ?? 0, (octets) => String.fromCharCode(...octets));
    return written !== undefined && isTag(written.text) ? written : undefined;
  },
};

function isTag(text: string): boolean {
  return /^[0-9A-Za-z]{1,255}$/.test(text);
}

/** The value of a CAA property: all octets left, in quotes (RFC 8659 §4.1.1). */
export const caaValue: Field = {
  read: (tokens) => tokens.octets(),
  write: (rdata, at) => ({ text: toQuoted(rdata.subarray(at)), end: rdata.length }),
};
