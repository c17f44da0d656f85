import { own } from "../../values/own.ts";
import { activeSites, isActive } from "../plan/placement.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** N6: nothing automatic on a verdict that is unknown, disputed or stale, of any site that the plan leaves or enters. */
export const verdictFresh: Gate = {
  name: "verdict-fresh",
  kind: "automatic",
  check({ plan, facts }) {
    if (!facts.health.judged)
      return refuse(
        "not-yet-judged",
        "No full round of checks has been seen since the start.",
        {},
        "Wait for the first round.",
      );
    const { before, after } = plan.placement;
    const sites = [...activeSites(before).filter(({ site }) => !isActive(after, site)), ...activeSites(after)];
    const vague = sites.find(({ site }) => {
      const verdict = own(facts.health.sites, site)?.verdict ?? "unknown";
      return verdict === "unknown" || verdict === "disputed";
    });
    if (vague === undefined) return pass;
    const health = own(facts.health.sites, vague.site);
    return refuse(
      "verdict-unknown",
      `${vague.site} is ${health?.verdict ?? "unknown"} (${health?.reason ?? "not-yet-judged"}).`,
      { site: vague.site, verdict: health?.verdict ?? "unknown", reason: health?.reason ?? "not-yet-judged" },
      "Look at the vantages: pointsman status",
    );
  },
};
