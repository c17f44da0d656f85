import type { Brand } from "../values/brand.ts";
import type { Epoch, Sequence } from "../values/ids.ts";
import type { NonEmpty } from "../values/non-empty.ts";
import type { Sha256 } from "../values/sha256.ts";
import type { Instant } from "../values/time.ts";

/** SHA-256(0x02, 32 random octets, value): stands in the journal for a value that may later be erased. */
export type Commitment = Brand<Sha256, "Commitment">;

/** What opens a commitment; kept beside the log, never hashed into it. */
export interface Opening {
  readonly commitment: Commitment;
  /** 32 octets. */
  readonly salt: Uint8Array;
  readonly value: Uint8Array;
}

export interface Head {
  /** Number of entries. */
  readonly size: number;
  /** Root of the Merkle tree of RFC 6962 over them. */
  readonly root: Sha256;
  /** `at` of the last entry; 0 while there is none. */
  readonly lastAt: Instant;
  readonly epoch: Epoch;
}

export interface StoredEntry {
  readonly sequence: Sequence;
  readonly octets: Uint8Array;
  /** SHA-256(0x00, octets). */
  readonly leaf: Sha256;
}

export interface Batch {
  readonly epoch: Epoch;
  /** The size that the journal must have, batches in flight included: a compare-and-swap. */
  readonly expectedSize: number;
  /** 1 to 64 entries of at most 65 535 octets: all are durable, or none. */
  readonly entries: NonEmpty<Uint8Array>;
  /** Durable together with the entries. */
  readonly openings: readonly Opening[];
}

export type AppendRefusal = "full" | "read-only" | "too-large" | "corrupt";

export type Appended =
  | { readonly outcome: "durable"; readonly head: Head }
  /** The journal has another size or other entries there. Nothing of the batch was written. */
  | { readonly outcome: "conflict"; readonly head: Head }
  /** A later claim took the journal over. Callers MUST stop acting. */
  | { readonly outcome: "fenced"; readonly by: Epoch }
  | { readonly outcome: "refused"; readonly code: AppendRefusal }
  /** It may be durable or not. Callers MUST drop their state and open the journal anew, or send the same batch again. */
  | { readonly outcome: "unknown"; readonly code: string };

export interface JournalReader {
  head(): Promise<Head>;
  /**
   * Entries from `from`, in order, without gaps. `until` a sequence ends before it; `"follow"` goes on with new durable
   * entries until `signal` aborts. Yields nothing that is not durable.
   */
  read(from: Sequence, until: Sequence | "follow", signal: AbortSignal): AsyncIterable<NonEmpty<StoredEntry>>;
  /** The value that a commitment stands for; `undefined` once erased. */
  opening(commitment: Commitment): Promise<Opening | undefined>;
}

export interface JournalWriter {
  readonly epoch: Epoch;
  /** Atomic. Resolves once durable; callers MUST NOT start an effect that rests on an entry before. Never rejects. */
  append(batch: Batch): Promise<Appended>;
}

export interface JournalOwner {
  /**
   * Takes the journal over under a new, higher epoch. `lost` aborts when another claim took it; it MUST be looked at
   * before each effect.
   */
  claim(): Promise<{ readonly writer: JournalWriter; readonly lost: AbortSignal }>;
}

/** Things too large or too private for an entry: policies, statements, DNS messages, observations. */
export interface AttachmentWriter {
  /** Both the octets and the opening are durable when it resolves; an entry MUST NOT name the commitment before. */
  put(octets: Uint8Array): Promise<Commitment>;
}

export interface AttachmentReader {
  /** The octets, checked against the commitment; `undefined` once erased. */
  get(commitment: Commitment): Promise<Uint8Array | undefined>;
}
