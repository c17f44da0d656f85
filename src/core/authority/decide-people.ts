import { isNonEmpty } from "../../values/non-empty.ts";
import type { Instant } from "../../values/time.ts";
import { nothingDue } from "../cycle/cycle.ts";
import { refuse, type FleetDecision } from "../cycle/fleet-decision.ts";
import type { World } from "../cycle/world.ts";
import { recoveryPrefix, type About } from "./acts/about.ts";
import { delegate, withdrawDelegation } from "./acts/delegations.ts";
import { settleDispute } from "./acts/disputes.ts";
import { breakGlass, withdrawBreakGlass } from "./acts/emergencies.ts";
import { enrol, revokeKey } from "./acts/keys.ts";
import { credentialRotated, erase } from "./acts/records.ts";
import { objectToRecovery, recover } from "./acts/recoveries.ts";
import { closeReview } from "./acts/reviews.ts";
import { duePeople } from "./due.ts";
import type { PeopleRequest } from "./request.ts";
import type { Speaker } from "./speaker.ts";

/** A dispute has no speaker: its statement is not admitted. It is decided before. */
type Request = Exclude<PeopleRequest, { kind: "dispute-log" }>;

/** What is asked of keys, delegations, emergencies, reviews and recoveries, by the person who signed it. */
export function decidePeople(world: World, request: Request, speaker: Speaker | null, now: Instant): FleetDecision {
  if (request.kind === "advance-people") return advancePeople(world, now);
  if (speaker === null)
    return refuse(
      "statement-needed",
      "This is asked by a signed statement alone.",
      "Sign it: pointsman statement make",
    );
  if (speaker.signer.person.startsWith(recoveryPrefix) && request.kind !== "recover")
    return refuse(
      "recovery-keys-recover-alone",
      "A recovery key replaces people's keys, and does nothing else.",
      "Sign with a key of a person.",
    );
  return decideSigned({ world, speaker, now }, request);
}

function decideSigned(about: About, request: Exclude<Request, { kind: "advance-people" }>): FleetDecision {
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

function advancePeople(world: World, now: Instant): FleetDecision {
  const { events } = duePeople(world, now);
  return isNonEmpty(events)
    ? { accepted: true, events }
    : refuse(nothingDue, "Nothing is due.", "Nothing needs to be done.");
}
