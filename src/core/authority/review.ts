import { add, day, type Instant } from "../../values/time.ts";
import type { PeopleEvent } from "./authority-event.ts";
import type { Review } from "./state.ts";

/** A review is due a day after it was opened. */
const reviewDueMs = day;

/** The event that opens a review: it stands on every status until somebody closes it who took no part. */
export function openedReview(
  { id, kind, subject, tookPart }: Pick<Review, "id" | "kind" | "subject" | "tookPart">,
  now: Instant,
): Extract<PeopleEvent, { type: "review-opened" }> {
  const review = { id, kind, subject, tookPart, openedAt: now, dueAt: add(now, reviewDueMs), closed: null };
  return { type: "review-opened", review };
}
