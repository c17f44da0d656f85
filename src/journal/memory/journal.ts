import type { Entropy } from "../../ports/clock.ts";
import {
  attachmentOctetsMax,
  type Appended,
  type Batch,
  type Journal,
  type JournalReader,
  type StoredEntry,
} from "../../ports/journal.ts";
import { commit, saltOctets } from "../../transparency/commitment.ts";
import type { Commitment } from "../../values/commitment.ts";
import type { Epoch } from "../../values/ids.ts";
import { isNonEmpty, type NonEmpty } from "../../values/non-empty.ts";
import { attachmentTooLarge, journalClosed } from "../refusals.ts";
import { headOf, judgeBatch } from "../batch.ts";
import { EntryFeed } from "../feed.ts";
import { sequenceOf } from "../../values/ids.ts";
import type { MemoryStore } from "./store.ts";

/**
 * What goes wrong with one append. After a crash this journal is dead: nothing that it was asked ever answers, and the
 * store is opened anew. `before` and `after` say whether the batch was durable by then.
 */
export type MemoryFault = "crash-before" | "crash-after" | "unknown-before" | "unknown-after" | "full";

export interface MemoryJournalOptions {
  readonly store: MemoryStore;
  readonly entropy: Entropy;
  /** Asked for each batch that would be appended; `undefined`: all goes well. */
  readonly faultOf?: (batch: Batch) => MemoryFault | undefined;
}

/** A journal in memory, for tests and the simulator: the same contract, and faults on demand. */
export function openMemoryJournal(options: MemoryJournalOptions): Journal {
  const { store, entropy } = options;
  const life: Life = { state: "open", feed: new EntryFeed((from) => chunkOf(store, from)) };
  return {
    reader: readerOf(store, life),
    owner: {
      claim: () =>
        whileAlive(life, () => {
          const { epoch, lost } = store.claim();
          return { writer: { epoch, append: (batch) => append(options, life, epoch, batch) }, lost };
        }),
    },
    attachments: {
      put: (octets) =>
        whileAlive(life, () => {
          if (octets.length > attachmentOctetsMax) throw attachmentTooLarge(octets.length);
          const salt = entropy.octets(saltOctets);
          const commitment = commit(octets, salt);
          store.openings.set(commitment, { commitment, salt, value: octets.slice() });
          return commitment;
        }),
      get: (commitment) => whileAlive(life, () => store.openings.get(commitment)?.value),
    },
    eraser: {
      erase: (commitment: Commitment) =>
        whileAlive(life, () => {
          store.openings.delete(commitment);
        }),
    },
    reserve: () => store.reserve,
    close: () => {
      life.state = "closed";
      life.feed.close();
      return Promise.resolve();
    },
  };
}

interface Life {
  state: "open" | "crashed" | "closed";
  readonly feed: EntryFeed;
}

function readerOf(store: MemoryStore, life: Life): JournalReader {
  return {
    head: () => whileAlive(life, () => headOf(store.chain, store.epoch)),
    read: (from, until, signal) => life.feed.read(from, until, signal),
    opening: (commitment) => whileAlive(life, () => store.openings.get(commitment)),
  };
}

function append(options: MemoryJournalOptions, life: Life, epoch: Epoch, batch: Batch): Promise<Appended> {
  const { store, faultOf } = options;
  if (life.state === "crashed") return never();
  if (life.state === "closed") return Promise.resolve({ outcome: "unknown", code: "closed" });
  if (batch.epoch !== epoch) return Promise.resolve({ outcome: "fenced", by: store.epoch });
  const next = judgeBatch(batch, store.chain, store.epoch);
  if (next.outcome !== "fit") return Promise.resolve(next);
  const fault = faultOf?.(batch);
  if (fault === "full") return Promise.resolve({ outcome: "refused", code: "full" });
  if (fault !== "crash-before" && fault !== "unknown-before") store.add(next, batch.entries, batch.openings);
  if (fault === "crash-before" || fault === "crash-after") {
    life.state = "crashed";
    return never();
  }
  life.feed.grown();
  if (fault !== undefined) return Promise.resolve({ outcome: "unknown", code: fault });
  return Promise.resolve({ outcome: "durable", head: headOf(store.chain, store.epoch) });
}

function chunkOf(store: MemoryStore, from: number): NonEmpty<StoredEntry> | undefined {
  const chunk = store.entries.slice(from, from + 256).map((octets, index) => {
    const sequence = sequenceOf(from + index);
    return { sequence, octets: octets.slice(), leaf: store.chain.tree.leaf(sequence) };
  });
  return isNonEmpty(chunk) ? chunk : undefined;
}

async function whileAlive<Result>(life: Life, run: () => Result): Promise<Result> {
  if (life.state === "crashed") return await never<Result>();
  if (life.state === "closed") throw journalClosed();
  return run();
}

function never<Result>(): Promise<Result> {
  return Promise.withResolvers<Result>().promise;
}
