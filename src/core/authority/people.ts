import type { Duty, Policy } from "../policy/policy.ts";

/**
 * Ids of the people who can help to fill a duty, in the policy's order. Until signed statements are built, whoever may
 * use the controller's socket acts for them, and every record calls it unsigned.
 */
export function peopleFor(policy: Policy, duty: Duty): readonly string[] {
  const rule = policy.authority.duties.get(duty);
  if (rule === undefined) return [];
  const people = [...policy.people.values()];
  const able =
    rule.kind === "number" ? people : people.filter(({ roles }) => roles.some((role) => rule.roles.includes(role)));
  return able.map(({ id }) => id);
}
