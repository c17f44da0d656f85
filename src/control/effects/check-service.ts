import type { Policy, SteeredRecord } from "../../core/policy/policy.ts";
import type { RRset } from "../../core/plan/rrset.ts";
import type { EffectHandler } from "../../ports/effects.ts";
import type { FreshAnswer } from "../../ports/service-caller.ts";
import { endpointsOf, publishers } from "../nameservers.ts";
import { type EffectContext, policyOf } from "./context.ts";

/** Runs the service's checks through its own name, resolved afresh from its nameservers. */
export function checkServiceEffect(context: EffectContext): EffectHandler<"check-service"> {
  return {
    async run({ data: { service: id, failover } }, lost) {
      const { durable } = context.sequencer;
      const state = durable.services.get(id);
      if (state?.failover?.id !== failover) return undefined;
      const policy = policyOf(durable, state);
      const service = policy.services.get(id) ?? durable.policy.services.get(id);
      if (service === undefined) return undefined;
      const answers = await resolve(context, policy, [...service.records.values()], lost);
      const failure = typeof answers === "string" ? answers : await context.caller.call(service, answers, lost);
      return lost.aborted ? undefined : { kind: "service-answered", failover, failure };
    },
  };
}

/** What the nameservers answer now for every record, or which record none of them answers. */
async function resolve(
  context: EffectContext,
  policy: Policy,
  records: readonly SteeredRecord[],
  lost: AbortSignal,
): Promise<readonly FreshAnswer[] | string> {
  const answers: FreshAnswer[] = [];
  const readings = records.map(async (record) => ({ record, rrset: await firstAnswer(context, policy, record, lost) }));
  for (const { record, rrset } of await Promise.all(readings)) {
    if (rrset === undefined) return `no nameserver answers for ${record.name} ${record.type}`;
    answers.push({ record, rrset });
  }
  return answers;
}

/** The first answer of any nameserver, as a resolver would take it; `undefined` when none answers. */
async function firstAnswer(
  { reader }: EffectContext,
  policy: Policy,
  record: SteeredRecord,
  lost: AbortSignal,
): Promise<RRset | "absent" | undefined> {
  const { zone, name, type } = record;
  const asked = publishers(policy, record)
    .flatMap(endpointsOf)
    .map(async (endpoint) => {
      const reading = await reader.read(endpoint, { zone, name, type }, "udp", lost);
      if (reading.outcome !== "answer") throw new Error(reading.code);
      return reading.rrset;
    });
  try {
    return await Promise.any(asked);
  } catch {
    return undefined;
  }
}
