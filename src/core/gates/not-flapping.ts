import { formatDuration } from "../../values/time.ts";
import { elapsedOf, type Stepped } from "../authority/clock-steps.ts";
import type { ServiceState } from "../failover/state.ts";
import type { Service } from "../policy/policy.ts";
import type { Instant } from "../../values/time.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** N6: a site that comes and goes is not chased. */
export const notFlapping: Gate = {
  name: "not-flapping",
  kind: "automatic",
  check({ world, state, service, now }) {
    const changes = flappingChanges(world, state, service, now);
    if (changes <= service.flapping.changes) return pass;
    return refuse(
      "flapping",
      `${changes} changes between up and down within ${formatDuration(service.flapping.perMs)}; ${service.flapping.changes} are allowed.`,
      { changes, allowed: service.flapping.changes, perMs: service.flapping.perMs },
      `When the site is steady: pointsman resume ${service.id}`,
    );
  },
};

/** The most changes of one site between up and down, within the policy's time and since automation was last resumed. */
export function flappingChanges(world: Stepped, state: ServiceState, service: Service, now: Instant): number {
  const bySite = new Map<string, number>();
  for (const { site, at } of state.verdictChanges)
    if (at >= state.resumedAt && elapsedOf(world, at, now) < service.flapping.perMs)
      bySite.set(site, (bySite.get(site) ?? 0) + 1);
  return Math.max(0, ...bySite.values());
}
