import { formatInstant, type Instant } from "../../values/time.ts";
import { moveKey } from "../plan/placement.ts";
import { deferred } from "../authority/clock-steps.ts";
import type { World } from "../cycle/world.ts";
import type { ServiceState } from "../failover/state.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** N7: a veto bars the move, not only the plan (design §2). It never bars a rollback to a site proven ready. */
export const notVetoed: Gate = {
  name: "not-vetoed",
  kind: "absolute",
  check({ plan, state, world, now }) {
    if (plan.purpose === "rollback") return pass;
    const veto = liveVetoes(world, state, now).find(({ move }) => move === moveKey(plan.placement.after));
    if (veto === undefined) return pass;
    return refuse(
      "vetoed",
      `${veto.by.id} vetoed this move until ${formatInstant(veto.until)}.`,
      { veto: veto.id, until: veto.until },
      `Ask for its withdrawal: pointsman lift-veto ${plan.service} ${veto.id}`,
    );
  },
};

/** Vetoes that bar something now: a step of the clock ends none sooner. */
export function liveVetoes(world: World, { vetoes }: ServiceState, now: Instant): ServiceState["vetoes"] {
  return vetoes.filter(({ at, until }) => now < deferred(world, at, until));
}
