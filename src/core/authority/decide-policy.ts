import type { Instant } from "../../values/time.ts";
import type { FleetDecision } from "../cycle/fleet-decision.ts";
import type { World } from "../cycle/world.ts";
import type { PolicyRequest } from "./request.ts";
import type { Speaker } from "./speaker.ts";

/** What is asked of the policy, by the person who signed it. */
export function decidePolicy(
  _world: World,
  _request: PolicyRequest,
  _speaker: Speaker | null,
  _now: Instant,
): FleetDecision {
  throw new Error("not built");
}
