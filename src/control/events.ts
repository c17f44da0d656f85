import { isAuthorityEvent } from "../core/authority/evolve-authority.ts";
import type { FleetEvent, ServiceEvent } from "../core/failover/event.ts";
import type { RecordedEntry } from "../ports/operations.ts";
import type { Entry } from "../transparency/entry.ts";
import type { JsonObject } from "../values/json.ts";

const servicePrefix = "service/";

export function serviceStream(service: string): string {
  return `${servicePrefix}${service}`;
}

/** The service whose stream this is; `undefined` for the streams of the whole installation. */
export function serviceOf(stream: string): string | undefined {
  return stream.startsWith(servicePrefix) ? stream.slice(servicePrefix.length) : undefined;
}

export function fleetStream(event: FleetEvent): string {
  if (event.type.startsWith("policy-")) return "policy";
  return isAuthorityEvent(event) ? "people" : "fleet";
}

/** The members of an event beside its type. */
export function dataOf(event: JsonObject): JsonObject {
  const { type: _, ...data } = event;
  return data;
}

/** The event that an entry of a service's stream holds. */
export function serviceEventOf(entry: Entry): ServiceEvent {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an entry of our own log, its hash checked; the fold crashes on an impossible one
  return eventOf(entry) as unknown as ServiceEvent;
}

/** The event that an entry of the streams `fleet` and `policy` holds. */
export function fleetEventOf(entry: Entry): FleetEvent {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return eventOf(entry) as unknown as FleetEvent;
}

/** An entry as the event stream shows it. */
export function recordedOf(entry: Entry): RecordedEntry {
  const { decidedOn: _, ...data } = entry.data;
  return {
    sequence: entry.sequence,
    at: entry.at,
    stream: entry.stream,
    type: entry.type,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- senders of our own log
    by: entry.by as RecordedEntry["by"],
    data,
  };
}

function eventOf(entry: Entry): JsonObject {
  const { decidedOn: _, ...data } = entry.data;
  return { type: entry.type, ...data };
}
