import { givenUntil } from "../../authority/live.ts";
import type { NonEmpty } from "../../../values/non-empty.ts";
import type { Refusal } from "../../../values/refusal.ts";
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

/** Why a person may not do it; undefined: they may, by the policy in force or by a delegation that is live. */
export function mayNot(moment: Moment, act: Act, speaker: Speaker): Refusal | undefined {
  const duties: readonly Duty[] = table[act];
  const { person } = speaker;
  if (duties.some((duty) => holdsDuty(moment, duty, person.id))) return undefined;
  const people = holdersOf(moment, act);
  const who = people.length === 0 ? "The policy gives it to nobody." : `Ask ${people.join(", ")}.`;
  return {
    code: "not-your-duty",
    says: `${person.id} may not ${act}: it takes the duty ${duties.join(" or ")}.`,
    figures: { person: person.id, duties: [...duties], people: [...people] },
    mend: who,
  };
}

/** Whoever may do it by the policy in force. */
export function holdersOf({ policy }: Moment, act: Act): readonly string[] {
  return [...new Set(table[act].flatMap((duty) => peopleFor(policy, duty)))];
}

function holdsDuty({ policy, world, service, now }: Moment, duty: Duty, person: string): boolean {
  if (peopleFor(policy, duty).includes(person)) return true;
  return [...world.authority.delegations.values()].some(
    ({ from, to, duties, services, since, until, withdrawnAt }) =>
      to === person &&
      duties.includes(duty) &&
      (services === "all" || services.includes(service.id)) &&
      since <= now &&
      now < givenUntil(world, from.at, until) &&
      withdrawnAt === null,
  );
}
