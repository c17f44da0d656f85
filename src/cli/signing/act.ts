import type { BasisResponse } from "../../api/contract/basis.ts";
import type { AnyStatement } from "../../core/authority/terms.ts";
import type { Instant } from "../../values/time.ts";
import type { Command, Given } from "../frame/command.ts";

/** What is to be said, before it is known who says it. */
export type Sentence = {
  [Kind in AnyStatement["kind"]]: Pick<Extract<AnyStatement, { kind: Kind }>, "kind" | "subject" | "terms"> & {
    /** Where the act may be signed in another duty than its usual one. */
    readonly duty?: string;
  };
}[AnyStatement["kind"]];

/** What a sentence is made from. */
export interface About {
  readonly given: Given;
  readonly basis: BasisResponse;
  /** Now, as the controller or, without one, this machine has it. */
  readonly now: Instant;
  /** The public key to enrol: of the key that signs, or of `--new-key`. */
  readonly publicKey: string;
  /** The public key in a file, in its normal form. @throws PointsmanError when it is none. */
  readonly keyFile: (file: string) => string;
  /** The passkey to enrol, as statements carry it; null: none was given. */
  readonly passkey: string | null;
}

/** An act that people sign: how it is typed, and what it says. Most are named as the statement's kind. */
export interface Act extends Pick<Command, "name" | "summary" | "usage" | "details" | "options" | "takes"> {
  /** @throws PointsmanError `bad-usage`, or what the basis does not have. */
  readonly sentence: (about: About) => Sentence;
}
