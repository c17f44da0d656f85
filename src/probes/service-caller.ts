import type { ProbeTarget } from "../core/health/observation.ts";
import { addressFromRdata } from "../core/policy/names.ts";
import type { CheckDefinition, Service } from "../core/policy/policy.ts";
import type { Prober } from "../ports/observations.ts";
import type { FreshAnswer, ServiceCaller } from "../ports/service-caller.ts";

/**
 * Calls a service at the addresses that its nameservers give now. A CNAME leads to the addresses that the policy has for
 * the site whose target it is: no resolver, which may be down or hold an old answer, is asked.
 */
export function serviceCaller(prober: Prober): ServiceCaller {
  return {
    async call(service, answers, signal) {
      const places = answers.flatMap((answer) => placesOf(service, answer));
      if (places.length === 0) return "the nameservers give no address of the service";
      const calls = places.flatMap((place) =>
        service.checks.map((check) => callOnce(prober, service, place, check, signal)),
      );
      const failures = await Promise.all(calls);
      return failures.find((failure) => failure !== undefined) ?? null;
    },
  };
}

interface Place {
  readonly record: string;
  readonly name: string;
  readonly address: string;
}

function placesOf(service: Service, { record, rrset }: FreshAnswer): readonly Place[] {
  if (rrset === "absent") return [];
  const { id, name, type } = record;
  const addresses =
    type === "CNAME"
      ? rrset.rdata.flatMap((target) => addressesBehind(service, id, target))
      : rrset.rdata.map((rdata) => addressFromRdata(type, rdata));
  return addresses.map((address) => ({ record: id, name, address }));
}

function addressesBehind(service: Service, record: string, target: string): readonly string[] {
  return [...service.sites].flatMap(([site, values]) => {
    const value = values.get(record);
    const serves = value !== undefined && value !== "none" && value.includes(target);
    return serves ? (service.cnameAddresses?.get(site)?.get(record) ?? []) : [];
  });
}

/** `undefined` when it passes, otherwise which check failed, where and how. */
async function callOnce(
  prober: Prober,
  service: Service,
  { record, name, address }: Place,
  definition: CheckDefinition,
  signal: AbortSignal,
): Promise<string | undefined> {
  const target: ProbeTarget = { check: 0, service: service.id, site: "", record, address, name, definition };
  const { reason } = await prober.probe(target, signal);
  return reason === "pass" ? undefined : `${definition.name} at ${address}: ${reason}`;
}
