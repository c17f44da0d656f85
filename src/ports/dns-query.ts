import type { Message } from "../dns/wire/record.ts";
import type { Name } from "../dns/wire/name.ts";

export interface DnsQuestion {
  readonly name: Name;
  readonly type: number;
}

export type DnsAnswer =
  | {
      readonly outcome: "message";
      /** Whole: a truncated answer was asked for again over a stream. */
      readonly message: Message;
      /** Who gave it, for people: `192.0.2.53`, `recorded`. */
      readonly from: string;
    }
  | {
      /**
       * `no-response`: silence, a refused connection, no route. `unusable`: octets that are no answer, or a response code
       * that is none (SERVFAIL, REFUSED). Neither says anything of the data: never bogus.
       */
      readonly outcome: "no-response" | "unusable";
      readonly code: string;
      readonly from: string;
    };

/**
 * Asks one question with DO set, and CD where a resolver is asked (RFC 4035 §3.2.2). Live or recorded. Never rejects, and
 * MUST end: it has its own time-out. What it answers is believed by nobody: the validator checks it.
 */
export interface DnsQueryPort {
  /**
   * @param zone whose nameservers to ask: the question's own zone, or the parent's for a DS. A resolver ignores it.
   *   `closest`: the nameservers of the deepest zone at or above the name (above it for a DS) that delegations lead to.
   */
  query(zone: Name | "closest", question: DnsQuestion, signal: AbortSignal): Promise<DnsAnswer>;
}
