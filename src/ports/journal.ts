import type { Commitment, Opening } from "../values/commitment.ts";
import type { Epoch, Sequence } from "../values/ids.ts";
import type { NonEmpty } from "../values/non-empty.ts";
import type { Sha256 } from "../values/sha256.ts";
import type { Instant } from "../values/time.ts";

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
  /** 1 to {@link batchEntriesMax} entries of at most 65 535 octets: all are durable, or none. */
  readonly entries: NonEmpty<Uint8Array>;
  /** Durable together with the entries. */
  readonly openings: readonly Opening[];
}

/** `malformed`: an entry does not follow the one before, which is a bug of the caller; `locked`: another program holds the file. */
export type AppendRefusal = "full" | "read-only" | "locked" | "too-large" | "malformed" | "corrupt";

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

/** The most entries of a batch. */
export const batchEntriesMax = 64;

/** The most octets of an attachment. */
export const attachmentOctetsMax = 16 * 1024 * 1024;

/** Things too large or too private for an entry: policies, statements, DNS messages, observations. */
export interface AttachmentWriter {
  /**
   * Both the octets and the opening are durable when it resolves; an entry MUST NOT name the commitment before.
   * @throws PointsmanError `journal-full`, `journal-read-only`, `journal-locked`, `journal-unavailable`, or
   * `attachment-too-large` above {@link attachmentOctetsMax}. Attachments are the first to be refused on a full disk.
   */
  put(octets: Uint8Array): Promise<Commitment>;
}

export interface AttachmentReader {
  /** The octets, checked against the commitment; `undefined` once erased. */
  get(commitment: Commitment): Promise<Uint8Array | undefined>;
}

/** Takes values away that may no longer be kept. The commitments, and so every hash, stay. */
interface OpeningEraser {
  /** Durable when it resolves. Erasing what is not there does nothing. */
  erase(commitment: Commitment): Promise<void>;
}

/** An open journal, split by privilege: pass each part only to whom it is for. */
export interface Journal {
  readonly reader: JournalReader;
  readonly owner: JournalOwner;
  readonly attachments: AttachmentWriter & AttachmentReader;
  readonly eraser: OpeningEraser;
  /** `released` while entries live on the room that is kept for a full disk: then observations MUST NOT be attached. */
  reserve(): "kept" | "released";
  /** Lets go of the files and the lock; followers end. */
  close(): Promise<void>;
}
