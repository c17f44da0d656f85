import type { Placed } from "../failover/event.ts";
import type { PeopleEvent } from "./authority-event.ts";
import type { AuthorityState } from "./state.ts";

/** The fold of keys, delegations, emergencies, reviews and recoveries. */
export function evolvePeople(_state: AuthorityState, _placed: Placed<PeopleEvent>): AuthorityState {
  throw new Error("not built");
}
