import type { Refusal } from "../../values/refusal.ts";
import type { Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import type { Duty, DutyRule, Policy } from "../policy/policy.ts";
import { emergencyDuties } from "./emergency.ts";
import { delegationCovers, delegationStands, grantStands } from "./live.ts";
import { holdsRole } from "./people.ts";
import { refusal } from "./refusals.ts";
import { ruleOf, type AskedDuty } from "./rules.ts";
import { soloCapacity } from "./solo.ts";
import type { Speaker } from "./admitted.ts";
import type { Word } from "./word.ts";

/** What a capacity is judged by; `policy` is that of the failover's proposal, or the one in force. */
export interface CapacityGround {
  readonly world: World;
  readonly policy: Policy;
  readonly service: string;
  readonly now: Instant;
  /** Sign-offs that the plan asks for: their roles may approve too. */
  readonly asked: readonly AskedDuty[];
}

export type Capacity = { readonly ok: true; readonly word: Word } | { readonly ok: false; readonly refusal: Refusal };

/**
 * Whether a person may fill a duty for a service in the capacity that the statement names: their own role, a delegation, an
 * emergency that they signed, or alone. What others signed is not looked at.
 */
export function capacityFor(ground: CapacityGround, duty: Duty, speaker: Speaker): Capacity {
  const { as } = speaker.statement;
  if (as.duty !== duty) return refused(dutyDiffers(speaker, duty));
  if (as.role === null) return refused(roleNeeded(ground, duty, speaker));
  if (as.delegation === null) return inOwnRole(ground, duty, speaker, as.role);
  if (as.delegation === soloCapacity) return alone(ground, duty, speaker, as.role);
  return ground.world.authority.grants.has(as.delegation)
    ? inEmergency(ground, duty, speaker, as.role, as.delegation)
    : asDelegate(ground, duty, speaker, as.role, as.delegation);
}

/** Roles in which a duty of a failover may be signed; null: any. Empty: the policy gives it to nobody. */
function rolesFor(policy: Policy, duty: Duty, asked: readonly AskedDuty[]): readonly string[] | null {
  const rule = ruleOf(policy, duty);
  // Anybody may ask for a move where the policy does not say who.
  if (rule?.kind === "number" || (rule === undefined && duty === "declare")) return null;
  const signOffs = asked.filter((one) => one.because !== null && one.duty === duty).flatMap((one) => rolesOf(one.rule));
  return [...new Set([...rolesOf(rule ?? null), ...signOffs])];
}

function rolesOf(rule: DutyRule | null): readonly string[] {
  return rule === null || rule.kind === "number" ? [] : rule.roles;
}

function inOwnRole(ground: CapacityGround, duty: Duty, speaker: Speaker, role: string): Capacity {
  const { world, policy } = ground;
  const { id } = speaker.person;
  if (!holdsRole(policy, id, role) || !holdsRole(world.policy, id, role)) return refused(roleMissing(ground, id, role));
  const refusalOfRole = roleRefusal(ground, duty, role, id);
  return refusalOfRole === undefined ? given(ground, duty, speaker, role, null) : refused(refusalOfRole);
}

/** The giver's role is lent: it is theirs that counts for the rule, and the delegate's person that is kept apart. */
function asDelegate(ground: CapacityGround, duty: Duty, speaker: Speaker, role: string, id: string): Capacity {
  const { world, policy, service, now } = ground;
  const delegation = world.authority.delegations.get(id);
  const person = speaker.person.id;
  if (delegation === undefined || delegation.to !== person || !delegationStands(world, delegation, now))
    return refused(
      refusal(
        "no-such-delegation",
        `No delegation ${id} to ${person} is in force now.`,
        { delegation: id, person, until: delegation?.until ?? null },
        "Sign in a role of your own, or ask for another delegation.",
      ),
    );
  if (!delegationCovers(delegation, duty, service) || duty === "adopt")
    return refused(
      refusal(
        "outside-delegation",
        `Delegation ${id} is for ${delegation.duties.join(", ")} of ${delegation.services === "all" ? "every service" : delegation.services.join(", ")}, and not for ${duty} of ${service}.`,
        { delegation: id, duties: [...delegation.duties], duty, service },
        `Ask somebody who holds the duty ${duty}.`,
      ),
    );
  const giver = delegation.from.person;
  if (!holdsRole(policy, giver, role) || !holdsRole(world.policy, giver, role))
    return refused(roleMissing(ground, giver, role));
  const refusalOfRole = roleRefusal(ground, duty, role, giver);
  if (refusalOfRole !== undefined) return refused(refusalOfRole);
  return given(ground, duty, speaker, role, { kind: "delegation", id, until: delegation.until });
}

function inEmergency(ground: CapacityGround, duty: Duty, speaker: Speaker, role: string, id: string): Capacity {
  const { world, service, now } = ground;
  const person = speaker.person.id;
  const grant = world.authority.grants.get(id);
  const signed = grant?.signers.some((signer) => signer.person === person) === true;
  if (grant === undefined || !signed || !grantStands(world, grant, now))
    return refused(
      refusal(
        "grant-over",
        `Emergency ${id} is not granted now, or ${person} did not sign it.`,
        {
          grant: id,
          person,
          signers: grant?.signers.map((signer) => signer.person) ?? [],
          until: grant?.until ?? null,
        },
        "Fill the duties as the policy says, or ask for another: pointsman break-glass",
      ),
    );
  if (grant.service !== service || !emergencyDuties.has(duty))
    return refused(
      refusal(
        "outside-grant",
        `Emergency ${id} decides over moves of ${grant.service}, and not over ${duty} of ${service}.`,
        { grant: id, service: grant.service, duty, asked: service },
        `Ask somebody who holds the duty ${duty}.`,
      ),
    );
  return given(ground, duty, speaker, role, { kind: "break-glass", id, until: grant.until });
}

function alone(ground: CapacityGround, duty: Duty, speaker: Speaker, role: string): Capacity {
  const { world, policy, service } = ground;
  const person = speaker.person.id;
  const adopted = [policy, world.policy].every(({ authority }) =>
    authority.solo.some((rule) => rule.person === person && rule.service === service),
  );
  if (adopted && emergencyDuties.has(duty))
    return given(ground, duty, speaker, role, { kind: "solo", id: service, until: speaker.statement.expires });
  return refused(
    refusal(
      "no-solo",
      `The policy does not let ${person} alone ${duty} for ${service}.`,
      { person, service, duty },
      "Ask others to fill the duties: pointsman why",
    ),
  );
}

function given(
  { policy, world }: CapacityGround,
  duty: Duty,
  { statement, signer, person }: Speaker,
  role: string,
  lent: (NonNullable<Word["under"]> & { readonly until: Instant }) | null,
): Capacity {
  const { id } = person;
  const group = (policy.people.get(id) ?? world.policy.people.get(id) ?? person).group;
  const expires = lent !== null && lent.until < statement.expires ? lent.until : statement.expires;
  const under = lent === null ? null : { kind: lent.kind, id: lent.id };
  return { ok: true, word: { ...signer, duty, role, group, under, expires } };
}

function refused(why: Refusal): Capacity {
  return { ok: false, refusal: why };
}

function roleRefusal({ policy, asked }: CapacityGround, duty: Duty, role: string, person: string): Refusal | undefined {
  const roles = rolesFor(policy, duty, asked);
  if (roles === null || roles.includes(role)) return undefined;
  return refusal(
    "role-without-duty",
    roles.length === 0
      ? `Version ${policy.version} of the policy gives the duty ${duty} to nobody.`
      : `The duty ${duty} is for ${roles.join(", ")}, and ${person} signs as ${role}.`,
    { duty, role, roles: [...roles], person },
    roles.length === 0 ? "Adopt a policy that gives it to somebody." : `Ask somebody who is ${roles.join(" or ")}.`,
  );
}

function roleMissing({ world, policy }: CapacityGround, person: string, role: string): Refusal {
  return refusal(
    "role-not-held",
    `${person} has not the role ${role} in version ${policy.version} of the policy and in ${world.policy.version}, which is in force.`,
    { person, role, versions: [policy.version, world.policy.version] },
    "Sign in a role that both give, or ask somebody who has it.",
  );
}

function dutyDiffers({ statement, person }: Speaker, duty: Duty): Refusal {
  return refusal(
    "duty-differs",
    `${person.id} signed in the duty ${statement.as.duty ?? "none"}, and this takes ${duty}.`,
    { person: person.id, signed: statement.as.duty, duty },
    `Sign it in the duty ${duty}.`,
  );
}

function roleNeeded({ policy, asked }: CapacityGround, duty: Duty, { person, statement }: Speaker): Refusal {
  const roles = rolesFor(policy, duty, asked);
  const fitting = person.roles.filter((role) => roles === null || roles.includes(role));
  return refusal(
    "role-needed",
    `${person.id} signs ${statement.kind} of ${statement.subject.id} in no role; a duty is filled in one.`,
    { person: person.id, duty, roles: fitting },
    fitting.length === 0 ? "Ask somebody who holds the duty." : `Sign as ${fitting.join(" or ")}: --role ROLE`,
  );
}
