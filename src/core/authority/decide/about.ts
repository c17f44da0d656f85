import type { Policy } from "../../policy/policy.ts";
import type { Instant } from "../../../values/time.ts";
import type { World } from "../../cycle/world.ts";
import { hasKey } from "../listed.ts";
import type { Speaker } from "../admitted.ts";
import type { Signer } from "../word.ts";

/** What a decision about people rests on. */
export interface About {
  readonly world: World;
  readonly speaker: Speaker;
  readonly now: Instant;
}

/** Whether somebody signed with a recovery key of the policy. */
export function isRecoveryKey({ authority }: Policy, { key }: Signer): boolean {
  return hasKey(authority.recovery?.keys ?? [], key);
}

/** An id of what a statement began: nobody else's statement has the same hash. */
export function idOf(what: string, { statement }: Signer): string {
  return `${what}-${statement.slice(0, 16)}`;
}
