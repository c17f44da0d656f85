import { own } from "../../values/own.ts";
import type { Facts, NameserverReading } from "../cycle/facts.ts";
import { endpointText } from "../policy/endpoint.ts";
import type { Policy, Provider, Service } from "../policy/policy.ts";
import { zoneIn } from "../policy/zone-key.ts";
import { isNonEmpty, type NonEmpty } from "../../values/non-empty.ts";
import { activeSites, placementAt, rrsetUnder } from "./placement.ts";
import type { Placement } from "./plan.ts";
import { sameData, type RRset } from "./rrset.ts";

/** The addresses of the servers that a provider's change paths write to. */
function pathServers(provider: Provider): readonly string[] {
  return provider.paths.flatMap((path) => (path.type === "rfc2136" ? [endpointText(path.server)] : []));
}

/**
 * What stands at a provider: the answer of the server that its first path writes to, since a change is compared and
 * swapped there; without one, what all its nameservers that answer agree on. Undefined when neither is known.
 */
export function observedAt(facts: Facts, provider: Provider, record: string): NameserverReading | undefined {
  const answers = (own(facts.readings, record) ?? []).filter(
    (reading) => reading.provider === provider.id && reading.outcome === "answer",
  );
  for (const server of pathServers(provider)) {
    const there = answers.find((reading) => reading.address === server);
    if (there !== undefined) return there;
  }
  const [first, ...others] = answers;
  if (first === undefined) return undefined;
  return others.every((other) => sameData(other.rrset ?? "absent", first.rrset ?? "absent")) ? first : undefined;
}

/** Every provider that publishes a record's zone. */
export function providersOf(policy: Policy, service: Service, record: string): readonly Provider[] {
  const steered = service.records.get(record);
  const zone = steered === undefined ? undefined : zoneIn(policy, steered);
  return (zone?.providers ?? []).flatMap((id) => policy.providers.get(id) ?? []);
}

/** The age of the oldest reading that a plan would rest on; undefined while one is missing. */
export function oldestReading(facts: Facts, policy: Policy, service: Service): number | undefined {
  let oldest: number | undefined;
  for (const record of service.records.keys()) {
    for (const provider of providersOf(policy, service, record)) {
      const reading = observedAt(facts, provider, record);
      if (reading === undefined) return undefined;
      oldest = Math.min(oldest ?? reading.at, reading.at);
    }
  }
  return oldest;
}

/**
 * The placement whose values are exactly what is observed, every record and provider alike; undefined when there is
 * none: then something else changed the records, and a person says what stands (`adopt`).
 */
export function placementObserved(facts: Facts, policy: Policy, service: Service): Placement | undefined {
  const observed = new Map<string, RRset | "absent">();
  for (const record of service.records.keys()) {
    const answers = providersOf(policy, service, record).map(
      (provider) => observedAt(facts, provider, record)?.rrset ?? null,
    );
    const [first] = answers;
    if (first === undefined || first === null) return undefined;
    if (!answers.every((answer) => answer !== null && sameData(answer, first))) return undefined;
    observed.set(record, first);
  }
  const sites = [...service.sites.keys()].filter((site) => within(service, site, observed));
  if (!isNonEmpty(sites)) return undefined;
  const candidates = [placementAt(service.home), placementAt(sites), ...singles(sites)];
  return candidates.find((placement) => matches(service, placement, observed));
}

function singles(sites: NonEmpty<string>): readonly Placement[] {
  return sites.map((site) => placementAt([site]));
}

function within(service: Service, site: string, observed: ReadonlyMap<string, RRset | "absent">): boolean {
  return [...(service.sites.get(site) ?? [])].every(([record, value]) => {
    const there = observed.get(record);
    return (
      value === "none" ||
      (there !== undefined && there !== "absent" && value.every((rdata) => there.rdata.includes(rdata)))
    );
  });
}

function matches(service: Service, placement: Placement, observed: ReadonlyMap<string, RRset | "absent">): boolean {
  return (
    activeSites(placement).every(({ site }) => service.sites.has(site)) &&
    [...observed].every(([record, there]) => sameData(rrsetUnder(service, record, placement), there))
  );
}
