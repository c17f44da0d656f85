import { readStatement } from "../core/authority/read-statement.ts";
import type { Instant } from "../values/time.ts";

/**
 * Notes in place that a statement was used. What has expired meanwhile is forgotten: nothing that it is in is accepted any
 * more, and so memory is bounded by the statements of one lifetime.
 */
export function noteStatement(nonces: Map<string, Instant>, statement: string, now: Instant): void {
  for (const [nonce, expires] of nonces) {
    if (expires < now) nonces.delete(nonce);
  }
  const read = readStatement(statement);
  if (typeof read !== "string") nonces.set(read.nonce, read.expires);
}
