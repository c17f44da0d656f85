import { warning, type Finding } from "../policy/finding.ts";
import type { Band, Policy, Provider, Service } from "../policy/policy.ts";
import { zoneIn } from "../policy/zone-key.ts";

/** What fails together though one was to help when the other fails. */
export function* sharedFate(policy: Policy): Iterable<Finding> {
  for (const provider of policy.providers.values()) yield* onlyPaths(provider);
  for (const service of policy.services.values()) {
    yield* pathsNeedTheService(policy, service);
    yield* pathsFailWithHome(policy, service);
    for (const [index, band] of service.bands.entries())
      yield* targetFailsToo(policy, band, ["services", service.id, "bands", index, "move"]);
  }
  const domains = new Set([...policy.vantages.values()].map(({ domain }) => domain));
  if (domains.size === 1)
    yield warning({
      code: "one-voice",
      path: ["vantages"],
      at: "key",
      says: "All vantages are of one domain: what cuts it off looks like an outage everywhere.",
      mend: "Add a vantage in another network.",
      figures: { domains: domains.size },
    });
}

function* onlyPaths(provider: Provider): Iterable<Finding> {
  if (provider.paths.length > 1) return;
  yield warning({
    code: "one-change-path",
    path: ["providers", provider.id, "paths"],
    says: `The provider ${provider.id} has one change path: when it is down, nothing can be changed there.`,
    mend: "Add another, at the least one of type manual with its instructions.",
    figures: { paths: provider.paths.length },
  });
}

function* pathsNeedTheService(policy: Policy, service: Service): Iterable<Finding> {
  const provided = new Set(service.provides);
  for (const provider of providersOf(policy, service))
    if (provider.paths.every(({ dependsOn }) => dependsOn.some((id) => provided.has(id))))
      yield together(provider, `${service.provides.join(", ")}, which the service ${service.id} itself provides`);
}

function* pathsFailWithHome(policy: Policy, service: Service): Iterable<Finding> {
  for (const home of service.home) {
    const lost = new Set(policy.sites.get(home)?.dependsOn);
    for (const provider of providersOf(policy, service))
      if (provider.paths.every(({ dependsOn }) => dependsOn.some((id) => lost.has(id))))
        yield together(provider, `what the site ${home} depends on, the home of the service ${service.id}`);
  }
}

function together(provider: Provider, what: string): Finding {
  return warning({
    code: "shared-fate",
    path: ["providers", provider.id, "paths"],
    says: `Every change path of the provider ${provider.id} needs ${what}: in that outage nothing can be changed.`,
    mend: "Add a change path that needs nothing of it, at the least one of type manual.",
    figures: { provider: provider.id },
  });
}

function providersOf(policy: Policy, service: Service): readonly Provider[] {
  const ids = new Set([...service.records.values()].flatMap((record) => zoneIn(policy, record)?.providers ?? []));
  return [...policy.providers.values()].filter(({ id }) => ids.has(id));
}

function* targetFailsToo(policy: Policy, { name, move }: Band, path: Finding["path"]): Iterable<Finding> {
  if (move.kind !== "replace") return;
  const needed = new Set(policy.sites.get(move.from)?.dependsOn);
  const shared = policy.sites.get(move.to)?.dependsOn.filter((id) => needed.has(id)) ?? [];
  if (shared.length === 0) return;
  yield warning({
    code: "shared-fate",
    path,
    says: `The band ${name} moves from ${move.from} to ${move.to}, and both need ${shared.join(", ")}: they may fail together.`,
    mend: "Name a site that does not need it, or give the sites dependencies of their own.",
    figures: { shared },
  });
}
