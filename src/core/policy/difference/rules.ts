import { parseDuration, parseInstant } from "../../../values/time.ts";
import type { Json } from "../../../values/json.ts";
import {
  type Difference,
  type DifferenceClass,
  isMap,
  listOf,
  type Place,
  placeText,
  type Rule,
  same,
  shown,
} from "./difference.ts";

/** Any change of the whole part is of one class. */
export function any(kind: DifferenceClass): Rule {
  return function* compare(before, after, at) {
    if (!same(before, after)) yield changed(kind, before, after, at);
  };
}

/** Whatever this version does not know might let anything happen. */
const unknown: Rule = any("widening");

/** A mapping with these members; a member that is not named here is unknown. */
export function members(rules: { readonly [member: string]: Rule }): Rule {
  return function* compare(before, after, at) {
    if (same(before, after)) return;
    if (!isMap(before) || !isMap(after)) {
      yield changed("widening", before, after, at);
      return;
    }
    for (const member of keysOf(before, after)) {
      const rule = Object.hasOwn(rules, member) ? rules[member] : undefined;
      yield* (rule ?? unknown)(before[member], after[member], inside(at, member));
    }
  };
}

/** A mapping by id. */
export function byId(what: string, added: DifferenceClass, removed: DifferenceClass, each: Rule): Rule {
  return function* compare(before, after, at) {
    const [old, young] = [isMap(before) ? before : {}, isMap(after) ? after : {}];
    for (const id of keysOf(old, young)) {
      const place = inside(at, id);
      if (!Object.hasOwn(old, id)) yield said(added, place, `${what} ${id} is new: ${shown(young[id])}.`);
      else if (!Object.hasOwn(young, id)) yield said(removed, place, `${what} ${id} is gone.`);
      else yield* each(old[id], young[id], place);
    }
  };
}

/** A list by the value of one member of its items; their order counts where `ordered` says of which class that is. */
export function byMember(
  member: string,
  what: string,
  classes: { readonly added: DifferenceClass; readonly removed: DifferenceClass; readonly ordered: DifferenceClass },
  each: Rule,
): Rule {
  const named = (list: Json | undefined): { readonly [id: string]: Json } =>
    Object.fromEntries(listOf(list).map((item, index) => [shown(isMap(item) ? item[member] : index), item]));
  return function* compare(before, after, at) {
    const [old, young] = [named(before), named(after)];
    yield* byId(what, classes.added, classes.removed, each)(old, young, at);
    // Integer-like keys would come in their own order: names are never of that form.
    if (!same(kept(old, young), kept(young, old)))
      yield said(classes.ordered, at, `The order of ${placeText(at)} is another.`);
  };
}

function kept(from: object, other: object): readonly string[] {
  return Object.keys(from).filter((id) => Object.hasOwn(other, id));
}

/** A list as a set. */
export function set(what: string, added: DifferenceClass, removed: DifferenceClass): Rule {
  return function* compare(before, after, at) {
    const [old, young] = [listOf(before), listOf(after)];
    const gained = young.filter((item) => !old.some((one) => same(one, item)));
    const lost = old.filter((item) => !young.some((one) => same(one, item)));
    if (gained.length > 0) yield said(added, at, `${placeText(at)} gains ${what} ${listText(gained)}.`);
    if (lost.length > 0) yield said(removed, at, `${placeText(at)} loses ${what} ${listText(lost)}.`);
  };
}

/** A number, a duration, a percentage or a date. */
export function amount(
  more: DifferenceClass,
  less: DifferenceClass,
  absent: "least" | "most" | "unlike" = "unlike",
): Rule {
  return function* compare(before, after, at) {
    if (same(before, after)) return;
    const [old, young] = [measure(before, absent), measure(after, absent)];
    const kind = old === undefined || young === undefined ? "widening" : young > old ? more : less;
    yield changed(kind, before, after, at);
  };
}

function measure(value: Json | undefined, absent: "least" | "most" | "unlike"): number | undefined {
  if (value === undefined || value === null)
    return absent === "unlike" ? undefined : absent === "least" ? -Infinity : Infinity;
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  return percent === undefined ? (parseDuration(value) ?? parseInstant(value)) : Number(percent);
}

/** A choice: the class of each direction, by `from>to`; what is not listed is widening. */
export function choice(directions: { readonly [direction: string]: DifferenceClass }): Rule {
  return function* compare(before, after, at) {
    if (same(before, after)) return;
    yield changed(directions[`${shown(before)}>${shown(after)}`] ?? "widening", before, after, at);
  };
}

function inside(at: Place, member: string): Place {
  return { ...at, path: [...at.path, member] };
}

export function said(kind: DifferenceClass, at: Place, says: string): Difference {
  return { path: at.path, class: kind, says };
}

function changed(kind: DifferenceClass, before: Json | undefined, after: Json | undefined, at: Place): Difference {
  return said(kind, at, `${placeText(at)} becomes ${shown(after)}; was: ${shown(before)}.`);
}

function keysOf(before: object, after: object): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
}

function listText(items: readonly Json[]): string {
  return items.map((item) => shown(Array.isArray(item) ? item.join(" and ") : item)).join(", ");
}
