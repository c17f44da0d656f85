import type { LocatedFinding } from "./located.ts";

/**
 * Findings for a terminal or a log: place, sentence, the line with a caret under what is meant, and the mend. A text
 * without colour, and without any character of the file that a terminal would obey.
 */
export function formatFindings(findings: readonly LocatedFinding[]): string {
  return findings.map(formatFinding).join("\n");
}

const excerptMax = 120;

function formatFinding({ file, line, column, severity, code, says, mend, excerpt }: LocatedFinding): string {
  const cut = Math.max(0, column - 1 - excerptMax / 2);
  const shown = excerpt.text.slice(cut, cut + excerptMax);
  const lead = shown.slice(0, column - 1 - cut).replace(/[^\t]/gu, " ");
  const carets = "^".repeat(Math.max(1, Math.min(excerpt.length, shown.length - lead.length)));
  const number = String(line);
  const margin = " ".repeat(number.length);
  return [
    `${file}:${number}:${column}: ${severity} ${code}`,
    `  ${says}`,
    `  ${number} | ${shown}`,
    `  ${margin} | ${lead}${carets}`,
    `  ${mend}`,
    "",
  ]
    .map(printable)
    .join("\n");
}

/** Control and formatting characters as escapes (tab apart): a file must not steer the terminal that shows it. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) =>
    character === "\t" ? character : `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`,
  );
}
