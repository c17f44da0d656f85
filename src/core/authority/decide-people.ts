import { invariant } from "../../values/invariant.ts";
import type { Instant } from "../../values/time.ts";
import { acceptAny, type FleetDecision } from "../cycle/fleet-decision.ts";
import type { World } from "../cycle/world.ts";
import type { About } from "./decide/about.ts";
import { delegate, withdrawDelegation } from "./decide/delegations.ts";
import { disputeLog, settleDispute } from "./decide/disputes.ts";
import { breakGlass, withdrawBreakGlass } from "./decide/emergencies.ts";
import { enrol, revokeKey } from "./decide/keys.ts";
import { credentialRotated, erase } from "./decide/records.ts";
import { objectToRecovery, recover } from "./decide/recoveries.ts";
import { closeReview } from "./decide/reviews.ts";
import { duePeople } from "./due.ts";
import type { PeopleRequest } from "./request.ts";
import type { Speaker } from "./admitted.ts";

/** What is asked of keys, delegations, emergencies, reviews and recoveries, by the person who signed it. */
export function decidePeople(
  world: World,
  request: PeopleRequest,
  speaker: Speaker | null,
  now: Instant,
): FleetDecision {
  if (request.kind === "advance-people") return acceptAny(duePeople(world, now).events);
  invariant(speaker !== null, "people's requests are signed");
  return decideSigned({ world, speaker, now }, request);
}

function decideSigned(about: About, request: Exclude<PeopleRequest, { kind: "advance-people" }>): FleetDecision {
  switch (request.kind) {
    case "enrol":
      return enrol(about, request);
    case "revoke-key":
      return revokeKey(about, request);
    case "delegate":
      return delegate(about, request);
    case "withdraw-delegation":
      return withdrawDelegation(about, request);
    case "break-glass":
      return breakGlass(about, request);
    case "withdraw-break-glass":
      return withdrawBreakGlass(about, request);
    case "dispute-log":
      return disputeLog(about);
    case "settle-dispute":
      return settleDispute(about);
    case "recover":
      return recover(about, request);
    case "object-to-recovery":
      return objectToRecovery(about, request);
    case "close-review":
      return closeReview(about, request);
    case "credential-rotated":
      return credentialRotated(about, request);
    case "erase":
      return erase(about, request);
  }
}
