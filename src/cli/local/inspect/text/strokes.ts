/** What boxes and marks are drawn with: one column each, in any terminal that can show them at all. */
export interface Strokes {
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  readonly across: string;
  readonly down: string;
  readonly dashedDown: string;
  /** In the bottom of a box, where a line leaves it. */
  readonly leaves: string;
  readonly arrow: string;
  readonly broken: string;
  readonly good: string;
  readonly bad: string;
  readonly warn: string;
  readonly unknown: string;
  readonly full: string;
  readonly empty: string;
  readonly mend: string;
  readonly separator: string;
}

export const unicode: Strokes = {
  topLeft: "╭",
  topRight: "╮",
  bottomLeft: "╰",
  bottomRight: "╯",
  across: "─",
  down: "│",
  dashedDown: "┊",
  leaves: "┬",
  arrow: "▼",
  broken: "╳",
  good: "✓",
  bad: "✗",
  warn: "!",
  unknown: "?",
  full: "█",
  empty: "░",
  mend: "→",
  separator: "·",
};

export const ascii: Strokes = {
  topLeft: "+",
  topRight: "+",
  bottomLeft: "+",
  bottomRight: "+",
  across: "-",
  down: "|",
  dashedDown: ":",
  leaves: "+",
  arrow: "v",
  broken: "X",
  good: "+",
  bad: "x",
  warn: "!",
  unknown: "?",
  full: "#",
  empty: ".",
  mend: "->",
  separator: "-",
};

/** Whether the locale says that the terminal takes UTF-8 (POSIX: LC_ALL before LC_CTYPE before LANG). */
export function strokesFor(environment: { readonly [name: string]: string | undefined }): Strokes {
  const locale = [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]].find(
    (value) => value !== undefined && value !== "",
  );
  return /utf-?8/i.test(locale ?? "") ? unicode : ascii;
}
