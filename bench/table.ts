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

/** Of one figure over the runs. */
export interface Spread {
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const ordered = values.toSorted((a, b) => a - b);
  const at = (index: number): number => ordered[index] ?? Number.NaN;
  const middle = Math.floor(ordered.length / 2);
  const median = ordered.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
  return { minimum: at(0), median, maximum: at(ordered.length - 1) };
}
