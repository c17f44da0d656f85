/**
 * `pointsman/trust`: ask before you trust. Names by answers that were validated here, and TLS with servers that the DNS
 * itself vouches for where it does.
 *
 *     const trust = await createTrust({ require: "secure" });
 *     https.get("https://api.example.com/", { agent: trust.agent() });
 */
import { createTrust as createTrustOf, type Trust } from "../trust/trust.ts";
import type { Requirement } from "../trust/judgement.ts";
import { duration } from "../values/time.ts";
import { createLook, type LookOptions } from "./look.ts";

export type { TrustedAddress, TrustedAddresses } from "../trust/addresses.ts";
export type { Requirement } from "../trust/judgement.ts";
export type { Connector, Destination, Trust } from "../trust/trust.ts";
export { TrustError, type TrustErrorCode } from "../trust/trust-error.ts";

export interface TrustOptions extends LookOptions {
  /** `not-bogus` when left out: insecure names do as well. */
  readonly require?: Requirement;
  /** Milliseconds for all questions about one name; 10 000 when left out. */
  readonly timeoutMs?: number;
}

/** @throws PointsmanError for an anchor or an address that cannot be read. */
export async function createTrust({ require = "not-bogus", timeoutMs, ...options }: TrustOptions = {}): Promise<Trust> {
  const { validator, means } = await createLook(options);
  return createTrustOf({
    validator,
    clock: means.clock,
    require,
    ...(timeoutMs === undefined ? {} : { timeoutMs: duration(timeoutMs) }),
  });
}
