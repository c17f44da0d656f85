import type { GateReport } from "../gates/gate.ts";
import { owedReviewsMax, type Failover, type OwedReview, type ServiceState } from "./state.ts";

/** Adds what people must look at afterwards; a review that is owed already is owed once. */
export function withOwedReviews(state: ServiceState, reviews: readonly OwedReview[]): ServiceState {
  const fresh = reviews.filter(({ id }) => !state.owedReviews.some((owed) => owed.id === id));
  if (fresh.length === 0) return state;
  return { ...state, owedReviews: [...state.owedReviews, ...fresh].slice(-owedReviewsMax) };
}

/** What a failover that begins to be carried out owes: its emergency, its single person, and the gates that were waived. */
export function reviewsOfIntent(open: Failover, gates: readonly GateReport[]): readonly OwedReview[] {
  const kinds = new Set(open.words.map(({ under }) => under?.kind));
  return [
    ...(kinds.has("break-glass") ? [reviewOf("break-glass", open)] : []),
    ...(kinds.has("solo") ? [reviewOf("solo", open)] : []),
    ...(gates.some(({ waivedBy }) => waivedBy !== undefined) ? [reviewOf("waiver", open)] : []),
  ];
}

/** Whoever declared it, signed for it or waived a gate took part, and does not close its review. */
export function reviewOf(kind: OwedReview["kind"], open: Failover): OwedReview {
  const words = [...open.words, ...open.waivers];
  const people = [...(open.by.kind === "person" ? [open.by.id] : []), ...words.map(({ person }) => person)];
  const grants = words.flatMap(({ under }) => (under?.kind === "break-glass" ? [under.id] : []));
  return {
    id: `${kind}/${open.id}`,
    kind,
    subject: open.id,
    tookPart: [...new Set(people)],
    grants: kind === "break-glass" ? [...new Set(grants)] : [],
  };
}
