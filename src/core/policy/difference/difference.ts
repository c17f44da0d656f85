import { canonicalJson, type Json, type JsonObject } from "../../../values/json.ts";

/**
 * What a change of the policy means for what may happen. `widening`: more may happen, to more, or with less; whatever is
 * not known is that. `values-only`: the addresses of a site. `tightening`: less may happen. `neutral`: neither.
 */
export type DifferenceClass = "neutral" | "tightening" | "values-only" | "widening";

/** One field that differs, and what that means. */
export interface Difference {
  readonly path: readonly string[];
  readonly class: DifferenceClass;
  /** One sentence in plain English. */
  readonly says: string;
}

/** How one part of the policy is compared. `undefined`: it is not there. */
export type Rule = (before: Json | undefined, after: Json | undefined, at: Place) => Iterable<Difference>;

export interface Place {
  readonly path: readonly string[];
  /** The documents whole, for sentences that need another part of them. */
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** The class of all differences together: the most consequential. */
export function classOf(differences: readonly Difference[]): DifferenceClass {
  const order: readonly DifferenceClass[] = ["widening", "values-only", "tightening"];
  return order.find((one) => differences.some((difference) => difference.class === one)) ?? "neutral";
}

export function same(before: Json | undefined, after: Json | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return canonicalJson(before) === canonicalJson(after);
}

export function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** A value in a sentence: short, and never more than a line. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value) && value.length === 0) return "none";
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(", ");
  const text = typeof value === "string" ? value : canonicalJson(value);
  return text.length <= shownMax ? text : `${text.slice(0, shownMax)} ...`;
}

const shownMax = 120;

export function placeText({ path }: Place): string {
  return path.join(".");
}
