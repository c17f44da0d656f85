import { fingerprintOf } from "../policy/ssh-key.ts";
import type { World } from "../cycle/world.ts";
import type { AuthorityState, Recovery } from "./state.ts";

/** Whether one of these OpenSSH lines is the key of the fingerprint. */
export function hasKey(lines: readonly string[], fingerprint: string): boolean {
  return lines.some((line) => fingerprintOf(line) === fingerprint);
}

/** Whether an SSH key is listed for a person: by the policy in force, or by a recovery that is done. */
export function isListedFor({ authority, policy }: World, person: string, fingerprint: string): boolean {
  return (
    hasKey(policy.people.get(person)?.keys ?? [], fingerprint) ||
    [...authority.recoveries.values()].some((each) => each.person === person && gives(each, fingerprint))
  );
}

/** Whether a recovery gave its person this key. */
export function gives({ state, keys }: Recovery, fingerprint: string): boolean {
  return state === "done" && hasKey(keys, fingerprint);
}

/** People who have an SSH key that is enrolled and stands. */
export function sshKeyHolders({ keys }: AuthorityState): ReadonlySet<string> {
  const standing = [...keys.values()].filter(({ key, revokedAt }) => key.method === "sshsig" && revokedAt === null);
  return new Set(standing.map(({ person }) => person));
}
