import type { Paint } from "../../../frame/terminal.ts";
import type { Tone } from "../display.ts";
import type { Strokes } from "./strokes.ts";

/** A piece of a line in one tone. Its text has no escape sequences: they are put in last, so that widths are true. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}
export type Line = readonly Span[];

/** What drawings are made on. */
export interface Canvas {
  readonly paint: Paint;
  readonly strokes: Strokes;
  /** Columns of the terminal that may be filled. */
  readonly columns: number;
}

/** Control characters, of which line breaks and tabs may be left in what others wrote, are blanks here. */
export function span(text: string, tone: Tone = "plain"): Span {
  return { text: text.replaceAll(/[\p{Cc}\p{Cf}]/gu, " "), tone };
}

export function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + text.length, 0);
}

/** Filled up with blanks. */
export function padded(line: Line, width: number): Line {
  const missing = width - widthOf(line);
  return missing <= 0 ? line : [...line, span(" ".repeat(missing))];
}

export function painted(line: Line, { paint, strokes }: Canvas): string {
  return line
    .map(({ text, tone }) => {
      // What no ASCII terminal can show is a question mark there; names and data are ASCII as they come from the wire.
      const shown = strokes.mend === "->" ? text.replaceAll("§", "#").replaceAll(/[^ -~]/g, "?") : text;
      return tone === "plain" || shown.trim() === "" ? shown : paint[tone](shown);
    })
    .join("")
    .replace(/ +$/, "");
}

/**
 * Breaks a line where it is wider than `width`: between words, or inside of one that is wider itself. Nothing is left out:
 * a key or a sentence cut short helps nobody. The lines after the first begin with `indent` blanks.
 */
export function wrapped(line: Line, width: number, indent = 0): readonly Line[] {
  const lines: Span[][] = [[]];
  let at = 0;
  for (const { text, tone } of line) {
    for (const piece of pieces(text, Math.max(1, width - indent))) {
      let rest = piece;
      if (at + rest.trimEnd().length > width) {
        lines.push([span(" ".repeat(indent))]);
        at = indent;
        rest = rest.trimStart();
      }
      lines.at(-1)?.push(span(rest, tone));
      at += rest.length;
    }
  }
  for (const parts of lines) {
    const last = parts.pop();
    // A blank before a break is no part of the line: it would stand outside of a frame.
    if (last !== undefined) parts.push(span(last.text.trimEnd(), last.tone));
  }
  return lines;
}

/** Words with the blanks after them, none longer than `width`. */
function pieces(text: string, width: number): readonly string[] {
  return (text.match(/\S+\s*|\s+/g) ?? []).flatMap((word) => {
    const parts: string[] = [];
    for (let at = 0; at < word.trimEnd().length || at === 0; at += width) parts.push(word.slice(at, at + width));
    return parts;
  });
}
