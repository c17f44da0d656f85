/** The candidate that was most likely meant: at most a third of its letters away; `undefined` when none is near. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(text.slice(0, 64).toLowerCase(), candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(text.length, candidate.length) / 3));
    if (distance <= allowed && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `Did you mean "fra"? Known: fra, iad.`, for the mend of a finding. */
export function suggestion(text: string, known: Iterable<string>): string {
  const all = [...known];
  const near = nearest(text, all);
  const list = all.length === 0 ? "None is declared." : `Known: ${shortList(all)}.`;
  return near === undefined ? list : `Did you mean "${near}"? ${list}`;
}

const listedMax = 12;

function shortList(all: readonly string[]): string {
  return all.length <= listedMax
    ? all.join(", ")
    : `${all.slice(0, listedMax).join(", ")} and ${all.length - listedMax} more`;
}

// Optimal string alignment: insert, delete, replace, and swap of neighbours, each one step.
function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + same,
          swapped ? (beforeLast[column - 2] ?? Infinity) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
