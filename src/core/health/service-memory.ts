import { invariant } from "../../values/invariant.ts";
import type { DurationMs } from "../../values/time.ts";
import type { Policy, Service } from "../policy/policy.ts";
import type { SiteTargets } from "./judgement.ts";
import type { ProbeTarget } from "./observation.ts";
import type { Verdict } from "./verdict.ts";

/** What the fold keeps of a service beside its checks. It changes in place. */
export interface ServiceMemory {
  readonly id: string;
  readonly service: Service;
  readonly sites: readonly SiteTargets[];
  readonly targets: readonly ProbeTarget[];
  /** A band looks at error rate or latency, which every observation changes. */
  readonly watchesRates: boolean;
  readonly watchesRegions: boolean;
  /** Once a full round was seen since the start. */
  judged: boolean;
  /** The verdict of each site, and since when it is this one. */
  readonly verdicts: Map<string, { readonly verdict: Verdict; readonly since: DurationMs }>;
  /** Since when the condition of a band is met, without a gap; absent when it is not. */
  readonly metSince: Map<string, DurationMs>;
  /** What was told last of all this but figures. */
  fingerprint: string;
  scheduledAt: DurationMs | undefined;
}

/** One memory a service of the policy, with its part of the targets, which must be in the order of their numbers. */
export function serviceMemories(policy: Policy, targets: readonly ProbeTarget[]): ReadonlyMap<string, ServiceMemory> {
  const byService = new Map<string, ProbeTarget[]>();
  for (const [place, target] of targets.entries()) {
    invariant(target.check === place, "targets are in the order of their numbers");
    invariant(policy.services.has(target.service), `service ${target.service} of a target stands in the policy`);
    const ofService = byService.get(target.service) ?? [];
    ofService.push(target);
    byService.set(target.service, ofService);
  }
  const services = [...policy.services.values()];
  return new Map(services.map((service) => [service.id, memoryOf(service, byService.get(service.id) ?? [])]));
}

function memoryOf(service: Service, targets: readonly ProbeTarget[]): ServiceMemory {
  const kinds = new Set(service.bands.map((band) => band.when.kind));
  return {
    id: service.id,
    service,
    sites: [...service.sites.keys()].map((site) => siteTargets(service, site, targets)),
    targets,
    watchesRates: kinds.has("error-rate") || kinds.has("latency"),
    watchesRegions: kinds.has("regional-loss"),
    judged: false,
    verdicts: new Map(),
    metSince: new Map(),
    fingerprint: "",
    scheduledAt: undefined,
  };
}

function siteTargets(service: Service, site: string, targets: readonly ProbeTarget[]): SiteTargets {
  const ofSite = targets.filter((target) => target.site === site);
  const values = [...(service.sites.get(site) ?? [])].filter(([, rdata]) => rdata !== "none");
  const records = values.map(([record]) => [record, ofSite.filter((target) => target.record === record)] as const);
  return { site, records: new Map(records) };
}
