import type { Instant } from "../../values/time.ts";
import type { FleetDecision } from "../cycle/fleet-decision.ts";
import type { World } from "../cycle/world.ts";
import type { PeopleRequest } from "./request.ts";
import type { Speaker } from "./speaker.ts";

/** What is asked of keys, delegations, emergencies, reviews and recoveries, by the person who signed it. */
export function decidePeople(
  _world: World,
  _request: PeopleRequest,
  _speaker: Speaker | null,
  _now: Instant,
): FleetDecision {
  throw new Error("not built");
}
