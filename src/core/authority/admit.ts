import type { Refusal } from "../../values/refusal.ts";
import type { Instant } from "../../values/time.ts";
import type { Spoken } from "../cycle/command.ts";
import type { World } from "../cycle/world.ts";
import type { Person } from "../policy/policy.ts";
import type { AnyStatement } from "./terms.ts";
import type { Signer } from "./word.ts";

export type Admission =
  | { readonly ok: true; readonly statement: AnyStatement; readonly signer: Signer; readonly person: Person }
  /** `disputes`: it is valid in all but the head of the log, which this journal does not contain. */
  | { readonly ok: false; readonly refusal: Refusal; readonly disputes: boolean };

/**
 * Whether a statement is one of this installation's people, now: its form, installation, time, key, nonce, policy, words and
 * head. Its signature was checked before. What it may do is not asked here.
 */
export function admit(_world: World, _spoken: Spoken, _now: Instant): Admission {
  throw new Error("not built");
}
