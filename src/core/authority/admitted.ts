import type { Person } from "../policy/policy.ts";
import type { AnyStatement } from "./terms.ts";
import type { Signer } from "./word.ts";

/** The person who signed what is asked. */
export interface Speaker {
  readonly statement: AnyStatement;
  readonly signer: Signer;
  readonly person: Person;
}
