import { concat } from "../../values/octets.ts";
import { readCharacter } from "./name.ts";

/** A word of master-file text, its escapes still in it. */
export interface Token {
  /** Without its quotes. */
  readonly text: string;
  /** `value`: only what stands behind the first `=` was in quotes. */
  readonly quoted: "quoted" | "bare" | "value";
}

/** `key`, `key=value` or `key="value"`. */
export interface Pair {
  readonly key: string;
  /** `undefined`: there is no `=`. */
  readonly value: Uint8Array | undefined;
}

/**
 * The words of one record's data (RFC 1035 §5.1), between blanks or in quotes, or with a value in quotes (RFC 9460 §2.1).
 * `undefined` for what belongs to a whole file (parentheses, comments, line ends), for an open quote, and for anything
 * outside ASCII.
 */
export function tokensOf(text: string): readonly Token[] | undefined {
  if (!/^[\t -~]*$/.test(text)) return undefined;
  const word = /(?:([a-z\d-]+=)?"((?:[^"\\]|\\.)*)"|((?:[^\s"();\\]|\\.)+))(?:[ \t]+|$)/y;
  const tokens: Token[] = [];
  word.lastIndex = text.length - text.trimStart().length;
  while (word.lastIndex < text.length) {
    const match = word.exec(text);
    if (match === null) return undefined;
    const [, key, quoted, bare = ""] = match;
    if (quoted === undefined) tokens.push({ text: bare, quoted: "bare" });
    else if (key === undefined) tokens.push({ text: quoted, quoted: "quoted" });
    else tokens.push({ text: key + quoted, quoted: "value" });
  }
  return tokens;
}

/** The words of a record's data, taken from left to right. */
export class Tokens {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  /** The next word if it has no quotes. */
  bare(): string | undefined {
    const token = this.#tokens[this.#next];
    this.#next += 1;
    return token?.quoted === "bare" ? token.text : undefined;
  }

  /** All words left, none of them in quotes. */
  rest(): readonly string[] | undefined {
    const words: string[] = [];
    while (!this.isAtEnd) {
      const word = this.bare();
      if (word === undefined) return undefined;
      words.push(word);
    }
    return words;
  }

  /** The octets that the next word stands for, in quotes or not. */
  octets(): Uint8Array | undefined {
    const token = this.#tokens[this.#next];
    this.#next += 1;
    return token === undefined || token.quoted === "value" ? undefined : octetsOf(token.text);
  }

  /** The next word as a key with its value (RFC 9460 §2.1); a value without quotes has at least one octet. */
  pair(): Pair | undefined {
    const token = this.#tokens[this.#next];
    this.#next += 1;
    if (token === undefined || token.quoted === "quoted") return undefined;
    const at = token.text.indexOf("=");
    if (at === -1) return { key: token.text, value: undefined };
    const value = octetsOf(token.text.slice(at + 1));
    const isOpen = token.quoted === "bare" && value?.length === 0;
    return value === undefined || isOpen ? undefined : { key: token.text.slice(0, at), value };
  }
}

function octetsOf(text: string): Uint8Array | undefined {
  const octets: number[] = [];
  for (let index = 0; index < text.length;) {
    const isEscape = text[index] === "\\";
    const { octet, length } = isEscape ? readCharacter(text, index) : { octet: text.charCodeAt(index), length: 1 };
    if (octet === undefined) return undefined;
    octets.push(octet);
    index += length;
  }
  return Uint8Array.from(octets);
}

/** Octets between quotes, escaped so that they read back exactly (RFC 1035 §5.1). */
export function toQuoted(octets: Uint8Array): string {
  let text = '"';
  for (const octet of octets) {
    const character = String.fromCharCode(octet);
    if (octet < 0x20 || octet >= 0x7f) text += `\\${String(octet).padStart(3, "0")}`;
    else text += character === '"' || character === "\\" ? `\\${character}` : character;
  }
  return `${text}"`;
}

/** Octets behind their count (RFC 1035 §3.3, character-string). */
export function counted(octets: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(octets.length), octets);
}
