import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument, Scalar, visit, type Document } from "yaml";
import type { DocumentPath } from "../core/policy/finding.ts";
import { shown } from "../core/policy/structure.ts";

/** UTF-16 code units from the start of the text, the end excluded. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Problem {
  readonly code: string;
  readonly says: string;
  readonly mend: string;
  readonly range: Range;
  /** The text could not be read as it was meant, so that what follows from it may be wrong. */
  readonly breaks: boolean;
}

export interface Yaml {
  /** Mappings, lists, texts, numbers, true, false and null. Where something was refused, there is null. */
  readonly document: unknown;
  readonly problems: readonly Problem[];
  /** Where the key or the value at a path stands; the nearest that does stand, if it is missing. */
  readonly locate: (path: DocumentPath, at: "key" | "value") => Range;
  readonly position: (offset: number) => { readonly line: number; readonly column: number };
}

/** A file longer than this is not read. */
const textLengthMax = 16 * 1024 * 1024;
const problemsMax = 20;

/** Reads YAML 1.2 without anchors, aliases, tags, merges and duplicate keys: what is written is all that is meant. */
export function readYaml(text: string): Yaml {
  const read = text.length > textLengthMax ? "" : text;
  const document = parseDocument(read, {
    logLevel: "error",
    merge: false,
    prettyErrors: false,
    schema: "core",
    stringKeys: true,
    // Looked at below: the parser compares each key with each.
    uniqueKeys: false,
  });
  const refused = refuseIndirections(document, read);
  const problems = [...(read === text ? [] : [tooLong(text.length)]), ...errorsOf(document), ...refused];
  return {
    document: contentOf(document),
    problems,
    locate: (path, at) => locate(document.contents, path, at),
    position: positionIn(read),
  };
}

// The parser's own counter ends where the parser gave up.
function positionIn(text: string): Yaml["position"] {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  return (offset) => {
    const next = starts.findIndex((start) => start > offset);
    const line = next === -1 ? starts.length : next;
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
  };
}

function contentOf(document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch {
    // Nested so deeply that the stack ends; the parser has reported it.
    return null;
  }
}

function tooLong(length: number): Problem {
  return {
    code: "yaml-too-long",
    says: `The file has ${length} characters, and ${textLengthMax} are read at most.`,
    mend: "Write a shorter file.",
    range: { start: 0, end: 0 },
    breaks: true,
  };
}

function errorsOf(document: Document.Parsed): readonly Problem[] {
  return document.errors.slice(0, problemsMax).map(({ code, message, pos: [start, end] }) => {
    const range = { start, end: Math.max(end, start + 1) };
    // After a colon the parser repeats what it found, which may be a secret.
    const what = message.replace(/(?<=\w): [^]*$/, "").replace(/\.?$/, ".");
    const says = `This is not the YAML that was meant: ${what}`;
    return { code: "yaml-syntax", says, mend: mends.get(code) ?? generalMend, range, breaks: true };
  });
}

const generalMend = "Look at this line and the one before: indentation, colons, quotes and brackets.";
const mends = new Map<string, string>([
  ["TAB_AS_INDENT", "Indent with spaces."],
  ["BAD_INDENT", "Indent it as far as the lines that it belongs with, and close each bracket."],
  ["MISSING_CHAR", "Close the bracket or the quote, or write the missing comma or colon."],
  ["MULTIPLE_DOCS", "Write one document a file, without --- in between."],
  ["NON_STRING_KEY", "Write the key as a text."],
  ["RESOURCE_EXHAUSTION", "Nest less deeply."],
]);

/** Takes aliases out of the document, so that nothing can be multiplied; reports them, anchors, tags, merges and duplicate keys. */
function refuseIndirections(document: Document.Parsed, text: string): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse = (what: string, range: Range) => problems.push(indirection(what, range));
  try {
    visit(document, {
      Pair: (_, { key }) => {
        if (isScalar(key) && key.value === "<<" && key.type === "PLAIN") refuse("merge", rangeOf(key));
      },
      Node: (_, node) => {
        const { start, end } = rangeOf(node);
        if (isAlias(node)) {
          refuse("alias", { start, end });
          const nothing = new Scalar(null);
          nothing.range = node.range ?? null;
          return nothing;
        }
        if (isMap(node)) problems.push(...duplicateKeys(node.items.map(({ key }) => key)));
        const { anchor, tag } = node;
        if (anchor !== undefined) refuse("anchor", before(text, `&${anchor}`, start));
        if (tag !== undefined) refuse("tag", before(text, "!", start));
        return undefined;
      },
    });
  } catch {
    // Nested too deeply; the parser has reported it.
  }
  return problems.slice(0, problemsMax);
}

function duplicateKeys(keys: readonly unknown[]): readonly Problem[] {
  const seen = new Set<string>();
  return keys.filter(isScalar).flatMap((scalar) => {
    const key = String(scalar.value);
    const again = seen.has(key);
    seen.add(key);
    return again ? [duplicateKey(key, rangeOf(scalar))] : [];
  });
}

function duplicateKey(key: string, range: Range): Problem {
  return {
    code: "yaml-duplicate-key",
    says: `The key ${shown(key)} stands twice in one mapping.`,
    mend: "Leave one of the two out.",
    range,
    breaks: false,
  };
}

function indirection(what: string, range: Range): Problem {
  return {
    code: `yaml-${what}`,
    says: `A YAML ${what} stands here: with it a file means more than it shows.`,
    mend: "Write out what is meant.",
    range,
    breaks: false,
  };
}

/** The last place of a property such as an anchor before the node that has it. */
function before(text: string, property: string, start: number): Range {
  const found = text.lastIndexOf(property, start);
  return found === -1 ? { start, end: start + 1 } : { start: found, end: found + property.length };
}

function rangeOf(node: unknown): Range {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

// Of a key that stands twice the last counts, here as in the document.
function locate(contents: unknown, path: DocumentPath, at: "key" | "value"): Range {
  let node = contents;
  let key: Range = { start: 0, end: 0 };
  for (const step of path) {
    const next: unknown = isMap(node)
      ? node.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === String(step))
      : isSeq(node) && typeof step === "number"
        ? node.items[step]
        : undefined;
    if (next === undefined) return key;
    key = isPair(next) ? rangeOf(next.key) : rangeOf(next);
    node = isPair(next) ? next.value : next;
  }
  const value = rangeOf(node);
  return at === "key" || value.end <= value.start ? key : value;
}
