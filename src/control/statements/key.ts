import { readPersonKey, type PersonKey } from "../../core/authority/keys.ts";
import { keyOfAnother, keyRevoked, unknownKey } from "../../core/authority/refusals.ts";
import type { AnyStatement } from "../../core/authority/terms.ts";
import type { World } from "../../core/cycle/world.ts";
import { fingerprintOf } from "../../core/policy/ssh-key.ts";
import type { Refusal } from "../../values/refusal.ts";

/** The key that a statement is to be checked with, or why there is none. */
export function keyOf(statement: AnyStatement, world: World): PersonKey | Refusal {
  const { by, kind } = statement;
  // Recovery keys stand in the policy, and sign recoveries alone.
  if (kind === "recover")
    return listedKey(world.policy.authority.recovery?.keys ?? [], by.key) ?? unknownKey(statement);
  const enrolled = world.authority.keys.get(by.key);
  if (enrolled !== undefined) {
    if (enrolled.person !== by.person) return keyOfAnother(statement, enrolled);
    return enrolled.revokedAt === null ? enrolled.key : keyRevoked(statement, enrolled.revokedAt);
  }
  // A key enrols itself.
  const own = kind === "enrol" && statement.subject.id === by.key ? readPersonKey(statement.terms.key) : undefined;
  return own ?? unknownKey(statement);
}

function listedKey(lines: readonly string[], fingerprint: string): PersonKey | undefined {
  const line = lines.find((one) => fingerprintOf(one) === fingerprint);
  return line === undefined ? undefined : readPersonKey(line.split(" ", 2).join(" "));
}
