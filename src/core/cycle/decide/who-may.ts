import type { NonEmpty } from "../../../values/non-empty.ts";
import type { Refusal } from "../../../values/refusal.ts";
import { capacityFor } from "../../authority/capacity.ts";
import { delegationCovers, delegationStands } from "../../authority/live.ts";
import { peopleFor } from "../../authority/people.ts";
import type { Speaker } from "../../authority/admitted.ts";
import type { Duty } from "../../policy/policy.ts";
import type { Moment } from "../moment.ts";

/** Acts that are no word for a plan: anybody who holds one of these duties may do them, alone. */
const table = {
  veto: ["veto"],
  "lift a veto": ["veto"],
  "contain a site": ["contain"],
  "clear a site": ["contain"],
  // It holds the automation and moves nothing: who may call for a move, or forbid one, may say what a site is.
  "force a verdict": ["declare", "veto"],
  "take a service over": ["declare", "execute", "reverse"],
  "give a service back": ["declare", "execute", "reverse"],
  "let it go on": ["declare", "execute", "reverse"],
  "say what stands": ["declare", "execute", "reverse"],
} as const satisfies { readonly [act: string]: NonEmpty<Duty> };

export type Act = keyof typeof table;

/**
 * Why a person may not do it; undefined: they may, by the policy in force, or under a delegation that their statement names
 * and that stands. What somebody lent and the statement does not name is not used: every use says whose authority it was.
 */
export function mayNot(moment: Moment, act: Act, speaker: Speaker): Refusal | undefined {
  const { statement, person } = speaker;
  if (statement.as.delegation !== null) return mayNotUnder(moment, act, speaker, statement.as.delegation);
  const duties: readonly Duty[] = table[act];
  const held = duties.filter((duty) => peopleFor(moment.policy, duty).includes(person.id));
  if (held.length === 0) return notYours(moment, act, speaker);
  return statement.as.role === null ? undefined : firstRefusal(moment, held, [statement.as.role], speaker);
}

/** Whoever may do it by the policy in force. */
export function holdersOf({ policy }: Moment, act: Act): readonly string[] {
  return [...new Set(table[act].flatMap((duty) => peopleFor(policy, duty)))];
}

/** Only what a person lent: an emergency, and one who acts alone, decide over moves. */
function mayNotUnder(moment: Moment, act: Act, speaker: Speaker, id: string): Refusal | undefined {
  const { authority } = moment.world;
  const { as } = speaker.statement;
  const delegation = authority.delegations.get(id);
  if (delegation === undefined)
    return {
      code: "no-such-delegation",
      says: `There is no delegation ${id}; to ${act} takes a duty that is one's own or lent.`,
      figures: { delegation: id, person: speaker.person.id },
      mend: "Name a delegation to you, as pointsman status shows them, or sign in a role of your own.",
    };
  // The giver's role is lent; an act without a duty of its own names none.
  const lent = moment.policy.people.get(delegation.from.person)?.roles ?? [];
  const roles = as.role === null ? lent : [as.role];
  const duties: readonly Duty[] = table[act].filter((duty) => as.duty === null || duty === as.duty);
  if (duties.length === 0 || roles.length === 0) return notYours(moment, act, speaker);
  return firstRefusal(moment, duties, roles, speaker);
}

/** Undefined: one of these duties is filled in one of these roles. */
function firstRefusal(
  { world, policy, service, now }: Moment,
  duties: readonly Duty[],
  roles: readonly string[],
  speaker: Speaker,
): Refusal | undefined {
  const ground = { world, policy, service: service.id, now, asked: [] };
  const { statement } = speaker;
  let first: Refusal | undefined;
  for (const duty of duties) {
    for (const role of roles) {
      const as = { ...statement.as, duty, role };
      const capacity = capacityFor(ground, duty, { ...speaker, statement: { ...statement, as } });
      if (capacity.ok) return undefined;
      first ??= capacity.refusal;
    }
  }
  return first;
}

function notYours(moment: Moment, act: Act, { person }: Speaker): Refusal {
  const duties: readonly Duty[] = table[act];
  const people = holdersOf(moment, act);
  const lent = lentTo(moment, duties, person.id);
  const who = people.length === 0 ? "The policy gives it to nobody." : `Ask ${people.join(", ")}.`;
  return {
    code: "not-your-duty",
    says: `${person.id} may not ${act}: it takes the duty ${duties.join(" or ")}.`,
    figures: { person: person.id, duties: [...duties], people: [...people] },
    mend: lent === undefined ? who : `Name what was lent to you: --under ${lent}`,
  };
}

/** A delegation that would give it, had it been named. */
function lentTo({ world, service, now }: Moment, duties: readonly Duty[], person: string): string | undefined {
  return [...world.authority.delegations.values()].find(
    (delegation) =>
      delegation.to === person &&
      duties.some((duty) => delegationCovers(delegation, duty, service.id)) &&
      delegationStands(world, delegation, now),
  )?.id;
}
