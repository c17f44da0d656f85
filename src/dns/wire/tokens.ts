import { concat } from "../../values/octets.ts";
import { readCharacter } from "./name.ts";

/** A word of master-file text, its escapes still in it. */
export interface Token {
  readonly text: string;
  readonly quoted: "quoted" | "bare";
}

/**
 * The words of one record's data (RFC 1035 §5.1), between blanks or in quotes. `undefined` for what belongs to a whole
 * file (parentheses, comments, line ends), for an open quote, and for anything outside ASCII.
 */
export function tokensOf(text: string): readonly Token[] | undefined {
  if (!/^[\t -~]*$/.test(text)) return undefined;
  const word = /(?:"((?:[^"\\]|\\.)*)"|((?:[^\s"();\\]|\\.)+))(?:[ \t]+|$)/y;
  const tokens: Token[] = [];
  word.lastIndex = text.length - text.trimStart().length;
  while (word.lastIndex < text.length) {
    const match = word.exec(text);
    if (match === null) return undefined;
    const [, quoted, bare = ""] = match;
    tokens.push(quoted === undefined ? { text: bare, quoted: "bare" } : { text: quoted, quoted: "quoted" });
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
    return token === undefined ? undefined : octetsOf(token.text);
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
