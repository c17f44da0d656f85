import type { Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import type { Failover } from "../failover/state.ts";
import type { Duty, DutyRule, Policy } from "../policy/policy.ts";
import { delegationCovers, delegationStands } from "./live.ts";
import { holdsRole } from "./people.ts";
import { conflictOf, separated } from "./separation.ts";
import type { Word } from "./word.ts";

/**
 * Ids of the people who could fill what is missing now, in the policy's order: with a key that stands, in a role or by a
 * delegation that the rule takes, held back by nothing that they signed for this failover. `words` are those that count
 * towards the rule already. Hours on call are not looked at.
 */
export function whoCouldFill(
  about: { readonly world: World; readonly policy: Policy; readonly failover: Failover; readonly now: Instant },
  duty: Duty,
  rule: DutyRule,
  words: readonly Word[],
): readonly string[] {
  // A move is declared when it is asked for, and by nobody afterwards.
  if (duty === "declare") return [];
  const { world, policy, failover, now } = about;
  const { holdings } = separated(policy, failover);
  const keyed = new Set(
    [...world.authority.keys.values()]
      .filter(({ revokedAt }) => revokedAt === null || now < revokedAt)
      .map(({ person }) => person),
  );
  return [...world.policy.people.keys()].filter((id) => {
    if (!keyed.has(id) || !policy.people.has(id)) return false;
    if (rule.kind === "number" && !addsToNumber(rule, policy, id, words)) return false;
    const roles = rule.kind === "number" ? rolesIn(about, id) : rolesIn(about, id, duty).filter(inRule(rule));
    return roles.some((role) => conflictOf(policy, holdings.get(id), { duty, role }) === undefined);
  });
}

function inRule(rule: Exclude<DutyRule, { kind: "number" }>): (role: string) => boolean {
  return (role) => rule.roles.includes(role);
}

/** Roles that both policies give, and with a duty those that a delegation lends for it. */
function rolesIn(
  { world, policy, failover, now }: Parameters<typeof whoCouldFill>[0],
  person: string,
  duty?: Duty,
): readonly string[] {
  const own = (id: string): readonly string[] =>
    (policy.people.get(id)?.roles ?? []).filter((role) => holdsRole(world.policy, id, role));
  if (duty === undefined) return own(person);
  const lent = [...world.authority.delegations.values()].filter(
    (one) =>
      one.to === person && delegationCovers(one, duty, failover.plan.service) && delegationStands(world, one, now),
  );
  return [...own(person), ...lent.flatMap(({ from }) => own(from.person))];
}

/** A person who signed adds nothing; where as many groups are missing as people, each must be of another group. */
function addsToNumber(
  { people, groups }: Extract<DutyRule, { kind: "number" }>,
  policy: Policy,
  person: string,
  words: readonly Word[],
): boolean {
  const signed = new Set(words.map((word) => word.person));
  if (signed.has(person)) return false;
  const known = new Set(words.map(({ group }) => group));
  const group = policy.people.get(person)?.group ?? "";
  return groups - known.size < people - signed.size || !known.has(group);
}
