import { invariant, unreachable } from "../../values/invariant.ts";
import type { Placed, ServiceEvent } from "./event.ts";
import { openOf } from "./evolve-failover.ts";
import { reviewOf, withOwedReviews } from "./owed-reviews.ts";
import { without } from "./state-change.ts";
import type { OwedReview, ServiceState } from "./state.ts";

type PeoplesEvent = Extract<
  ServiceEvent,
  {
    type:
      | "word-given"
      | "waiver-given"
      | "authority-ended"
      | "verdict-forced"
      | "forced-verdict-lifted"
      | "site-barred"
      | "site-cleared"
      | "service-handed-over"
      | "service-taken-back";
  }
>;

/** What people signed about a service. */
export function evolvePeople(state: ServiceState, { event, at }: Placed<PeoplesEvent>): ServiceState {
  switch (event.type) {
    case "word-given": {
      const open = openOf(state, event.failover);
      invariant(event.planHash === open.planHash, "a word is for the open plan");
      return { ...state, failover: { ...open, words: [...open.words, event.word] } };
    }
    case "waiver-given": {
      const open = openOf(state, event.failover);
      invariant(event.planHash === open.planHash, "a waiver is for the open plan");
      return {
        ...state,
        failover: { ...open, waivers: [...open.waivers, { ...event.word, gates: event.gates }] },
      };
    }
    case "authority-ended": {
      const open = openOf(state, event.failover);
      const { codes, afterwards } = event;
      const failover = { ...open, authorityEnded: { codes, afterwards } };
      const review = reviewOf("late-veto", open);
      const vetoers = state.vetoes.filter(({ id }) => id === `veto-${open.id}`).map(({ by }) => by.id);
      const tookPart = [...new Set([...review.tookPart, ...vetoers])];
      return { ...withOwedReviews(state, [{ ...review, tookPart }]), failover };
    }
    case "verdict-forced": {
      const { site, verdict, by, until } = event;
      return { ...state, forced: new Map([...state.forced, [site, { verdict, by, until }]]) };
    }
    case "forced-verdict-lifted":
      return { ...state, forced: without(state.forced, event.site) };
    case "site-barred":
      return { ...state, barred: new Map([...state.barred, [event.site, event.by]]) };
    case "site-cleared":
      return { ...state, barred: without(state.barred, event.site) };
    case "service-handed-over": {
      const { by, codes, manual } = event;
      const review: OwedReview = {
        id: `handover/${state.service}/${by.statement.slice(0, 16)}`,
        kind: "handover",
        subject: state.service,
        tookPart: [by.person],
      };
      return { ...withOwedReviews(state, [review]), handedOver: { by, codes, manual } };
    }
    case "service-taken-back":
      // The world is read anew: what stood before says nothing after somebody else's hands.
      return {
        ...state,
        handedOver: null,
        placement: null,
        baseline: new Map(),
        baselineAt: at,
        drift: new Map(),
        owed: [],
        initiatives: new Map(),
      };
    default:
      return unreachable(event, "event of people");
  }
}
