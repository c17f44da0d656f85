import type { Policy } from "../../policy/policy.ts";
import { fingerprintOf } from "../../policy/ssh-key.ts";
import type { Instant } from "../../../values/time.ts";
import type { World } from "../../cycle/world.ts";
import type { Speaker } from "../speaker.ts";
import type { Signer } from "../word.ts";

/** What a decision about people rests on. */
export interface About {
  readonly world: World;
  readonly speaker: Speaker;
  readonly now: Instant;
}

/** What the statements of a recovery key give as their person. */
export const recoveryPrefix = "recovery:";

/** Whether what somebody signed earlier still counts: their key stands, and the policy in force still has them. */
export function stillStands({ authority, policy }: World, signer: Signer): boolean {
  return authority.keys.get(signer.key)?.revokedAt === null && policy.people.has(signer.person);
}

/** Whether somebody signed with a recovery key of the policy. */
export function isRecoveryKey({ authority }: Policy, { person, key }: Signer): boolean {
  return person === `${recoveryPrefix}${key}` && hasKey(authority.recovery?.keys ?? [], key);
}

/** Whether one of these OpenSSH lines is the key of the fingerprint. */
export function hasKey(lines: readonly string[], fingerprint: string): boolean {
  return lines.some((line) => fingerprintOf(line) === fingerprint);
}

/** An id of what a statement began: nobody else's statement has the same hash. */
export function idOf(what: string, { statement }: Signer): string {
  return `${what}-${statement.slice(0, 16)}`;
}
