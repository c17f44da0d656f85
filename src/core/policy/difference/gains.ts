import type { Authority, Duty, DutyRule, Policy } from "../policy.ts";

/**
 * Whether a policy gives a person more than another: something that they may do, or do alone, and could not before. What
 * several people may only do together counts for nobody by itself; a further key makes nobody a second person.
 */
export function gains(person: string, before: Policy, after: Policy): boolean {
  const held = new Set(powersOf(person, before));
  const group = before.people.get(person)?.group;
  if (after.people.get(person)?.group !== group) return after.people.has(person);
  return powersOf(person, after).some((power) => !held.has(power));
}

/** What a person may do, in words that can be compared. */
function powersOf(person: string, { people, authority }: Policy): readonly string[] {
  const roles = people.get(person)?.roles;
  if (roles === undefined) return [];
  const { duties, signOffs, breakGlass, solo, delegateTo } = authority;
  const filled = [...duties].filter(([, rule]) => helps(roles, rule)).map(([duty]) => duty);
  return [
    ...filled,
    ...[...duties].filter(([, rule]) => alone(roles, rule)).map(([duty]) => `${duty} alone`),
    ...bothOf(filled, authority),
    ...signOffs.filter((one) => one.roles.some((role) => roles.includes(role))).map(({ when }) => `sign off ${when}`),
    ...(breakGlass?.of.includes(person) === true ? ["break the glass"] : []),
    ...(delegateTo.some((role) => roles.includes(role)) ? ["be delegated to"] : []),
    ...solo
      .filter((one) => one.person === person)
      .flatMap(({ service, targets }) => targets.map((target) => `move ${service} to ${target} alone`)),
  ];
}

/** Pairs of duties that one person may fill in one failover. */
function bothOf(filled: readonly Duty[], { separate }: Authority): readonly string[] {
  const apart = (a: Duty, b: Duty): boolean =>
    separate.some(([first, second]) => (first === a && second === b) || (first === b && second === a));
  return filled.flatMap((a) => filled.filter((b) => a < b && !apart(a, b)).map((b) => `${a} and ${b}`));
}

function helps(roles: readonly string[], rule: DutyRule): boolean {
  return rule.kind === "number" || rule.roles.some((role) => roles.includes(role));
}

function alone(roles: readonly string[], rule: DutyRule): boolean {
  switch (rule.kind) {
    case "any":
      return rule.roles.some((role) => roles.includes(role));
    case "all":
      return rule.roles.length === 1 && helps(roles, rule);
    case "number":
      return rule.people === 1;
  }
}
