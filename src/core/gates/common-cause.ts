import { isActive } from "../plan/placement.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** N6: what fails together, without a region or dependency in common, likely fails here and not there. */
export const commonCause: Gate = {
  name: "common-cause",
  kind: "automatic",
  check({ plan, facts, band }) {
    const cause = facts.health.commonCause;
    if (cause.kind === "none") return pass;
    if (cause.kind === "regional") {
      if (band?.when.kind !== "regional-loss" || cause.what !== "region" || band.when.region === cause.name)
        return pass;
    } else if (plan.purpose === "failback" && !cause.sites.some((site) => isActive(plan.placement.after, site)))
      return pass;
    return refuse(
      "common-cause",
      cause.kind === "common"
        ? cause.says
        : `All that fail share ${cause.what} ${cause.name}, which is not the band's.`,
      { ...cause },
      "Look for what they have in common before you move by hand.",
    );
  },
};
