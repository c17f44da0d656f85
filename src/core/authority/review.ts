import { add, hour, type Instant } from "../../values/time.ts";
import type { PeopleEvent } from "./authority-event.ts";
import type { Review } from "./state.ts";

/** A review is due this long after what it is about. */
const reviewMs = 24 * hour;

/** The event that opens a review: it stands on every status until somebody closes it who took no part. */
export function reviewOf(
  kind: Review["kind"],
  subject: string,
  tookPart: readonly string[],
  now: Instant,
): Extract<PeopleEvent, { type: "review-opened" }> {
  const id = `${kind}-${subject.slice(0, 63)}-${now}`;
  return {
    type: "review-opened",
    review: { id, kind, subject, tookPart, openedAt: now, dueAt: add(now, reviewMs), closed: null },
  };
}
