import { formatInstant, type Instant } from "../../../values/time.ts";
import { accept, refuse, type FleetDecision } from "../../cycle/fleet-decision.ts";
import type { PeopleEvent } from "../authority-event.ts";
import type { PeopleRequest } from "../request.ts";
import { openedReview } from "../review.ts";
import type { Review } from "../state.ts";
import type { Signer } from "../word.ts";
import { idOf, type About } from "./about.ts";

/** A review of what `begun` led to; it goes with the decision that makes it necessary, and has one id for one statement. */
export function reviewOpened(
  what: Pick<Review, "kind" | "subject" | "tookPart">,
  begun: Signer,
  now: Instant,
): Extract<PeopleEvent, { type: "review-opened" }> {
  return openedReview({ ...what, id: idOf(what.kind, begun) }, now);
}

/** Closed by a person of the policy who took no part in it. */
export function closeReview(
  { world, speaker }: About,
  { review: id }: Extract<PeopleRequest, { kind: "close-review" }>,
): FleetDecision {
  const review = world.authority.reviews.get(id);
  const { signer } = speaker;
  if (review === undefined)
    return refuse("no-such-review", `There is no review ${id}.`, "See pointsman status.", { review: id });
  if (review.closed !== null)
    return refuse(
      "review-closed",
      `${review.closed.person} closed ${id} on ${formatInstant(review.closed.at)}.`,
      "Nothing needs to be done.",
      { review: id, by: review.closed.person },
    );
  if (review.tookPart.includes(signer.person))
    return refuse(
      "took-part",
      `${signer.person} took part in what ${id} is about.`,
      "Ask somebody to close it who took no part.",
      { review: id, tookPart: review.tookPart },
    );
  return accept({ type: "review-closed", review: id, by: signer });
}
