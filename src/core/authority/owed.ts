import { add, type Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import { breakGlassUsed } from "./decide/emergencies.ts";
import { reviewDueMs } from "./decide/reviews.ts";
import type { PeopleEvent } from "./authority-event.ts";

/**
 * What the services' streams owe to the stream `people`: reviews that they call for, and moves under a grant. Read from
 * their states, so that it follows after a crash as well, and once.
 */
export function owedToPeople({ services, authority }: World, now: Instant): readonly PeopleEvent[] {
  const owed: PeopleEvent[] = [];
  for (const { owedReviews, grantsUsed } of services.values()) {
    for (const review of owedReviews)
      if (!authority.reviews.has(review.id))
        owed.push({
          type: "review-opened",
          review: { ...review, openedAt: now, dueAt: add(now, reviewDueMs), closed: null },
        });
    for (const { grant, failover } of grantsUsed)
      if (authority.grants.get(grant)?.used.includes(failover) === false) owed.push(breakGlassUsed(grant, failover));
  }
  return owed;
}
