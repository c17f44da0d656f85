import { activeSites, sitesAdded } from "../plan/placement.ts";
import type { Plan } from "../plan/plan.ts";
import type { PlanEffect, Policy } from "../policy/policy.ts";

/**
 * What a plan does beside moving traffic, computed from the plan and its policy alone, so that nobody declares it:
 *
 * - `changes-sign-in`: the service is itself an identity provider;
 * - `changes-jurisdiction`: a site comes in whose jurisdiction no site before had;
 * - `changes-provider`: a site comes in that rests on a third party or an account that no site before rested on.
 *
 * A site that the policy does not know counts as different.
 */
export function effectsOf(plan: Pick<Plan, "service" | "placement">, policy: Policy): readonly PlanEffect[] {
  const { before, after } = plan.placement;
  const added = sitesAdded(before, after);
  const left = activeSites(before).map(({ site }) => site);
  const isNew = (of: (site: string) => readonly string[]): boolean => {
    const known = new Set(left.flatMap(of));
    return added.some((site) => !policy.sites.has(site) || of(site).some((one) => !known.has(one)));
  };
  const effects: readonly (readonly [PlanEffect, boolean])[] = [
    ["changes-sign-in", providesSignIn(plan.service, policy)],
    ["changes-jurisdiction", isNew((site) => jurisdictionOf(site, policy))],
    ["changes-provider", isNew((site) => othersUnder(site, policy))],
  ];
  return effects.filter(([, has]) => has).map(([effect]) => effect);
}

function providesSignIn(id: string, { services, dependencies }: Policy): boolean {
  const provides = services.get(id)?.provides ?? [];
  return provides.some((dependency) => dependencies.get(dependency)?.kind === "identity-provider");
}

function jurisdictionOf(id: string, { sites }: Policy): readonly string[] {
  const site = sites.get(id);
  return site === undefined ? [] : [site.jurisdiction];
}

/** Third parties and accounts that a site rests on. */
function othersUnder(id: string, { sites, dependencies }: Policy): readonly string[] {
  return (sites.get(id)?.dependsOn ?? []).filter((dependency) => {
    const kind = dependencies.get(dependency)?.kind;
    return kind === "third-party" || kind === "account";
  });
}
