import type { JsonObject } from "../../values/json.ts";
import type { SignedStatement } from "../authority/statement.ts";

/** Who sends a command. */
export interface Sender {
  readonly kind: "controller" | "local-user" | "person" | "automation";
  /** An opaque id: `uid:1000`, a person's id, or the controller's own. */
  readonly id: string;
  readonly method: "internal" | "local-user" | "statement";
}

/** What is due at the edge. Equal keys are the same work: it runs once at a time. */
export interface Action<Kind extends string = string, Data extends JsonObject = JsonObject> {
  readonly key: string;
  readonly kind: Kind;
  readonly data: Data;
}

/**
 * A statement whose signature holds, as a command carries it into the journal. Only control makes one, after the
 * signature was checked against a key that is enrolled; the rest is decided at the command's place in the journal.
 */
export type Spoken = SignedStatement & {
  /** Whether this journal's tree has the head that the signer saw. */
  readonly head: "contained" | "not-contained";
};
