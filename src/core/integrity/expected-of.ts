import type { ServiceState } from "../failover/state.ts";
import type { Policy, Zone } from "../policy/policy.ts";
import { endpointText } from "../policy/endpoint.ts";
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

/** Every zone of the policy, in its order: all addresses of all nameservers, and the RRsets that are steered there. */
export function surveyTargets(policy: Policy): readonly SurveyTarget[] {
  return [...policy.zones.values()].map((zone) => ({
    zone: zone.name,
    view: "public",
    servers: zone.providers.flatMap((provider) =>
      (policy.providers.get(provider)?.nameservers ?? []).flatMap(({ name, endpoints }) =>
        endpoints.map(({ address, port }) => ({ provider, name, address, port })),
      ),
    ),
    watched: steeredIn(policy, zone).map(({ name, type }) => ({ name, type })),
  }));
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
    otherViews: [],
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

function steeredIn(policy: Policy, zone: Zone) {
  return [...policy.services.values()].flatMap((service) =>
    [...service.records.values()]
      .filter((record) => record.zone === zone.name)
      .map(({ id, name, type }) => ({ service: service.id, record: id, name, type })),
  );
}
