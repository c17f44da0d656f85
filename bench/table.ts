/** Rows of figures as a text table, a column a member, in the order of the first row's. */
export function tableOf(rows: readonly object[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names.map(heading), ...rows.map((row) => Object.values(row).map(String))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `cpuMicrosecondsPerCheck` as `cpu microseconds per check` */
function heading(name: string): string {
  return name.replaceAll(/[A-Z][a-z]*/g, (word) => ` ${word.toLowerCase()}`);
}
