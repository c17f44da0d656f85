import type { NonEmpty } from "../../values/non-empty.ts";
import type { Refusal } from "../../values/refusal.ts";
import type { FleetEvent } from "../failover/event.ts";

export type FleetDecision =
  | { readonly accepted: true; readonly events: NonEmpty<FleetEvent> }
  | { readonly accepted: false; readonly refusal: Refusal };
