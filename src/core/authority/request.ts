import type { Commitment } from "../../values/commitment.ts";
import type { NonEmpty } from "../../values/non-empty.ts";
import type { Sha256 } from "../../values/sha256.ts";
import type { Instant } from "../../values/time.ts";
import type { Duty } from "../policy/policy.ts";
import type { PersonKey } from "./keys.ts";

/** What is asked of people's keys, delegations, emergencies and reviews; each by a statement. */
export type PeopleRequest =
  | { readonly kind: "enrol"; readonly fingerprint: string; readonly key: PersonKey }
  | { readonly kind: "revoke-key"; readonly fingerprint: string }
  | {
      readonly kind: "delegate";
      readonly to: string;
      readonly duties: NonEmpty<Duty>;
      readonly services: "all" | NonEmpty<string>;
      readonly from: Instant;
      readonly until: Instant;
    }
  | { readonly kind: "withdraw-delegation"; readonly delegation: string }
  /** Asked by the first who signs; signed by the others with the same terms. */
  | {
      readonly kind: "break-glass";
      readonly grant: string;
      readonly service: string;
      readonly plan: Sha256 | null;
      readonly targets: NonEmpty<string>;
      readonly moves: number;
      readonly incident: string;
      readonly until: Instant;
    }
  | { readonly kind: "withdraw-break-glass"; readonly grant: string }
  /** A statement, valid in all else, names a head of the log that this journal does not contain. */
  | { readonly kind: "dispute-log" }
  | { readonly kind: "settle-dispute" }
  | { readonly kind: "recover"; readonly person: string; readonly keys: NonEmpty<string> }
  | { readonly kind: "object-to-recovery"; readonly recovery: string }
  | { readonly kind: "close-review"; readonly review: string }
  | { readonly kind: "credential-rotated"; readonly credential: string }
  | { readonly kind: "erase"; readonly commitment: Commitment }
  /** Due by itself: recoveries whose wait is over. Sent by the controller alone. */
  | { readonly kind: "advance-people" };

/** What is asked of the policy. Its document is known (`world.policies`) before a request names its hash. */
export type PolicyRequest =
  /** The first word proposes it. `adopt`, or in an incident `approve` and `validate` for a class that allows it. */
  | { readonly kind: "sign-policy"; readonly policy: Sha256; readonly duty: "adopt" | "approve" | "validate" }
  | { readonly kind: "object-to-policy"; readonly policy: Sha256 }
  | { readonly kind: "withdraw-policy"; readonly policy: Sha256 }
  /** Due by itself: a proposal whose wait is over, or that another adoption made void. Sent by the controller alone. */
  | { readonly kind: "advance-policy" };
