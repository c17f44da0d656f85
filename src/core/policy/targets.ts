import type { ProbeTarget } from "../health/observation.ts";
import { addressFromRdata } from "./names.ts";
import type { Policy, Service, SteeredRecord } from "./policy.ts";

/**
 * What every vantage probes: each check of each service at each address of each site. A target's `check` is its
 * place in the list. The order is that of the ids, whatever the order in the document, so that observations of one
 * policy mean the same everywhere.
 */
export function probeTargets(policy: Policy): readonly ProbeTarget[] {
  const targets: ProbeTarget[] = [];
  for (const service of sorted(policy.services).values())
    for (const { site, record, address } of addressesOf(service))
      for (const definition of service.checks)
        targets.push({
          check: targets.length,
          service: service.id,
          site,
          record: record.id,
          address,
          name: record.name,
          definition,
        });
  return targets;
}

interface Place {
  readonly site: string;
  readonly record: SteeredRecord;
  readonly address: string;
}

function addressesOf(service: Service): readonly Place[] {
  return [...sorted(service.sites)].flatMap(([site, records]) =>
    [...sorted(records)].flatMap(([id, values]) => {
      const record = service.records.get(id);
      if (record === undefined || values === "none") return [];
      const { type } = record;
      const addresses =
        type === "CNAME"
          ? (service.cnameAddresses?.get(site)?.get(id) ?? [])
          : values.map((rdata) => addressFromRdata(type, rdata));
      return addresses.toSorted().map((address) => ({ site, record, address }));
    }),
  );
}

function sorted<Value>(map: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  return new Map([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
