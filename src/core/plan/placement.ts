import { canonicalJson, asJson } from "../../values/json.ts";
import { isNonEmpty, type NonEmpty } from "../../values/non-empty.ts";
import type { Refusal } from "../../values/refusal.ts";
import { invariant } from "../../values/invariant.ts";
import type { Move, Service } from "../policy/policy.ts";
import type { DeclaredMove } from "../cycle/service-command.ts";
import type { ActiveSite, Placement, Scope } from "./plan.ts";
import { rrset, type RRset } from "./rrset.ts";

/** The one segment of a service that has no others. */
const wholeSegment = "all";

/** All of the service at these sites, every record active. */
export function placementAt(sites: NonEmpty<string>): Placement {
  return placementOf(sites.map((site) => ({ site, share: null, without: [] })));
}

function placementOf(active: readonly ActiveSite[]): Placement {
  const ordered = active.toSorted((a, b) => (a.site < b.site ? -1 : 1));
  invariant(isNonEmpty(ordered), "a placement has at least one site");
  return { [wholeSegment]: ordered };
}

export function activeSites(placement: Placement): readonly ActiveSite[] {
  return Object.values(placement).flat();
}

export function isActive(placement: Placement, site: string): boolean {
  return activeSites(placement).some((active) => active.site === site);
}

export function samePlacement(a: Placement, b: Placement): boolean {
  return moveKey(a) === moveKey(b);
}

/** Names the move by where it leads: a veto bars every plan that leads there (design §2). */
export function moveKey(after: Placement): string {
  return canonicalJson(asJson(after));
}

/** Sites that the move brings into service. */
export function sitesAdded(before: Placement, after: Placement): readonly string[] {
  return activeSites(after)
    .map((active) => active.site)
    .filter((site) => !isActive(before, site));
}

/** Computed from the plan, never declared (design §1): one segment only, so all of it is the full scope. */
export function scopeOf(before: Placement, after: Placement): Scope {
  return activeSites(before).some(({ site }) => isActive(after, site)) ? "partial" : "full";
}

type Placed = { readonly ok: true; readonly placement: Placement } | { readonly ok: false; readonly refusal: Refusal };

/** Where a move leads from here; a refusal when it does not fit the placement as it stands. */
export function applyMove(placement: Placement, move: Move | DeclaredMove, service: Service): Placed {
  const active = activeSites(placement);
  switch (move.kind) {
    case "to":
      return standsAt(service, move.site) ?? { ok: true, placement: placementAt([move.site]) };
    case "replace":
      return (
        mustBeActive(placement, move.from) ??
        placed([...active.filter(({ site }) => site !== move.from && site !== move.to), whole(move.to)])
      );
    case "add":
      return (
        standsAt(service, move.site) ?? placed([...active.filter(({ site }) => site !== move.site), whole(move.site)])
      );
    case "drain":
    case "isolate":
      return (
        mustBeActive(placement, move.site) ??
        remove(placement, move.site, move.kind === "drain" ? service.minimumActive : 1)
      );
    case "withdraw":
      return (
        mustBeActive(placement, move.site) ??
        placed(active.map((one) => (one.site === move.site ? without(one, move.record) : one)))
      );
  }
}

function whole(site: string): ActiveSite {
  return { site, share: null, without: [] };
}

function without(active: ActiveSite, record: string): ActiveSite {
  return { ...active, without: [...new Set([...active.without, record])].toSorted() };
}

function placed(active: readonly ActiveSite[]): Placed {
  return { ok: true, placement: placementOf(active) };
}

function remove(placement: Placement, site: string, minimum: number): Placed {
  const rest = activeSites(placement).filter((active) => active.site !== site);
  if (rest.length >= Math.max(1, minimum)) return placed(rest);
  return {
    ok: false,
    refusal: {
      code: "minimum-active",
      says: `Without ${site}, ${rest.length} sites stay active, and the policy asks for ${Math.max(1, minimum)} at least.`,
      figures: { site, left: rest.length, minimum: Math.max(1, minimum) },
      mend: "Add another site first, or replace this one.",
    },
  };
}

function standsAt(service: Service, site: string): Placed | undefined {
  if (service.sites.has(site)) return undefined;
  return {
    ok: false,
    refusal: {
      code: "no-such-site",
      says: `${service.id} has no site ${site}.`,
      figures: { site, sites: [...service.sites.keys()] },
      mend: "Name one of the service's sites.",
    },
  };
}

function mustBeActive(placement: Placement, site: string): Placed | undefined {
  if (isActive(placement, site)) return undefined;
  return {
    ok: false,
    refusal: {
      code: "not-active",
      says: `${site} is not active now.`,
      figures: { site, active: activeSites(placement).map((active) => active.site) },
      mend: "Name an active site.",
    },
  };
}

/** What a record should hold under a placement: the values of its active sites, or `absent` where all say `none`. */
export function rrsetUnder(service: Service, recordId: string, placement: Placement): RRset | "absent" {
  const record = service.records.get(recordId);
  invariant(record !== undefined, "a service is asked for its own records");
  const values = activeSites(placement).flatMap((active) => {
    const value = service.sites.get(active.site)?.get(recordId);
    invariant(value !== undefined, "every record stands at every site, or has the word none");
    return value === "none" || active.without.includes(recordId) ? [] : value;
  });
  return values.length === 0 ? "absent" : rrset(record.ttl, values);
}
