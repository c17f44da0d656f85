import type { Instant } from "../values/time.ts";

/** Checks a signed statement. Signed statements come with the authority work; until then none is accepted. */
export interface StatementVerifier {
  verify(
    statement: Uint8Array,
    signature: Uint8Array,
    at: Instant,
  ): Promise<
    | { readonly valid: true; readonly person: string; readonly key: string }
    | { readonly valid: false; readonly code: string }
  >;
}
