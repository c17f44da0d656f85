import type { PersonKey } from "../../core/authority/keys.ts";
import { routeOf } from "../../core/authority/route.ts";
import type { AnyStatement } from "../../core/authority/terms.ts";
import type { World } from "../../core/cycle/world.ts";
import { fingerprintOf, readPublicKey } from "../../core/policy/ssh-key.ts";
import type { KeyFault } from "./refusals.ts";

/** The key that a statement is to be checked with. An enrolment brings its own; a recovery is signed by the policy's. */
export function keyOf(statement: AnyStatement, world: World): PersonKey | KeyFault {
  if (statement.kind === "enrol") return ownKey(statement);
  return statement.kind === "recover" ? recoveryKey(statement.by.key, world) : enrolledKey(statement, world);
}

function ownKey(statement: AnyStatement): PersonKey | KeyFault {
  const { request } = routeOf(statement);
  return request.kind === "enrol" && request.fingerprint === statement.by.key ? request.key : "key-unknown";
}

function recoveryKey(fingerprint: string, { policy }: World): PersonKey | KeyFault {
  const line = policy.authority.recovery?.keys.find((one) => fingerprintOf(one) === fingerprint);
  const key = line === undefined ? undefined : readPublicKey(line);
  return key?.kind === "key" ? { method: "sshsig", line: key.line } : "key-unknown";
}

function enrolledKey({ by }: AnyStatement, { authority }: World): PersonKey | KeyFault {
  const enrolled = authority.keys.get(by.key);
  if (enrolled === undefined) return "key-unknown";
  if (enrolled.person !== by.person) return "key-of-another-person";
  return enrolled.revokedAt === null ? enrolled.key : "key-revoked";
}
