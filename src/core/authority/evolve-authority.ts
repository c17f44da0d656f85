import type { FleetEvent, Placed } from "../failover/event.ts";
import type { PeopleEvent, PolicyEvent } from "./authority-event.ts";
import { evolvePeople } from "./evolve-people.ts";
import { evolveProposals } from "./evolve-proposals.ts";
import type { AuthorityState } from "./state.ts";

/** Folds one event of the streams `people` and `policy`. Never refuses: an impossible history is a bug, and crashes. */
export function evolveAuthority(state: AuthorityState, placed: Placed<PeopleEvent | PolicyEvent>): AuthorityState {
  const { event } = placed;
  switch (event.type) {
    case "policy-proposed":
    case "policy-word-given":
    case "policy-objected":
    case "policy-proposal-ended":
      return evolveProposals(state, { ...placed, event });
    default:
      return evolvePeople(state, { ...placed, event });
  }
}

const elsewhere: ReadonlySet<FleetEvent["type"]> = new Set([
  "installation-created",
  "controller-started",
  "controller-stopped",
  "policy-adopted",
  "change-announced",
  "announcement-withdrawn",
  "zone-baseline-set",
  "zone-integrity-changed",
  "all-stopped",
  "all-resumed",
] as const satisfies readonly Exclude<FleetEvent, PeopleEvent | PolicyEvent>["type"][]);

/** Whether an event of the installation is one of people or of proposed policies. */
export function isAuthorityEvent(event: FleetEvent): event is PeopleEvent | PolicyEvent {
  return !elsewhere.has(event.type);
}
