import type { CheckedAuthenticity } from "../core/failover/verification.ts";
import type { RRset } from "../core/plan/rrset.ts";
import type { NameserverEndpoint, RecordQuestion } from "./records.ts";

/** Validates what one address of one nameserver answers. Cannot write. */
export interface AnswerAuthenticator {
  /**
   * Asks this address, and follows each alias into its own zone. MUST NOT call silence or a transport's failure bogus,
   * MUST end by itself, and MUST tell by `vantages` only who had the very data, `rrset`, over a stream. Never rejects.
   */
  authenticate(
    server: NameserverEndpoint,
    expected: RecordQuestion & { readonly rrset: RRset | "absent" },
    signal: AbortSignal,
  ): Promise<CheckedAuthenticity>;
}
