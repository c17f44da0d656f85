import { own } from "../../values/own.ts";
import { activeSites } from "../plan/placement.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** N6: nothing automatic on a verdict that a person forced. */
export const notForced: Gate = {
  name: "not-forced",
  kind: "automatic",
  check({ plan, facts }) {
    const forced = [...activeSites(plan.placement.before), ...activeSites(plan.placement.after)].find(
      ({ site }) => (own(facts.health.sites, site)?.forced ?? null) !== null,
    );
    if (forced === undefined) return pass;
    return refuse(
      "forced",
      `The verdict of ${forced.site} is forced.`,
      { site: forced.site },
      "Wait until it ends, or move by hand.",
    );
  },
};
