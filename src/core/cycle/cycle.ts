import type { Epoch } from "../../values/ids.ts";
import type { NonEmpty } from "../../values/non-empty.ts";
import type { Refusal } from "../../values/refusal.ts";
import type { Instant } from "../../values/time.ts";
import type { Placed, ServiceEvent } from "../failover/event.ts";
import type { ServiceState } from "../failover/state.ts";
import type { Facts } from "./facts.ts";
import type { EffectAction, ServiceCommand } from "./service-command.ts";
import type { World } from "./world.ts";

export type Decision =
  | { readonly accepted: true; readonly events: NonEmpty<ServiceEvent> }
  | { readonly accepted: false; readonly refusal: Refusal };

/** The code of an `advance` that finds nothing to do: what a look at a quiet service ends with. */
export const nothingDue = "nothing-due";

/** Events or a refusal; no clock, no I/O, no chance. `epoch` is the running controller's. */
export type Decide = (
  state: ServiceState,
  world: World,
  command: ServiceCommand,
  facts: Facts,
  now: Instant,
  epoch: Epoch,
) => Decision;

/** Never refuses: an impossible history is a bug, and crashes. */
export type Evolve = (state: ServiceState, placed: Placed<ServiceEvent>) => ServiceState;

export interface Due {
  readonly effects: readonly EffectAction[];
  /** When to look again though nothing happened; undefined: no need. */
  readonly wakeAt: Instant | undefined;
}

export type NextActions = (state: ServiceState, world: World, facts: Facts, now: Instant, epoch: Epoch) => Due;
