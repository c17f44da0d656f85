import type { JsonObject } from "../../values/json.ts";
import { isNonEmpty, type NonEmpty } from "../../values/non-empty.ts";
import type { Refusal } from "../../values/refusal.ts";
import type { FleetEvent } from "../failover/event.ts";
import { nothingDue } from "./cycle.ts";

export type FleetDecision = { readonly accepted: true; readonly events: NonEmpty<FleetEvent> } | FleetRefusal;

export interface FleetRefusal {
  readonly accepted: false;
  readonly refusal: Refusal;
}

/** What was asked of the installation is refused; `figures` default to none. */
export function refuse(code: string, says: string, mend: string, figures: JsonObject = {}): FleetRefusal {
  return { accepted: false, refusal: { code, says, figures, mend } };
}

export function accept(...events: NonEmpty<FleetEvent>): FleetDecision {
  return { accepted: true, events };
}

/** Whatever there is to record; where there is nothing, nothing was due. */
export function acceptAny(events: readonly FleetEvent[]): FleetDecision {
  return isNonEmpty(events)
    ? { accepted: true, events }
    : refuse(nothingDue, "Nothing is due.", "Nothing needs to be done.");
}
