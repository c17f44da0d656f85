import { stripVTControlCharacters } from "node:util";

/** Columns padded to their widest cell, two spaces apart. Colour in a cell does not count. */
export function table(rows: readonly (readonly string[])[], indent = ""): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, width(cell));
  }
  return rows
    .map((row) =>
      (indent + row.map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - width(cell))).join("  ")).trimEnd(),
    )
    .join("\n");
}

function width(cell: string): number {
  return stripVTControlCharacters(cell).length;
}

/** Lines under a title. */
export function indented(lines: readonly string[], indent: string): string {
  return lines.map((line) => indent + line).join("\n");
}
