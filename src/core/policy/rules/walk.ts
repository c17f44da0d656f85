import { error, pathText, type DocumentPath, type Finding } from "../finding.ts";
import { suggestion } from "../nearest.ts";
import { shown } from "../structure.ts";

type Members<Value> = { readonly [id: string]: Value } | undefined;

/** Id and value of each member that is well formed. */
export function* entriesOf<Value>(members: Members<Value>): Iterable<readonly [string, NonNullable<Value>]> {
  for (const [id, value] of Object.entries(members ?? {})) {
    if (value !== undefined && value !== null) yield [id, value];
  }
}

/** Place and value of each item that is well formed. */
export function* itemsOf<Item>(list: readonly Item[] | undefined): Iterable<readonly [number, NonNullable<Item>]> {
  for (const [index, item] of (list ?? []).entries()) {
    if (item !== undefined && item !== null) yield [index, item];
  }
}

/** A finding unless `known` has this id. Nothing is said where the id or what is known could not be read. */
export function* reference(
  what: string,
  id: string | undefined,
  known: object | undefined,
  path: DocumentPath,
  at: "key" | "value" = "value",
): Iterable<Finding> {
  if (id === undefined || known === undefined || Object.hasOwn(known, id)) return;
  yield error({
    code: "dangling-reference",
    path,
    at,
    says: `${pathText(path)} names the ${what} ${shown(id)}, which is not declared.`,
    mend: suggestion(id, Object.keys(known)),
    figures: { kind: what },
  });
}

export function* references(
  what: string,
  ids: readonly (string | undefined)[] | undefined,
  known: object | undefined,
  path: DocumentPath,
): Iterable<Finding> {
  for (const [index, id] of itemsOf(ids)) yield* reference(what, id, known, [...path, index]);
  yield* repeated(ids, path);
}

/** A finding for each item that stands in the list a second time. */
export function* repeated(list: readonly unknown[] | undefined, path: DocumentPath): Iterable<Finding> {
  const seen = new Set<unknown>();
  for (const [index, item] of itemsOf(list)) {
    if (seen.has(item)) yield duplicate(shown(item), [...path, index]);
    seen.add(item);
  }
}

export function duplicate(what: string, path: DocumentPath, at: "key" | "value" = "value"): Finding {
  return error({
    code: "duplicate",
    path,
    at,
    says: `${pathText(path)} repeats ${what}.`,
    mend: "Leave one of them out, or give it a name of its own.",
  });
}

/** A value whose form the schema cannot see. */
export function malformed(
  path: DocumentPath,
  value: unknown,
  expected: string,
  at: "key" | "value" = "value",
): Finding {
  return error({
    code: "wrong-form",
    path,
    at,
    says: `${pathText(path)} must be ${expected}, and is ${shown(value)}.`,
    mend: `Write ${expected}.`,
  });
}
