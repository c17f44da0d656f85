import type { JsonObject } from "../../../values/json.ts";
import type { ServiceEvent } from "../../failover/event.ts";
import type { Decision } from "../cycle.ts";
import type { ServiceRequest } from "../service-command.ts";

export type Request<Kind extends ServiceRequest["kind"]> = Extract<ServiceRequest, { kind: Kind }>;
export type Answer = Decision;

export function accept(event: ServiceEvent, ...others: readonly ServiceEvent[]): Answer {
  return { accepted: true, events: [event, ...others] };
}

export function refuse(code: string, says: string, figures: JsonObject, mend: string): Answer {
  return { accepted: false, refusal: { code, says, figures, mend } };
}
