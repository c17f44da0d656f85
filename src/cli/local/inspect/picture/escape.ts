import { printable } from "../../../frame/terminal.ts";

const entities = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/**
 * Text as it may stand in HTML and XML, between tags and inside of quoted values. Names and data are what a stranger
 * wrote: markup becomes text, and what neither form may hold (control characters, halves of surrogates) a visible escape.
 */
export function escaped(text: string): string {
  return printable(text.toWellFormed())
    .replaceAll(/[\n\t\uFFFE\uFFFF]/g, " ")
    .replaceAll(/[&<>"']/g, (character) => entities.get(character) ?? "");
}

/** At most `most` characters, the middle left out: both ends of a name tell it apart. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}
