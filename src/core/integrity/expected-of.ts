import type { ServiceState } from "../failover/state.ts";
import type { Policy, SteeredRecord, Zone } from "../policy/policy.ts";
import { isBelow } from "../policy/names.ts";
import { endpointText } from "../policy/endpoint.ts";
import { publicView } from "../policy/zone-key.ts";
import type { RRset } from "../plan/rrset.ts";
import { minute, duration } from "../../values/time.ts";
import type { ClockFacts } from "./clock.ts";
import type { Expectation, WatchedExpectation } from "./expectation.ts";
import type { ZoneState } from "./zone-state.ts";

/** How often every zone is surveyed from every vantage. */
export const surveyIntervalMs = duration(minute);
/** A vantage's word counts for three rounds. */
export const surveyFreshMs = duration(3 * surveyIntervalMs);

/** What is to be asked of a zone, from each vantage: `SurveyRequest` of the port, but for the vantage. */
export interface SurveyTarget {
  readonly zone: string;
  readonly view: string;
  readonly servers: readonly {
    readonly provider: string;
    readonly name: string;
    readonly address: string;
    readonly port: number;
  }[];
  readonly watched: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Every zone of the policy in each of its views, in its order: all addresses of all nameservers, and the RRsets that are
 * steered there; those too that are steered at its names in other views, which are to be seen there alone.
 */
export function surveyTargets(policy: Policy): readonly SurveyTarget[] {
  return [...policy.zones.values()].map((zone) => ({
    zone: zone.name,
    view: zone.view,
    servers: zone.providers.flatMap((provider) =>
      (policy.providers.get(provider)?.nameservers ?? []).flatMap(({ name, endpoints }) =>
        endpoints.map(({ address, port }) => ({ provider, name, address, port })),
      ),
    ),
    watched: onceEach([...steeredIn(policy, zone), ...steeredElsewhere(policy, zone)]),
  }));
}

/**
 * The zones as users of a view see them, by name: what the view has, and the public zones that it lacks.
 */
export function zonesSeenIn(policy: Policy, view: string): ReadonlyMap<string, Zone> {
  const ofView = (wanted: string) => [...policy.zones.values()].filter((zone) => zone.view === wanted);
  return new Map([...ofView(publicView), ...ofView(view)].map((zone) => [zone.name, zone]));
}

/** What is steered, as users of a view see it. */
export function steeredFor(
  policy: Policy,
  view: string,
): readonly { readonly zone: string; readonly name: string; readonly type: string }[] {
  return [...zonesSeenIn(policy, view).values()].flatMap((zone) =>
    steeredIn(policy, zone).map((record) => ({ zone: zone.name, name: record.name, type: record.type })),
  );
}

/** Whether the policy has this nameserver for this zone: a survey of another policy says nothing. */
export function isSurveyed(policy: Policy, zone: Zone, address: string): boolean {
  return zone.providers.some((provider) =>
    policy.providers
      .get(provider)
      ?.nameservers.some(({ endpoints }) => endpoints.some((endpoint) => endpointText(endpoint) === address)),
  );
}

/** What a survey of this zone is judged against, by the policy and the journal. */
export function expectationOf(
  policy: Policy,
  zone: Zone,
  state: ZoneState | undefined,
  services: ReadonlyMap<string, ServiceState>,
  known: { readonly clock: ClockFacts; readonly keysElsewhere: Expectation["keysElsewhere"] },
): Expectation {
  return {
    dnssec: zone.dnssec,
    signing: zone.signing ?? null,
    expires: zone.expires ?? null,
    baseline: state?.baseline ?? null,
    announcements: state?.announcements ?? [],
    watched: watchedIn(policy, zone, services),
    otherViews: otherViewsOf(policy, zone, services),
    freshForMs: surveyFreshMs,
    ...known,
  };
}

/** What the journal says should stand of each RRset that is steered in a zone; those of which it says nothing left out. */
export function watchedIn(
  policy: Policy,
  zone: Zone,
  services: ReadonlyMap<string, ServiceState>,
): readonly WatchedExpectation[] {
  return steeredIn(policy, zone).flatMap(({ service, record, name, type }) =>
    watchedOf(services.get(service), record, name, type),
  );
}

/**
 * What the journal says should stand at this zone's names in other views. Where it does not say yet what should stand in
 * this one, the two may be the same, and nothing is a leak.
 */
function otherViewsOf(
  policy: Policy,
  zone: Zone,
  services: ReadonlyMap<string, ServiceState>,
): Expectation["otherViews"] {
  const all = steeredElsewhere(policy, zone);
  if (all.length === 0) return [];
  const known = watchedIn(policy, zone, services);
  const unknown = steeredIn(policy, zone).filter((one) => !known.some((other) => sameOwner(one, other)));
  const elsewhere = all.filter((one) => !unknown.some((other) => sameOwner(one, other)));
  return elsewhere.flatMap(({ service, record, view, name, type }) =>
    watchedOf(services.get(service), record, name, type)
      .flatMap(({ current }) => current)
      .flatMap((rrset) => (rrset === "absent" ? [] : [{ view, name, type, rrset }])),
  );
}

interface Owner {
  readonly name: string;
  readonly type: string;
}

function sameOwner(one: Owner, other: Owner): boolean {
  return one.name === other.name && one.type === other.type;
}

function watchedOf(
  state: ServiceState | undefined,
  record: string,
  name: string,
  type: string,
): readonly WatchedExpectation[] {
  const baseline = state?.baseline.get(record);
  if (state === undefined || baseline === undefined) return [];
  const current = [baseline, ...underWay(state, record)];
  return [{ name, type, current, earlier: state.earlier.get(record) ?? [], since: state.baselineAt, byVantage: {} }];
}

/** What attempts that may have landed put there: an intent explains it before its outcome is known. */
function underWay(state: ServiceState, record: string): readonly (RRset | "absent")[] {
  const open = state.failover;
  const attempts = [...(open !== null && "attempts" in open ? open.attempts : []), ...state.outstanding];
  return attempts.flatMap(({ change }) =>
    change.rrsets.filter((rrset) => rrset.record === record).map(({ after }) => after),
  );
}

function steeredIn(policy: Policy, { name, view }: Zone) {
  return steered(policy, (record) => record.zone === name && record.view === view);
}

/** What other views steer at names for which this zone speaks in its own. */
function steeredElsewhere(policy: Policy, zone: Zone) {
  const zones = [...policy.zones.values()];
  if (zones.every(({ view }) => view === zone.view)) return [];
  const apexes = zones.flatMap(({ name, view }) => (view === zone.view ? [name] : []));
  return steered(
    policy,
    ({ view, name }) =>
      view !== zone.view &&
      isBelow(name, zone.name) &&
      !apexes.some((apex) => apex !== zone.name && isBelow(apex, zone.name) && isBelow(name, apex)),
  );
}

function steered(policy: Policy, isMeant: (record: SteeredRecord) => boolean) {
  return [...policy.services.values()].flatMap((service) =>
    [...service.records.values()]
      .filter(isMeant)
      .map(({ id, view, name, type }) => ({ service: service.id, record: id, view, name, type })),
  );
}

function onceEach(records: readonly Owner[]): SurveyTarget["watched"] {
  return [...new Map(records.map(({ name, type }) => [`${name} ${type}`, { name, type }])).values()];
}
