import type { Instant } from "../../values/time.ts";
import type { RRset } from "../plan/rrset.ts";

/**
 * What a resolver did with the deliberately broken name. `validates`: it refuses it, and gives it to who asks for data
 * that is not checked (CD). `answers`: it gave it. `no-response`: silence, which is neither. `unclear`: it refuses, and
 * that may have another reason. `not-asked`: the policy names none.
 */
export interface BrokenNameSurvey {
  readonly outcome: "validates" | "answers" | "no-response" | "unclear" | "not-asked";
  /** Of the transport or the response; null: nothing to tell. */
  readonly code: string | null;
}

export interface ResolverAnswer {
  readonly zone: string;
  readonly name: string;
  readonly type: string;
  /** `unusable`: a response that is no answer, such as SERVFAIL. */
  readonly outcome: "answer" | "no-response" | "unusable";
  readonly code: string | null;
  /** Null: no answer. Its TTL is what is left of it there. */
  readonly rrset: RRset | "absent" | null;
  /** It says that it validated the answer (AD, RFC 4035 §3.2.3). */
  readonly authenticated: boolean;
}

/** One round of questions to one resolver, from one place. JSON. */
export interface ResolverSurvey {
  readonly resolver: string;
  readonly vantage: string;
  readonly at: Instant;
  readonly broken: BrokenNameSurvey;
  readonly watched: readonly ResolverAnswer[];
}
