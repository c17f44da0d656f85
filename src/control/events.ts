import { isPeopleEvent } from "../core/authority/evolve-authority.ts";
import type { FleetEvent, ServiceEvent } from "../core/failover/event.ts";
import type { RecordedEntry } from "../ports/operations.ts";
import type { Entry } from "../transparency/entry.ts";
import type { Json, JsonObject } from "../values/json.ts";

/** Class of attachments that are policies. */
export const policyClass = "policy";

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
  return isPeopleEvent(event) ? "people" : "fleet";
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

/** The event that an entry of another stream holds. */
export function fleetEventOf(entry: Entry): FleetEvent {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return eventOf(entry) as unknown as FleetEvent;
}

/** An entry as the event stream shows it. */
export function recordedOf(entry: Entry): RecordedEntry {
  const data = factsOf(entry);
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

/** The octets, as text, of the statement that led to an entry; `undefined`: nobody signed, or an earlier entry has it. */
export function statementOf(entry: Entry): string | undefined {
  const { decidedOn } = { decidedOn: null, ...entry.data };
  const { command } = { command: null, ...objectOf(decidedOn) };
  const { spoken } = { spoken: null, ...objectOf(command) };
  const { statement } = { statement: null, ...objectOf(spoken) };
  return typeof statement === "string" ? statement : undefined;
}

function objectOf(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}

function isJsonObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function eventOf(entry: Entry): JsonObject {
  return { type: entry.type, ...factsOf(entry) };
}

/** The data without what it was decided on, and without the automation's signature. */
function factsOf(entry: Entry): JsonObject {
  const { decidedOn: _, automation: __, ...data } = entry.data;
  return data;
}
