import type { Brand } from "../../values/brand.ts";
import { invariant } from "../../values/invariant.ts";
import { labelOctetsMax, nameOctetsMax } from "./limits.ts";

/**
 * An absolute domain name: its uncompressed wire octets, root included, case as received (RFC 1035 §3.1). At most
 * 255 octets, labels of 1 to 63. Names are shared between records: their octets MUST NOT be changed.
 */
export type Name = Brand<Uint8Array, "Name">;

export const rootName: Name = branded(new Uint8Array(1));

/**
 * Reads master-file text (RFC 1035 §5.1: `\X` and `\DDD`). The name is absolute with or without its final dot.
 * `undefined` for an empty label, a name too long, octets outside ASCII, or a character that must be escaped.
 */
export function nameFromText(text: string): Name | undefined {
  if (text === ".") return rootName;
  if (text === "" || text === "@") return undefined;
  const octets = new Uint8Array(nameOctetsMax);
  let labelAt = 0;
  let at = 1;
  for (let index = 0; index < text.length;) {
    if (at >= nameOctetsMax) return undefined;
    if (text[index] === ".") {
      if (!closeLabel(octets, labelAt, at)) return undefined;
      labelAt = at;
      at += 1;
      index += 1;
    } else {
      const { octet, length } = readCharacter(text, index);
      if (octet === undefined) return undefined;
      octets[at] = octet;
      at += 1;
      index += length;
    }
  }
  // Without a final dot the last label is still open; with one, an empty label stands here and is the root.
  if (at > labelAt + 1) {
    if (at >= nameOctetsMax || !closeLabel(octets, labelAt, at)) return undefined;
    at += 1;
  }
  return branded(octets.slice(0, at));
}

function closeLabel(octets: Uint8Array, labelAt: number, end: number): boolean {
  const length = end - labelAt - 1;
  octets.fill(length, labelAt, labelAt + 1);
  return length >= 1 && length <= labelOctetsMax;
}

const mustBeEscaped = new Set(['"', "(", ")", ";"]);

/** One octet of a name or string in a master file, escaped or not, and how many characters it took. */
export function readCharacter(text: string, index: number): { octet: number | undefined; length: number } {
  const character = text[index] ?? "";
  if (character !== "\\") {
    const code = character.charCodeAt(0);
    return { octet: code > 0x20 && code < 0x7f && !mustBeEscaped.has(character) ? code : undefined, length: 1 };
  }
  const digits = text.slice(index + 1, index + 4);
  if (/^\d{3}$/.test(digits)) {
    const value = Number(digits);
    return { octet: value <= 255 ? value : undefined, length: 4 };
  }
  const code = text.charCodeAt(index + 1);
  const escaped = code >= 0x20 && code < 0x7f && !/\d/.test(digits[0] ?? "");
  return { octet: escaped ? code : undefined, length: 2 };
}

/** The octets of text that is a name: ours, or checked before. @throws InvariantError when it is none. */
export function nameOf(text: string): Name {
  const name = nameFromText(text);
  invariant(name !== undefined, `${text} is a domain name`);
  return name;
}

/** Master-file text with the final dot. Whatever would mean something else there is escaped, so it reads back exactly. */
export function nameToText(name: Name): string {
  if (name.length === 1) return ".";
  let text = "";
  for (let at = 0; (name[at] ?? 0) !== 0;) {
    const end = at + 1 + (name[at] ?? 0);
    for (at += 1; at < end; at += 1) text += characters[name[at] ?? 0] ?? "";
    text += ".";
  }
  return text;
}

// RFC 1035 §5.1 and RFC 4343 §2.1: what a master file gives a meaning of its own.
const special = new Set(['"', "(", ")", ";", "@", "$", ".", "\\"]);
const characters = Array.from({ length: 256 }, (_, octet) => characterOf(octet));

function characterOf(octet: number): string {
  if (octet <= 0x20 || octet >= 0x7f) return `\\${String(octet).padStart(3, "0")}`;
  const character = String.fromCharCode(octet);
  return special.has(character) ? `\\${character}` : character;
}

/** The name with ASCII letters in lower case (RFC 4034 §6.2); the name itself when it has no capital. */
export function canonicalName(name: Name): Name {
  // A length octet is at most 63, so that no length is ever taken for a capital (65 to 90).
  // By hand: a callback for every octet takes five times as long, and this runs for every record that is validated.
  for (let at = 0; at < name.length; at += 1) {
    const octet = name[at] ?? 0;
    if (octet >= 0x41 && octet <= 0x5a) return branded(name.map(lowerCase));
  }
  return name;
}

/** Master-file text in lower case, with the final dot: equal for names that are equal. */
export function canonicalText(name: Name): string {
  return nameToText(canonicalName(name));
}

/** The one text of a name that the core compares by: absolute, lower case, with its final dot; `undefined` if none. */
export function canonicalNameText(text: string): string | undefined {
  const name = nameFromText(text);
  return name === undefined ? undefined : canonicalText(name);
}

/** An octet with an ASCII capital made small (RFC 4343 §3). */
export function lowerCase(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
}

/** Equal but for the case of ASCII letters (RFC 4343 §3). */
export function sameName(a: Name, b: Name): boolean {
  return a === b || (a.length === b.length && endsWith(a, b));
}

/** Whether `name` is `ancestor` or below it. */
export function isWithin(name: Name, ancestor: Name): boolean {
  let at = 0;
  while (name.length - at > ancestor.length) at += 1 + (name[at] ?? 0);
  return name.length - at === ancestor.length && endsWith(name, ancestor);
}

function endsWith(name: Name, tail: Name): boolean {
  const shift = name.length - tail.length;
  for (let at = tail.length - 1; at >= 0; at -= 1) {
    if (lowerCase(name[shift + at] ?? 0) !== lowerCase(tail[at] ?? 0)) return false;
  }
  return true;
}

/** The name without its first label; `undefined` for the root. */
export function parentOf(name: Name): Name | undefined {
  return name.length === 1 ? undefined : branded(name.slice(1 + (name[0] ?? 0)));
}

/** The labels from left to right, without the root. */
export function labelsOf(name: Name): readonly Uint8Array[] {
  const labels: Uint8Array[] = [];
  for (let at = 0; (name[at] ?? 0) !== 0; at += 1 + (name[at] ?? 0)) {
    labels.push(name.slice(at + 1, at + 1 + (name[at] ?? 0)));
  }
  return labels;
}

/** The name that the octets from `start` up to `end` are, exactly; `undefined` when they are none. */
export function nameFromOctets(octets: Uint8Array, start = 0, end = octets.length): Name | undefined {
  return start < end && uncompressedNameEnd(octets, start) === end ? branded(octets.slice(start, end)) : undefined;
}

/** Where the uncompressed name at `start` ends, its root included; -1 when none stands there. */
export function uncompressedNameEnd(octets: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const length = octets[at];
    if (length === undefined || length > labelOctetsMax) return -1;
    at += 1 + length;
    if (at - start > nameOctetsMax) return -1;
    if (length === 0) return at;
  }
}

/** Only for octets just found to be a name: callers MUST have checked every label and the length. */
export function branded(octets: Uint8Array): Name {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where checked octets become a name
  return octets as Name;
}
