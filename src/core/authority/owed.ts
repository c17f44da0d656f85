import type { Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import type { ServiceState } from "../failover/state.ts";
import { breakGlassUsed } from "./decide/emergencies.ts";
import { openedReview } from "./review.ts";
import type { PeopleEvent } from "./authority-event.ts";
import type { AuthorityState } from "./state.ts";

/**
 * What the services' streams owe to the stream `people`: reviews that they call for, and moves under a grant. Read from
 * their states, so that it follows after a crash as well, and once.
 */
export function owedToPeople({ services, authority }: World, now: Instant): readonly PeopleEvent[] {
  return [...services.values()].flatMap((state) => owedBy(state, authority, now));
}

/** What one service's stream owes. */
export function owedBy(
  { owedReviews, grantsUsed }: Pick<ServiceState, "owedReviews" | "grantsUsed">,
  { reviews, grants }: AuthorityState,
  now: Instant,
): readonly PeopleEvent[] {
  const opened = owedReviews.filter(({ id }) => !reviews.has(id)).map((review) => openedReview(review, now));
  const used = grantsUsed.filter(({ grant, failover }) => grants.get(grant)?.used.includes(failover) === false);
  return [...opened, ...used.map(({ grant, failover }) => breakGlassUsed(grant, failover))];
}
