import type { Instant } from "../../values/time.ts";

/** Escape sequences for what stands out, or nothing at all where output is no terminal. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

export const plain: Paint = {
  bold: (text) => text,
  dim: (text) => text,
  good: (text) => text,
  bad: (text) => text,
  warn: (text) => text,
};

export const coloured: Paint = {
  bold: (text) => `\u001B[1m${text}\u001B[22m`,
  dim: (text) => `\u001B[2m${text}\u001B[22m`,
  good: (text) => `\u001B[32m${text}\u001B[39m`,
  bad: (text) => `\u001B[31m${text}\u001B[39m`,
  warn: (text) => `\u001B[33m${text}\u001B[39m`,
};

/** Where a command writes, and whom it asks. The process's own, or a test's. */
export interface Terminal {
  readonly paint: Paint;
  /** How wide a line may be: of the screen, or a width to read well where there is none. */
  readonly columns: number;
  /** A person can be asked. */
  readonly interactive: boolean;
  /** The user id of this process. */
  readonly uid: number;
  /** Aborts when the user interrupts. */
  readonly interrupted: AbortSignal;
  /** To the output, with a line break. */
  print(text: string): void;
  /** To the output, octet for octet: what is signed has no line break of ours. */
  write(text: string): void;
  /** Beside the output (stderr), with a line break. */
  note(text: string): void;
  /** Takes away what stands on the screen before it prints; where output is no terminal it only prints. */
  redraw(text: string): void;
  /** False unless the answer is yes. Only where `interactive`. */
  confirm(question: string): Promise<boolean>;
  /** Shows that something takes its time, when it takes more than a moment. */
  waiting<Value>(says: string, work: Promise<Value>): Promise<Value>;
  pause(ms: number): Promise<void>;
  now(): Instant;
  /** 128 random bits in hexadecimal. */
  newId(): string;
}

/** Control characters as escapes, line breaks and tabs apart: what others wrote must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) =>
    character === "\n" || character === "\t" ? character : `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}
