import type { Placed } from "../failover/event.ts";
import type { PolicyEvent } from "./authority-event.ts";
import type { AuthorityState } from "./state.ts";

/** The fold of proposed policies. */
export function evolveProposals(_state: AuthorityState, _placed: Placed<PolicyEvent>): AuthorityState {
  throw new Error("not built");
}
