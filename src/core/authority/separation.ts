import type { Failover } from "../failover/state.ts";
import type { Duty, Policy } from "../policy/policy.ts";
import type { Word } from "./word.ts";

/** What a person holds of one failover. `role` null: they declared it, before words named roles. */
export interface Holding {
  readonly role: string | null;
  readonly duties: readonly Duty[];
}

/** The first promise that another word of the person would break. */
export type Conflict =
  | { readonly kind: "separate"; readonly holds: Duty; readonly duty: Duty }
  | { readonly kind: "role"; readonly holds: string; readonly role: string };

/**
 * Goes through all that people signed for a failover in its order, and drops what its signer could not have signed beside
 * what they signed before (N8): a duty that must be another's, or another role. Words that count no more hold their person
 * to it still. Whoever declared the failover holds `declare`.
 */
export function separated(
  policy: Policy,
  failover: Pick<Failover, "words" | "waivers" | "by">,
): { readonly words: readonly Word[]; readonly holdings: ReadonlyMap<string, Holding> } {
  const holdings = new Map<string, Holding>();
  if (failover.by.kind === "person") holdings.set(failover.by.id, { role: null, duties: ["declare"] });
  const words = [...failover.words, ...failover.waivers]
    .toSorted((a, b) => a.at - b.at)
    .filter((word) => {
      const holding = holdings.get(word.person);
      if (conflictOf(policy, holding, word) !== undefined) return false;
      holdings.set(word.person, { role: word.role, duties: [...(holding?.duties ?? []), word.duty] });
      return true;
    });
  return { words, holdings };
}

/** Why a person who holds this may not sign that too; undefined: they may. */
export function conflictOf(
  { authority }: Policy,
  holding: Holding | undefined,
  { duty, role }: { readonly duty: Duty; readonly role: string },
): Conflict | undefined {
  if (holding === undefined) return undefined;
  for (const [one, other] of authority.separate) {
    if (one === duty && holding.duties.includes(other)) return { kind: "separate", holds: other, duty };
    if (other === duty && holding.duties.includes(one)) return { kind: "separate", holds: one, duty };
  }
  return holding.role === null || holding.role === role ? undefined : { kind: "role", holds: holding.role, role };
}
