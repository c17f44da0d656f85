import { duration, type DurationMs } from "../../values/time.ts";
import type { Policy, Site } from "../policy/policy.ts";
import type { SiteStanding } from "./common-cause.ts";
import type { Verdict } from "./verdict.ts";

/** The verdicts of all services, counted by site. It changes in place. */
export interface SiteBoard {
  /** A service's verdict of a site is another now. True when the site's standing changed with it. */
  move(site: string, from: Verdict | undefined, to: Verdict, mono: DurationMs): boolean;
  /** How all sites of the policy stand. */
  standings(): SiteStanding[];
}

/**
 * A site fails when at least half of the services judged there are down there. One service of many that is down at a site
 * is that service's trouble: were it the site's, two services with troubles of their own would hold everyone's automation.
 */
export function siteBoard(policy: Policy): SiteBoard {
  const tallies = new Map([...policy.sites.values()].map((site) => [site.id, newTally(site)]));
  return {
    move(site, from, to, mono) {
      const tally = tallies.get(site);
      if (tally === undefined) return false;
      if (from !== undefined) tally.counts[from] -= 1;
      tally.counts[to] += 1;
      const standing = standingOf(tally);
      if (standing === tally.standing) return false;
      if (tally.standing === "failing") tally.failedUntil = mono;
      tally.standing = standing;
      tally.since = mono;
      return true;
    },
    standings: () =>
      [...tallies.values()].map(({ site, standing, since, failedUntil }) => ({ site, standing, since, failedUntil })),
  };
}

interface Tally {
  readonly site: Site;
  readonly counts: { [verdict in Verdict]: number };
  standing: SiteStanding["standing"];
  since: DurationMs;
  failedUntil: DurationMs;
}

function newTally(site: Site): Tally {
  const counts = { up: 0, down: 0, partly: 0, disputed: 0, unknown: 0 };
  return { site, counts, standing: "unsettled", since: duration(0), failedUntil: duration(0) };
}

function standingOf({ counts }: Tally): SiteStanding["standing"] {
  const judged = counts.up + counts.down + counts.partly;
  if (counts.down > 0 && counts.down * 2 >= judged) return "failing";
  return counts.up > 0 ? "healthy" : "unsettled";
}
