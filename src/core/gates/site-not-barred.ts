import { activeSites } from "../plan/placement.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/**
 * A site that is up and compromised serves nobody who is not there already: no plan that leaves it in service passes,
 * whoever asks, until a named person has cleared it.
 */
export const siteNotBarred: Gate = {
  name: "site-not-barred",
  kind: "absolute",
  check({ plan, state }) {
    for (const { site } of activeSites(plan.placement.after)) {
      const by = state.barred.get(site);
      if (by === undefined) continue;
      return refuse(
        "site-barred",
        `${by.person} barred ${site}.`,
        { site, by: by.person, at: by.at },
        `Somebody else who may contain clears it: pointsman withdraw --bar ${site} --service ${plan.service}`,
      );
    }
    return pass;
  },
};
