import { invariant, unreachable } from "../../values/invariant.ts";
import type { Sha256 } from "../../values/sha256.ts";
import type { Instant } from "../../values/time.ts";
import type { FleetEvent, Placed } from "../failover/event.ts";
import type { PolicyEvent } from "./authority-event.ts";
import { elapsedOf } from "./clock-steps.ts";
import { memoryMs } from "./policy-thresholds.ts";
import type { AuthorityState, PastPolicy, PolicyProposal } from "./state.ts";

/** The fold of proposed policies. */
export function evolveProposals(state: AuthorityState, { event }: Placed<PolicyEvent>): AuthorityState {
  switch (event.type) {
    case "policy-proposed":
      return withProposal(state, event.proposal);
    case "policy-word-given": {
      const open = openOf(state, event.policy);
      return withProposal(state, { ...open, words: [...open.words, event.by] });
    }
    case "policy-objected": {
      const open = openOf(state, event.policy);
      return withProposal(state, { ...open, objections: [...open.objections, event.by] });
    }
    case "policy-proposal-ended":
      return without(state, event.policy);
    default:
      return unreachable(event, "event of a proposed policy");
  }
}

type Adopted = Extract<FleetEvent, { type: "policy-adopted" | "installation-created" }>;

/** A policy came into force: it is none of the proposals any more, and one of the past. */
export function evolveAdopted(state: AuthorityState, { event, at }: Placed<Adopted>): AuthorityState {
  const past = { policy: event.policy, from: at, class: event.type === "policy-adopted" ? event.class : null };
  return { ...without(state, event.policy), history: [...recent(state, at), past] };
}

/** Those that a policy may still be measured against. */
function recent(state: AuthorityState, now: Instant): readonly PastPolicy[] {
  const { history } = state;
  const oldest = history.findLastIndex(({ from }) => elapsedOf({ authority: state }, from, now) >= memoryMs);
  return history.slice(Math.max(0, oldest));
}

function openOf({ proposals }: AuthorityState, policy: Sha256): PolicyProposal {
  const open = proposals.get(policy);
  invariant(open !== undefined, "what is signed or objected to was proposed");
  return open;
}

function withProposal(state: AuthorityState, proposal: PolicyProposal): AuthorityState {
  return { ...state, proposals: new Map([...state.proposals, [proposal.policy, proposal]]) };
}

function without(state: AuthorityState, policy: Sha256): AuthorityState {
  return { ...state, proposals: new Map([...state.proposals].filter(([hash]) => hash !== policy)) };
}
