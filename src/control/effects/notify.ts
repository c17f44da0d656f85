import { endpointText } from "../../core/policy/endpoint.ts";
import type { EffectHandler } from "../../ports/effects.ts";
import { endpointsOf, publishers } from "../nameservers.ts";
import type { EffectContext } from "./context.ts";

/** Tells one nameserver that is behind to look for new versions of the service's zones. */
export function notifyEffect({ sequencer, notices }: EffectContext): EffectHandler<"notify"> {
  return {
    run({ data: { service, provider: id, address } }) {
      const { policy } = sequencer.durable;
      const provider = policy.providers.get(id);
      const records = [...(policy.services.get(service)?.records.values() ?? [])];
      if (provider === undefined) return Promise.resolve(undefined);
      const behind = endpointsOf(provider).filter((endpoint) => endpointText(endpoint) === address);
      const zones = records.filter((record) => publishers(policy, record).includes(provider)).map(({ zone }) => zone);
      for (const zone of new Set(zones)) notices.tell(provider, zone, behind);
      return Promise.resolve(undefined);
    },
  };
}
