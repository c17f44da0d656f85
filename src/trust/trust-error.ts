import type { Validation } from "../dns/dnssec/verdict.ts";
import { PointsmanError } from "../values/refusal.ts";

/**
 * `trust-bogus`: altered, or signed wrongly. `trust-insecure`: proven to be unsigned, where `secure` is required.
 * `trust-indeterminate`: an answer that is needed did not come. `trust-unverifiable`: it asked for too much work.
 * `trust-no-address`: there is none. `trust-not-a-name`: what was given is no domain name. `trust-dane`: the certificate
 * is none of those that the TLSA records of the server name (RFC 6698).
 */
export type TrustErrorCode =
  | "trust-bogus"
  | "trust-insecure"
  | "trust-indeterminate"
  | "trust-unverifiable"
  | "trust-no-address"
  | "trust-not-a-name"
  | "trust-dane";

/** Why a name is not to be trusted. Nothing was sent to anybody that goes by it. */
export class TrustError extends PointsmanError {
  readonly code: TrustErrorCode;
  /** What was found of the name; null where nothing was asked. */
  readonly validation: Validation | null;

  constructor(code: TrustErrorCode, says: string, mend: string, validation: Validation | null = null) {
    super({ code, says, figures: {}, mend });
    this.code = code;
    this.validation = validation;
  }
}
