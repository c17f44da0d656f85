import { error, type Finding } from "../core/policy/finding.ts";
import { hideKeys, hideNamed, mask } from "./hidden.ts";
import type { Problem, Range, Yaml } from "./yaml.ts";

/** A finding with its place in a file, for people and for editors. */
export interface LocatedFinding extends Finding {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** The line itself, secrets hidden, and how many characters from the column on are meant. */
  readonly excerpt: { readonly text: string; readonly length: number };
}

/** Gives findings their places, in the order of the file. What follows from a problem of the YAML itself is left out. */
export function locateFindings(
  file: string,
  text: string,
  yaml: Yaml,
  findings: readonly Finding[],
): readonly LocatedFinding[] {
  const inFile = [
    ...yaml.problems.map((problem) => ({ finding: fromProblem(problem), range: problem.range })),
    ...findings
      .map((finding) => ({ finding, range: yaml.locate(finding.path, finding.at) }))
      .filter(({ finding, range }) => !follows(finding, range, yaml.problems)),
  ];
  const shownText = withoutSecrets(text, yaml, inFile);
  return inFile.toSorted((a, b) => a.range.start - b.range.start).map((placed) => place(file, shownText, yaml, placed));
}

function fromProblem({ code, says, mend }: Problem): Finding {
  return error({ code, path: [], says, mend });
}

/** A finding inside of what was refused, or one that a broken file may have made by itself. */
function follows(finding: Finding, range: Range, problems: readonly Problem[]): boolean {
  const inside = problems.some(
    (problem) => !problem.breaks && problem.range.start <= range.start && range.end <= problem.range.end,
  );
  const firstBreak = Math.min(...problems.filter(({ breaks }) => breaks).map((problem) => problem.range.start));
  const depends = finding.code === "missing" || finding.code === "dangling-reference";
  return inside || (Number.isFinite(firstBreak) && (depends || range.end >= firstBreak));
}

interface Placed {
  readonly finding: Finding;
  readonly range: Range;
}

function withoutSecrets(text: string, yaml: Yaml, placed: readonly Placed[]): string {
  const secrets = placed
    .filter(({ finding }) => finding.code === "literal-secret")
    .map(({ finding }) => yaml.locate(finding.path, "value"));
  const masked = hideKeys(secrets.reduce((shown, range) => mask(shown, range), text));
  return yaml.problems.some(({ breaks }) => breaks) ? hideNamed(masked) : masked;
}

function place(file: string, text: string, yaml: Yaml, { finding, range: { start, end } }: Placed): LocatedFinding {
  const { line, column } = yaml.position(start);
  const lineStart = start - (column - 1);
  const lineEnd = /\r?\n|$/.exec(text.slice(lineStart))?.index ?? 0;
  const whole = text.slice(lineStart, lineStart + lineEnd);
  const length = Math.max(1, Math.min(end, lineStart + whole.length) - start);
  return { ...finding, file, line, column, excerpt: { text: whole, length } };
}
