import type { World } from "../cycle/world.ts";
import type { Signer } from "./word.ts";

/** Whether what somebody signed earlier still counts: their key stands, and the policy in force still has them. */
export function stillStands({ authority, policy }: World, signer: Signer): boolean {
  return authority.keys.get(signer.key)?.revokedAt === null && policy.people.has(signer.person);
}
