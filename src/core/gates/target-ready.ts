import { own } from "../../values/own.ts";
import { activeSites } from "../plan/placement.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** N4: every site that will serve is proven: each check up by quorum, on all its records, trusted, fresh. */
export const targetReady: Gate = {
  name: "target-ready",
  kind: "judgement",
  check({ plan, facts }) {
    for (const { site } of activeSites(plan.placement.after)) {
      const ready = own(facts.health.sites, site)?.ready ?? {
        state: "could-not-run",
        reasons: ["nothing is known of it"],
      };
      if (ready.state === "passed") continue;
      return refuse(
        ready.state === "failed" ? "target-not-ready" : "target-unproven",
        `${site} is not proven ready (${ready.state}): ${ready.reasons.join("; ")}.`,
        { site, state: ready.state, reasons: ready.reasons },
        "Mend the target, or name another: pointsman move --to.",
      );
    }
    return pass;
  },
};
