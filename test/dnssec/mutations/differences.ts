import type { Validation } from "../../../src/dns/dnssec/verdict.ts";
import type { Other } from "../differences.ts";
import type { OtherVerdict } from "../resolvers.ts";
import type { MutationCase } from "./run.ts";

/** Where another validator judges an altered answer otherwise than we, by which section of which RFC we do. */
export interface AlteredDifference {
  readonly by: readonly Other[];
  readonly when: (one: MutationCase, ours: Validation, theirs: OtherVerdict) => boolean;
  readonly why: string;
}

export const alteredDifferences: readonly AlteredDifference[] = [];

export function explainedAlteration(by: Other, one: MutationCase, ours: Validation, theirs: OtherVerdict) {
  return alteredDifferences.find((difference) => difference.by.includes(by) && difference.when(one, ours, theirs));
}
