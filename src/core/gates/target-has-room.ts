import { activeSites, isActive } from "../plan/placement.ts";
import { pass, refuse, type Gate, type GateInput } from "./gate.ts";

/** What a site is asked to carry after the move is no more than the capacity that its owner declared. */
export const targetHasRoom: Gate = {
  name: "target-has-room",
  kind: "judgement",
  check(input) {
    for (const { site } of activeSites(input.plan.placement.after)) {
      const capacity = input.policy.sites.get(site)?.capacity ?? null;
      if (capacity === null) continue;
      const load = loadOf(site, input);
      if (load <= capacity) continue;
      return refuse(
        "no-room",
        `${site} would carry ${load} of its capacity of ${capacity}.`,
        { site, load, capacity },
        "Shed load there first, or name another site.",
      );
    }
    return pass;
  },
};

/** Declared demand of every service that stands at the site, this one as after the move, spread evenly over its sites. */
function loadOf(site: string, { plan, policy, world }: GateInput): number {
  let load = 0;
  for (const service of policy.services.values()) {
    const placement = service.id === plan.service ? plan.placement.after : world.services.get(service.id)?.placement;
    if (service.demand === null || placement === undefined || placement === null || !isActive(placement, site))
      continue;
    load += Math.ceil(service.demand / activeSites(placement).length);
  }
  return load;
}
