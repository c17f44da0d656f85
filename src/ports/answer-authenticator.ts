import type { CheckedAuthenticity } from "../core/failover/verification.ts";
import type { NameserverEndpoint, RecordQuestion } from "./records.ts";

/** Validates what one address of one nameserver answers. Cannot write. */
export interface AnswerAuthenticator {
  /**
   * Asks this address, and follows each alias into its own zone. MUST NOT call silence or a transport's failure bogus,
   * MUST end by itself, and MUST tell by `vantages` only who had the very data over a stream. Never rejects.
   */
  authenticate(server: NameserverEndpoint, question: RecordQuestion, signal: AbortSignal): Promise<CheckedAuthenticity>;
}
