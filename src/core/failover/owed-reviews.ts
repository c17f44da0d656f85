import { grantsOf } from "../authority/grants-used.ts";
import type { GateReport } from "../gates/gate.ts";
import { owedReviewsMax, type Failover, type OwedReview, type ServiceState } from "./state.ts";

/** Adds what people must look at afterwards; a review that is owed already is owed once. */
export function withOwedReviews(state: ServiceState, reviews: readonly OwedReview[]): ServiceState {
  const fresh = reviews.filter(({ id }) => !state.owedReviews.some((owed) => owed.id === id));
  if (fresh.length === 0) return state;
  return { ...state, owedReviews: [...state.owedReviews, ...fresh].slice(-owedReviewsMax) };
}

/** What a failover that begins to be carried out owes, and the emergencies that it uses up. */
export function withWhatItOwes(state: ServiceState, open: Failover, gates: readonly GateReport[]): ServiceState {
  const used = grantsOf(open).map((grant) => ({ grant, failover: open.id }));
  const reviews = [
    ...(open.words.some(({ under }) => under?.kind === "solo") ? [reviewOf("solo", open)] : []),
    ...(gates.some(({ waivedBy }) => waivedBy !== undefined) ? [reviewOf("waiver", open)] : []),
  ];
  const grantsUsed = [...state.grantsUsed, ...used].slice(-owedReviewsMax);
  return withOwedReviews({ ...state, grantsUsed }, reviews);
}

/** Whoever declared it, signed for it or waived a gate took part, and does not close its review. */
export function reviewOf(kind: OwedReview["kind"], open: Failover): OwedReview {
  const words = [...open.words, ...open.waivers];
  const people = [...(open.by.kind === "person" ? [open.by.id] : []), ...words.map(({ person }) => person)];
  return { id: `${kind}/${open.id}`, kind, subject: open.id, tookPart: [...new Set(people)] };
}
