import type { z } from "zod";
import { error, mayBeSecret, pathText, type DocumentPath, type Finding } from "./finding.ts";
import { nearest, suggestion } from "./nearest.ts";
import type { Sound } from "./document.ts";

export interface Form<Schema extends z.ZodType> {
  readonly findings: readonly Finding[];
  /** The whole document with its defaults; `undefined` when a part has the wrong form. */
  readonly whole: z.output<Schema> | undefined;
  readonly sound: Sound<z.input<Schema>>;
}

/**
 * Reads a document by its schema, and reports every part that has the wrong form.
 * @param refused findings made before: their places are left out, and nothing more is said of them.
 */
export function readForm<Schema extends z.ZodType>(
  schema: Schema,
  document: unknown,
  refused: readonly Finding[],
): Form<Schema> {
  const screened = without(
    document,
    refused.map((finding) => finding.path),
  );
  const result = schema.safeParse(screened);
  if (result.success && refused.length === 0)
    return { findings: [], whole: result.data, sound: seenAsSound<Schema>(screened) };
  const issues = result.success ? [] : result.error.issues;
  const told = issues.flatMap((issue) => tell(issue, screened)).filter((finding) => !isUnder(finding, refused));
  const findings = told.filter((finding) => finding.code !== "missing" || !isMisspelt(finding.path, issues));
  const sound = without(
    screened,
    findings.map((finding) => finding.path),
  );
  return { findings, whole: undefined, sound: seenAsSound<Schema>(sound) };
}

function seenAsSound<Schema extends z.ZodType>(left: unknown): Sound<z.input<Schema>> {
  const top: unknown = typeof left === "object" && left !== null ? left : {};
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the schema refused has just been taken out
  return top as Sound<z.input<Schema>>;
}

function isUnder(finding: Finding, refused: readonly Finding[]): boolean {
  return refused.some((other) => other.path.every((step, index) => step === finding.path[index]));
}

/** Whether a missing member stands there under a key that was probably meant for it. */
function isMisspelt(path: DocumentPath, issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.some(
    (issue) =>
      issue.code === "unrecognized_keys" &&
      issue.path.length === path.length - 1 &&
      issue.path.every((step, index) => step === path[index]) &&
      issue.keys.some((key) => nearest(key, issue.message.split(" ")) === path.at(-1)),
  );
}

function tell(issue: z.core.$ZodIssue, document: unknown): readonly Finding[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key, issue.message));
  if (issue.code === "invalid_key") return [wrongKey(path, issue.issues[0]?.message ?? issue.message)];
  const value = valueAt(document, path);
  if (value === undefined) return [missing(path, issue.message)];
  if (issue.code === "invalid_union" && issue.discriminator !== undefined)
    return [notBuilt(path, issue.message, value)];
  return [
    error({
      code: "wrong-form",
      path,
      says: `${pathText(path)} must be ${issue.message}, and is ${shown(value)}.`,
      mend: `Write ${issue.message}.${typeof value === "string" ? near(value, issue) : ""}`,
    }),
  ];
}

function unknownKey(parent: DocumentPath, key: string, known: string): Finding {
  return error({
    code: "unknown-key",
    path: [...parent, key],
    at: "key",
    says: `Unknown key ${shown(key)} in ${pathText(parent)}.`,
    mend: suggestion(key, known.split(" ")),
  });
}

function wrongKey(path: DocumentPath, expected: string): Finding {
  return error({
    code: "wrong-form",
    path,
    at: "key",
    says: `The key ${shown(path.at(-1))} must be ${expected}.`,
    mend: `Write ${expected}.`,
  });
}

function missing(path: DocumentPath, expected: string): Finding {
  const parent = path.slice(0, -1);
  const member = path.at(-1);
  if (typeof member === "number")
    return error({
      code: "wrong-form",
      path: parent,
      says: `${pathText(parent)} is a list with too few items.`,
      mend: `Add ${expected}.`,
    });
  return error({
    code: "missing",
    path,
    at: "key",
    says: `${pathText(parent)} has no ${member ?? "content"}.`,
    mend: `Add ${member === undefined ? "" : `${member}: `}${expected}.`,
  });
}

/** A kind that another version may know: it is refused by its name. */
function notBuilt(path: DocumentPath, known: string, value: unknown): Finding {
  return error({
    code: "kind-not-built",
    path,
    says: `${pathText(path)} names ${shown(value)}, a kind that this version does not have.`,
    mend: suggestion(typeof value === "string" ? value : "", known.split(" ")),
  });
}

function near(value: string, issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_value" ? ` ${suggestion(value, issue.values.map(String))}` : "";
}

const shownMax = 40;

/** A value as a finding shows it: short, on one line, without control characters. */
export function shown(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  const text = JSON.stringify(value) ?? "nothing";
  if (mayBeSecret(text)) return `a text of ${text.length - 2} characters`;
  return text.length <= shownMax ? text : `${text.slice(0, shownMax)}…`;
}

export function valueAt(document: unknown, path: DocumentPath): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}

type Places = Map<string, Places>;

/** The document with `undefined` in these places: keys and the order of lists stay, so that references to them hold. */
function without(document: unknown, paths: readonly DocumentPath[]): unknown {
  const places: Places = new Map();
  for (const path of paths) {
    let at = places;
    for (const step of path) {
      const next: Places = at.get(String(step)) ?? new Map();
      at.set(String(step), next);
      at = next;
    }
  }
  return paths.some((path) => path.length === 0) ? undefined : blank(document, places, taken(paths));
}

function taken(paths: readonly DocumentPath[]): ReadonlySet<string> {
  return new Set(paths.map((path) => path.join("\0")));
}

function blank(value: unknown, places: Places, gone: ReadonlySet<string>, path = ""): unknown {
  if (typeof value !== "object" || value === null || places.size === 0) return value;
  const member = (key: string, inner: unknown): unknown => {
    const next = places.get(key);
    const at = path === "" ? key : `${path}\0${key}`;
    if (next === undefined) return inner;
    return gone.has(at) ? undefined : blank(inner, next, gone, at);
  };
  if (Array.isArray(value)) return value.map((item, index) => member(String(index), item));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, member(key, inner)]));
}
