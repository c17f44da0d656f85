import type { World } from "../cycle/world.ts";
import type { Signer } from "./word.ts";

/** Whether what somebody signed still counts: the key is theirs and stands, and the policy in force has them. */
export function signerStands(
  { authority, policy }: Pick<World, "authority" | "policy">,
  { person, key }: Signer,
): boolean {
  const enrolled = authority.keys.get(key);
  return enrolled?.person === person && enrolled.revokedAt === null && policy.people.has(person);
}
