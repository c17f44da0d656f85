import { helpersOf } from "../policy/fillers.ts";
import type { Duty, Policy } from "../policy/policy.ts";

/** Ids of the people who can help to fill a duty, in the policy's order; nobody where the policy has no rule for it. */
export function peopleFor(policy: Policy, duty: Duty): readonly string[] {
  const rule = policy.authority.duties.get(duty);
  return rule === undefined ? [] : helpersOf([...policy.people.values()], rule).map(({ id }) => id);
}

/** Whether a policy gives a person a role. */
export function holdsRole({ people }: Policy, person: string, role: string): boolean {
  return people.get(person)?.roles.includes(role) === true;
}
