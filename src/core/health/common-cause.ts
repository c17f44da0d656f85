import { duration, second, type DurationMs } from "../../values/time.ts";
import type { Site } from "../policy/policy.ts";
import type { CommonCause } from "./verdict.ts";
import type { Electorate, Witness } from "./voice.ts";

/** How a site stands, for all services together. */
export interface SiteStanding {
  readonly site: Site;
  readonly standing: "failing" | "healthy" | "unsettled";
  /** Since when it stands so, and when it last ceased to fail; by monotonic time. */
  readonly since: DurationMs;
  readonly failedUntil: DurationMs;
}

/** A vantage cut off this long before a site failed, or longer, says nothing of why the site fails. */
const togetherMs = 60 * second;

/**
 * Whether what fails may have one cause that is not the sites themselves (design §3):
 * - a vantage lost its control places with the sites, or after: common;
 * - the failing sites share no region and no dependency: common;
 * - they share one that no healthy site has, seen from two independent domains: a regional loss, named after it;
 * - the same, with one domain only: common, since that domain's own way there may be what is lost;
 * - one failing site, or several that share what a healthy one has too: none.
 */
export function commonCause(standings: readonly SiteStanding[], voices: Electorate, mono: DurationMs): CommonCause {
  const failing = standings.filter((one) => one.standing === "failing");
  const sites = failing.map((one) => one.site.id).toSorted();
  if (failing.length === 0) return { kind: "none" };
  const lost = cutOffWith(failing, voices);
  if (lost.length > 0) return common(`${list(lost)} lost the control places while ${list(sites)} failed`, sites);
  if (failing.length === 1) return { kind: "none" };
  const shared = sharedBy(failing);
  if (shared.length === 0) return common(`${list(sites)} fail together and share no region and no dependency`, sites);
  const healthy = standings.filter((one) => one.standing === "healthy");
  const own = shared.find((trait) => !healthy.some((one) => has(one.site, trait)));
  if (own === undefined) return { kind: "none" };
  if (voices.domains.length < 2) return common(`${list(sites)} fail together, seen from one domain only`, sites);
  return { kind: "regional", what: own.what, name: own.name, heldMs: duration(mono - heldSince(standings, own)) };
}

interface Trait {
  readonly what: "region" | "dependency";
  readonly name: string;
}

function common(says: string, sites: readonly string[]): CommonCause {
  return { kind: "common", says, sites };
}

function cutOffWith(failing: readonly SiteStanding[], voices: Electorate): string[] {
  const first = Math.min(...failing.map((one) => one.since));
  const together = (witness: Witness): boolean => (witness.cutOffSince ?? -Infinity) > first - togetherMs;
  return [...voices.witnesses.values()].filter(together).map((witness) => witness.id);
}

/** Regions before dependencies, those by their names. */
function sharedBy(failing: readonly SiteStanding[]): Trait[] {
  const traits = new Map<string, Trait>();
  for (const { site } of failing) {
    traits.set(`region ${site.region}`, { what: "region", name: site.region });
    for (const name of site.dependsOn) traits.set(`dependency ${name}`, { what: "dependency", name });
  }
  const shared = [...traits.values()].filter((trait) => failing.every((one) => has(one.site, trait)));
  return shared.toSorted((a, b) => (a.what === b.what ? (a.name < b.name ? -1 : 1) : a.what === "region" ? -1 : 1));
}

function has(site: Site, trait: Trait): boolean {
  return trait.what === "region" ? site.region === trait.name : site.dependsOn.includes(trait.name);
}

// The loss counts from the last change that made it one: inside, when a site came to fail or ceased to be healthy; outside,
// when another site ceased to fail.
function heldSince(standings: readonly SiteStanding[], trait: Trait): number {
  return Math.max(0, ...standings.map((one) => (has(one.site, trait) ? one.since : one.failedUntil)));
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
