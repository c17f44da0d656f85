import { fingerprintOf } from "../policy/ssh-key.ts";
import type { FleetEvent, Placed } from "../failover/event.ts";
import type { PeopleEvent, PolicyEvent } from "./authority-event.ts";
import { withStep } from "./clock-steps.ts";
import { evolvePeople } from "./evolve-people.ts";
import { evolveAdopted, evolveProposals } from "./evolve-proposals.ts";
import type { AuthorityState, AutomationKey } from "./state.ts";

/**
 * Folds one event of the installation into who may do what; those of other things leave it as it is. Never refuses: an
 * impossible history is a bug, and crashes.
 */
export function evolveAuthority(state: AuthorityState, placed: Placed<FleetEvent>): AuthorityState {
  const { event } = placed;
  if (event.type === "installation-created")
    return { ...evolveAdopted(state, { ...placed, event }), automation: automationOf(event.keys) };
  if (event.type === "policy-adopted") return evolveAdopted(state, { ...placed, event });
  if (event.type === "clock-stepped")
    return { ...state, clockSteps: withStep(state.clockSteps, placed.at, event.byMs) };
  if (isPolicyEvent(event)) return evolveProposals(state, { ...placed, event });
  return isPeopleEvent(event) ? evolvePeople(state, { ...placed, event }) : state;
}

/** Whether an event stands in the stream of people. */
export function isPeopleEvent(event: FleetEvent): event is PeopleEvent {
  return !elsewhere.has(event.type);
}

const policyEvents: ReadonlySet<FleetEvent["type"]> = new Set([
  "policy-proposed",
  "policy-word-given",
  "policy-objected",
  "policy-proposal-ended",
] as const satisfies readonly PolicyEvent["type"][]);

function isPolicyEvent(event: FleetEvent): event is PolicyEvent {
  return policyEvents.has(event.type);
}

const elsewhere: ReadonlySet<FleetEvent["type"]> = new Set([
  "installation-created",
  "controller-started",
  "controller-stopped",
  "clock-stepped",
  "policy-adopted",
  "policy-proposed",
  "policy-word-given",
  "policy-objected",
  "policy-proposal-ended",
  "change-announced",
  "announcement-withdrawn",
  "zone-baseline-set",
  "zone-integrity-changed",
  "all-stopped",
  "all-resumed",
] as const satisfies readonly Exclude<FleetEvent, PeopleEvent>["type"][]);

/** Journals that began without a key for the automation name none. */
function automationOf(keys: Extract<FleetEvent, { type: "installation-created" }>["keys"]): AutomationKey | null {
  const line = keys.find(({ role }) => role === "automation")?.key;
  const fingerprint = line === undefined ? undefined : fingerprintOf(line);
  return line === undefined || fingerprint === undefined ? null : { line, fingerprint };
}
