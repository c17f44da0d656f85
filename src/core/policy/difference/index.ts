import type { Json } from "../../../values/json.ts";
import { classOf, type Difference, type DifferenceClass, isMap } from "./difference.ts";
import { policyRule } from "./table.ts";

export type { Difference, DifferenceClass } from "./difference.ts";

/** The meaning of a difference between two policies. */
export interface Meaning {
  readonly class: DifferenceClass;
  readonly differences: readonly Difference[];
}

/**
 * What it means that one policy follows another, field by field; both documents with their defaults, as the schema reads
 * them. A document that is no mapping, or a field that the table does not know, is widening.
 */
export function meaningOf(before: Json, after: Json): Meaning {
  const documents = { before: isMap(before) ? before : {}, after: isMap(after) ? after : {} };
  const differences = [...policyRule(before, after, { path: [], ...documents })];
  return { class: classOf(differences), differences };
}
