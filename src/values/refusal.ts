import type { Json } from "./json.ts";

/** What was refused: a code for programs, a sentence with its figures for people, and how to mend it. */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly says: string;
  readonly figures: { readonly [name: string]: Json };
  readonly mend: string;
}

/** An error that a user may see: typed, with figures and a mend, and shown without a stack trace. */
export class PointsmanError extends Error {
  override readonly name = "PointsmanError";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.says} ${refusal.mend}`);
    this.refusal = refusal;
  }
}
