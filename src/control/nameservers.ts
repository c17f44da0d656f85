import type { Policy, Provider, SteeredRecord } from "../core/policy/policy.ts";
import { zoneIn } from "../core/policy/zone-key.ts";
import type { NameserverEndpoint } from "../ports/records.ts";
import { invariant } from "../values/invariant.ts";

/** Every address of every nameserver of a provider, in the policy's order. */
export function endpointsOf(provider: Provider): readonly NameserverEndpoint[] {
  const { view } = provider;
  return provider.nameservers.flatMap(({ name, endpoints }) =>
    endpoints.map(({ address, port }) => ({ name, address, port, view })),
  );
}

/**
 * Every place whose records are read: the nameservers, and the servers that change paths write to where those are none
 * of them (a hidden primary). What stands there is what a change is compared with.
 */
export function readPlacesOf(provider: Provider): readonly NameserverEndpoint[] {
  const places = [...endpointsOf(provider)];
  for (const path of provider.paths) {
    if (path.type !== "rfc2136") continue;
    const { address, port } = path.server;
    const known = places.some((place) => place.address === address && place.port === port);
    if (!known) places.push({ name: `path ${path.name}`, address, port, view: provider.view });
  }
  return places;
}

export function providerOf(policy: Policy, id: string): Provider {
  const provider = policy.providers.get(id);
  invariant(provider !== undefined, "a provider that is named stands in the policy");
  return provider;
}

/** The providers that publish a record. */
export function publishers(policy: Policy, record: SteeredRecord): readonly Provider[] {
  const zone = zoneIn(policy, record);
  invariant(zone !== undefined, "a record's zone stands in the policy, in its view");
  return zone.providers.map((id) => providerOf(policy, id));
}

/**
 * Where a provider's data is written: the server of the path, or for a path without one (a person with a runbook) the
 * first nameserver.
 */
export function serverOf(provider: Provider, path?: string): NameserverEndpoint {
  const endpoints = endpointsOf(provider);
  const [first] = endpoints;
  invariant(first !== undefined, "a provider has a nameserver");
  const definition = provider.paths.find(({ name, type }) => (path === undefined ? type === "rfc2136" : name === path));
  if (definition?.type !== "rfc2136") return first;
  const { address, port } = definition.server;
  return endpoints.find((each) => each.address === address && each.port === port) ?? { ...first, address, port };
}
