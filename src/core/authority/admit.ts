import { utf8 } from "../../values/octets.ts";
import type { Refusal } from "../../values/refusal.ts";
import type { Instant } from "../../values/time.ts";
import type { Spoken } from "../cycle/command.ts";
import type { World } from "../cycle/world.ts";
import type { Person } from "../policy/policy.ts";
import { dutiesOfAct } from "./acts.ts";
import type { Speaker } from "./admitted.ts";
import { automationRole } from "../policy/fillers.ts";
import { hastened } from "./clock-steps.ts";
import { hasKey, isListedFor } from "./listed.ts";
import { readStatement } from "./read-statement.ts";
import {
  automationIsNobody,
  dutyOfAnotherAct,
  expired,
  keyNotInPolicy,
  keyOfAnother,
  keyRevoked,
  livesTooLong,
  logNotContained,
  nonceUsed,
  notYetValid,
  otherInstallation,
  policyChanged,
  roleNotHeld,
  saysDiffers,
  statementMsMax,
  subjectUnknown,
  unknownKey,
  unknownPerson,
  unreadable,
} from "./refusals.ts";
import { saysOf } from "./says.ts";
import { openFailover, shownIn } from "./shown.ts";
import { statementHash } from "./statement.ts";
import type { AnyStatement } from "./terms.ts";

export type Admission =
  | ({ readonly ok: true } & Speaker)
  | { readonly ok: false; readonly refusal: Refusal; readonly disputes: false }
  /** It is valid in all but the head of the log, which this journal does not contain. */
  | ({ readonly ok: false; readonly refusal: Refusal; readonly disputes: true } & Speaker);

/** By whom recovery keys sign: nobody's own. */
export const recoveryPerson = "recovery";

/**
 * Whether a statement is one of this installation's people, now: its form, installation, time, key, nonce, policy, words and
 * head. Its signature was checked before. What it may do is not asked here.
 */
export function admit(world: World, spoken: Spoken, now: Instant): Admission {
  const statement = readStatement(spoken.statement);
  if (typeof statement === "string") return refused(unreadable(statement, utf8(spoken.statement).length));
  const person = personOf(world, statement);
  if (statement.installation !== world.installation) return refused(otherInstallation(statement, world.installation));
  if (isOfAutomation(world, statement)) return refused(automationIsNobody(statement));
  if (person === undefined) return refused(unknownPerson(statement, world));
  const refusal =
    keyRefusal(world, statement, person, now) ??
    timeRefusal(world, statement, now) ??
    (world.authority.nonces.has(statement.nonce) ? nonceUsed(statement) : undefined) ??
    policyRefusal(world, statement) ??
    capacityRefusal(statement, person) ??
    saysRefusal(world, statement, now);
  if (refusal !== undefined) return refused(refusal);
  const { key } = statement.by;
  const signer = { person: person.id, key, statement: statementHash(spoken), at: now };
  const admitted = { statement, signer, person };
  return spoken.head === "contained"
    ? { ok: true, ...admitted }
    : { ok: false, refusal: logNotContained(statement), disputes: true, ...admitted };
}

function refused(refusal: Refusal): Admission {
  return { ok: false, refusal, disputes: false };
}

function personOf({ policy }: World, { kind, by }: AnyStatement): Person | undefined {
  if (kind !== "recover") return policy.people.get(by.person);
  if (policy.authority.recovery === null || by.person !== recoveryPerson) return undefined;
  return { id: recoveryPerson, roles: [], group: recoveryPerson, keys: policy.authority.recovery.keys, onCall: null };
}

/** The automation is a party distinct from every person: neither its key nor its name speaks for anybody. */
function isOfAutomation({ authority }: World, { by }: AnyStatement): boolean {
  return by.person === automationRole || by.key === authority.automation?.fingerprint;
}

/** Recovery keys sign recoveries alone; a key is enrolled by itself, or by another of the same person. */
function keyRefusal(world: World, statement: AnyStatement, person: Person, now: Instant): Refusal | undefined {
  const { by, kind, subject } = statement;
  if (kind === "recover") return hasKey(person.keys, by.key) ? undefined : unknownKey(statement);
  const enrolled = world.authority.keys.get(by.key);
  if (enrolled === undefined && kind === "enrol" && subject.id === by.key)
    return isListedFor(world, person.id, by.key) ? undefined : keyNotInPolicy(statement, world);
  if (enrolled === undefined) return unknownKey(statement);
  if (enrolled.person !== person.id) return keyOfAnother(statement, enrolled);
  const { revokedAt } = enrolled;
  return revokedAt !== null && now >= revokedAt ? keyRevoked(statement, revokedAt) : undefined;
}

function timeRefusal(world: World, statement: AnyStatement, now: Instant): Refusal | undefined {
  const { notBefore, expires } = statement;
  if (expires <= notBefore || expires - notBefore > statementMsMax) return livesTooLong(statement);
  if (now < notBefore) return notYetValid(statement, now);
  return now >= hastened(world, notBefore, expires) ? expired(statement, now) : undefined;
}

/** The policy in force, or, of what is about a plan, the plan's own: a failover runs under the policy of its proposal. */
function policyRefusal(world: World, statement: AnyStatement): Refusal | undefined {
  const { policy, subject } = statement;
  const open = subject.type === "plan" ? openFailover(world, subject.id) : undefined;
  const ofPlan = open && world.policies.get(open.plan.policy);
  const fits = [world.policy, ...(ofPlan === undefined ? [] : [ofPlan])].some(
    ({ hash, version }) => hash === policy.hash && version === policy.version,
  );
  return fits ? undefined : policyChanged(statement, world.policy);
}

/** The capacity that the words name is one of the act's and of the person's; who gives it is asked with the duty. */
function capacityRefusal(statement: AnyStatement, { roles }: Person): Refusal | undefined {
  const { as, kind } = statement;
  const duties: readonly (string | null)[] = dutiesOfAct[kind];
  if (!duties.includes(as.duty)) return dutyOfAnotherAct(statement, duties);
  return as.role === null || as.delegation !== null || roles.includes(as.role)
    ? undefined
    : roleNotHeld(statement, roles);
}

function saysRefusal(world: World, statement: AnyStatement, now: Instant): Refusal | undefined {
  const rendered = saysOf(statement, shownIn(world, statement, now));
  if (rendered === undefined)
    return subjectUnknown(statement, openFailover(world, statement.subject.id)?.planHash ?? null);
  const { says } = statement;
  const same = rendered.length === says.length && rendered.every((line, index) => line === says[index]);
  return same ? undefined : saysDiffers(statement, rendered);
}
