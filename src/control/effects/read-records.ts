import { endpointText } from "../../core/policy/endpoint.ts";
import type { Policy, Provider, SteeredRecord } from "../../core/policy/policy.ts";
import type { EffectHandler } from "../../ports/effects.ts";
import { publishers, readPlacesOf, serverOf } from "../nameservers.ts";
import type { EffectContext } from "./context.ts";

/** Reads every record and name of the service at every nameserver and path server, into the facts. */
export function readRecordsEffect(context: EffectContext): EffectHandler<"read-records"> {
  return {
    async run({ data: { service } }, lost) {
      const { policy } = context.sequencer.durable;
      const records = [...(policy.services.get(service)?.records.values() ?? [])];
      await Promise.all([
        ...records.map((record) => readRecord(context, policy, service, record, lost)),
        ...namesOf(policy, records).map((place) => readName(context, service, place, lost)),
      ]);
      return undefined;
    },
  };
}

async function readRecord(
  { reader, book, touch }: EffectContext,
  policy: Policy,
  service: string,
  record: SteeredRecord,
  lost: AbortSignal,
): Promise<void> {
  const { id, zone, name, type } = record;
  const places = publishers(policy, record).flatMap((provider) =>
    readPlacesOf(provider).map((endpoint) => ({ provider, endpoint })),
  );
  const readings = places.map(async ({ provider, endpoint }) => {
    const reading = await reader.read(endpoint, { zone, name, type }, "udp", lost);
    if (lost.aborted) return;
    const place = { provider: provider.id, nameserver: endpoint.name, address: endpointText(endpoint) };
    if (book.setReading(service, id, place, reading)) touch(service);
  });
  await Promise.all(readings);
}

interface NamePlace {
  readonly provider: Provider;
  readonly zone: string;
  readonly name: string;
}

/** Each name once at each provider: several records may share one. */
function namesOf(policy: Policy, records: readonly SteeredRecord[]): readonly NamePlace[] {
  const places = new Map<string, NamePlace>();
  for (const record of records) {
    for (const provider of publishers(policy, record)) {
      places.set(`${provider.id} ${record.name}`, { provider, zone: record.zone, name: record.name });
    }
  }
  return [...places.values()];
}

async function readName(
  { names, book, touch }: EffectContext,
  service: string,
  { provider, zone, name }: NamePlace,
  lost: AbortSignal,
): Promise<void> {
  const reading = await names.readName(serverOf(provider), zone, name, lost);
  // What could not be read stays as it was last seen, with its age: the gates know how old it may be.
  if (lost.aborted || reading.outcome !== "answer") return;
  const { cutAt, wildcard, fence, at } = reading;
  if (book.setName(service, { provider: provider.id, name, cutAt, wildcard, fence, at })) touch(service);
}
