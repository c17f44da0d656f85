import type { Epoch, Sequence } from "../values/ids.ts";
import { invariant } from "../values/invariant.ts";

/* oxlint-disable typescript/no-unsafe-type-assertion -- the journal is what gives sequences and epochs */

export function asSequence(value: number): Sequence {
  invariant(Number.isSafeInteger(value) && value >= 0, "a sequence is a whole number of zero or more");
  return value as Sequence;
}

/** 0 before the first claim. */
export function asEpoch(value: number): Epoch {
  invariant(Number.isSafeInteger(value) && value >= 0, "an epoch is a whole number of zero or more");
  return value as Epoch;
}
