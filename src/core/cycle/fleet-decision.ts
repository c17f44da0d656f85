import type { JsonObject } from "../../values/json.ts";
import type { NonEmpty } from "../../values/non-empty.ts";
import type { Refusal } from "../../values/refusal.ts";
import type { FleetEvent } from "../failover/event.ts";

export type FleetDecision =
  | { readonly accepted: true; readonly events: NonEmpty<FleetEvent> }
  | { readonly accepted: false; readonly refusal: Refusal };

/** What was asked of the installation is refused; `figures` default to none. */
export function refuse(code: string, says: string, mend: string, figures: JsonObject = {}): FleetDecision {
  return { accepted: false, refusal: { code, says, figures, mend } };
}

export function accept(...events: NonEmpty<FleetEvent>): FleetDecision {
  return { accepted: true, events };
}
