import { formatInstant, type Instant } from "../../values/time.ts";
import { deferred } from "../authority/clock-steps.ts";
import type { World } from "../cycle/world.ts";
import type { ForcedVerdict } from "../failover/state.ts";
import { activeSites } from "../plan/placement.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** N6: nothing automatic on a verdict that a person forced: it stands beside the judged one, and never instead of it. */
export const notForced: Gate = {
  name: "not-forced",
  kind: "automatic",
  check({ plan, state, world, now }) {
    const sites = [...activeSites(plan.placement.before), ...activeSites(plan.placement.after)].map(({ site }) => site);
    for (const site of sites) {
      const forced = state.forced.get(site);
      if (forced === undefined || !isForced(world, forced, now)) continue;
      const { verdict, by, until } = forced;
      return refuse(
        "forced",
        `${by.person} says ${site} is ${verdict}, until ${formatInstant(until)}.`,
        { site, verdict, by: by.person, until },
        `Wait until it ends, move by hand, or lift it: pointsman withdraw --forced-verdict ${site} --service ${plan.service}`,
      );
    }
    return pass;
  },
};

/** Whether a forced verdict stands still: a step of the clock ends none sooner. */
export function isForced(world: World, { by, until }: ForcedVerdict, now: Instant): boolean {
  return now < deferred(world, by.at, until);
}
