import type { Brand } from "./brand.ts";
import type { Sha256 } from "./sha256.ts";

/**
 * SHA-256(0x02, 32 random octets, value), 64 lower-case hexadecimal digits: stands in the journal for a value that may
 * later be erased.
 */
export type Commitment = Brand<string, "Commitment">;

/** What opens a commitment; kept beside the log, never hashed into it. */
export interface Opening {
  readonly commitment: Commitment;
  /** 32 octets. */
  readonly salt: Uint8Array;
  readonly value: Uint8Array;
}

/** The digest of 0x02, salt and value, seen as what it is. Only `transparency/commitment.ts` computes one. */
export function asCommitment(digest: Sha256): Commitment {
  return digest as string as Commitment;
}
