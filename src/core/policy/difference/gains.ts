import type { Authority, Duty, DutyRule, Policy } from "../policy.ts";
import type { Meaning } from "./index.ts";

/**
 * Whether a policy gives a person more than another, in what widens: something that they may do, or do alone, and could
 * not before. What several people may only do together counts for nobody by itself; to be asked beside others is no gain;
 * and a further key makes nobody a second person.
 */
export function gains(person: string, before: Policy, after: Policy, { differences }: Meaning): boolean {
  const now = after.people.get(person);
  if (now === undefined) return false;
  const then = before.people.get(person);
  if (then?.group !== now.group || now.roles.some((role) => !then.roles.includes(role))) return true;
  const widened = new Set(
    differences.flatMap(({ class: kind, path: [top, part] }) =>
      kind === "widening" && top === "authority" && part !== undefined ? [part] : [],
    ),
  );
  const held = new Set(powersOf(person, before, widened));
  return powersOf(person, after, widened).some((power) => !held.has(power));
}

/** What a person may do by those parts of the authority that are wider, in words that can be compared. */
function powersOf(person: string, { people, authority }: Policy, widened: ReadonlySet<string>): readonly string[] {
  const roles = people.get(person)?.roles ?? [];
  const { duties, signOffs, breakGlass, solo, delegateTo } = authority;
  const filled = [...duties].filter(([, rule]) => helps(roles, rule)).map(([duty]) => duty);
  const apart = pairsOf(filled, authority).filter((pair) => ["separate", ...pair].some((part) => widened.has(part)));
  return [
    ...filled.filter((duty) => widened.has(duty)),
    ...[...duties].filter(([duty, rule]) => widened.has(duty) && alone(roles, rule)).map(([duty]) => `${duty} alone`),
    ...apart.map(([a, b]) => `${a} and ${b}`),
    ...signOffs.filter((one) => one.roles.some((role) => roles.includes(role))).map(({ when }) => `sign off ${when}`),
    ...(breakGlass?.of.includes(person) === true ? ["break the glass"] : []),
    ...(delegateTo.some((role) => roles.includes(role)) ? ["be delegated to"] : []),
    ...solo
      .filter((one) => one.person === person)
      .flatMap(({ service, targets }) => targets.map((target) => `move ${service} to ${target} alone`)),
  ];
}

/** Duties that one person may fill both in one failover. */
function pairsOf(filled: readonly Duty[], { separate }: Authority): readonly (readonly [Duty, Duty])[] {
  const apart = (a: Duty, b: Duty): boolean =>
    separate.some(([first, second]) => (first === a && second === b) || (first === b && second === a));
  return filled.flatMap((a) => filled.filter((b) => a < b && !apart(a, b)).map((b) => [a, b] as const));
}

function helps(roles: readonly string[], rule: DutyRule): boolean {
  return rule.kind === "number" || rule.roles.some((role) => roles.includes(role));
}

function alone(roles: readonly string[], rule: DutyRule): boolean {
  switch (rule.kind) {
    case "any":
      return helps(roles, rule);
    case "all":
      return rule.roles.length === 1 && helps(roles, rule);
    case "number":
      return rule.people === 1;
  }
}
