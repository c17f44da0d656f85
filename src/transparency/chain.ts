import { invariant } from "../values/invariant.ts";
import type { Sha256 } from "../values/sha256.ts";
import { instant, type Instant } from "../values/time.ts";
import { decodeEntry, type Entry } from "./entry.ts";
import { leafHash, MerkleTree } from "./tree.ts";

/** What keeps an entry from being the log's next one. */
export type ChainFault = "malformed" | "sequence" | "log" | "time" | "epoch" | "stream";

/** The newest entry of a stream. */
export interface StreamHead {
  readonly streamSeq: number;
  readonly leaf: Sha256;
}

/** Entries that fit, not added yet. */
export interface NextEntries {
  readonly outcome: "fit";
  readonly from: number;
  readonly entries: readonly Entry[];
  readonly leaves: readonly Sha256[];
}

interface Last {
  readonly at: Instant;
  readonly epoch: number;
  readonly log: string;
}

/**
 * What the next entry of a log must fit: a dense sequence, one origin, time and epoch that never go back, and in each
 * stream the leaf hash of the entry before, so that none can be missing unseen (N10). The Merkle tree is beside it.
 */
export class EntryChain {
  readonly tree = new MerkleTree();
  readonly #streams = new Map<string, StreamHead>();
  #last: Last | undefined;

  /** `at` of the last entry; 0 while there is none. */
  get lastAt(): Instant {
    return this.#last?.at ?? instant(0);
  }

  stream(name: string): StreamHead | undefined {
    return this.#streams.get(name);
  }

  /** Whether these entries, in order, are the log's next ones. Changes nothing. */
  next(
    octets: readonly Uint8Array[],
  ): NextEntries | { readonly outcome: "fault"; readonly code: ChainFault; readonly sequence: number } {
    const from = this.tree.size;
    const entries: Entry[] = [];
    const leaves: Sha256[] = [];
    const streams = new Map<string, StreamHead>();
    let last = this.#last;
    for (const [index, each] of octets.entries()) {
      const sequence = from + index;
      const entry = decodeEntry(each);
      if (entry === undefined) return { outcome: "fault", code: "malformed", sequence };
      const before = streams.get(entry.stream) ?? this.#streams.get(entry.stream);
      const fault = faultOf(entry, sequence, last, before);
      if (fault !== undefined) return { outcome: "fault", code: fault, sequence };
      const leaf = leafHash(each);
      entries.push(entry);
      leaves.push(leaf);
      streams.set(entry.stream, { streamSeq: entry.streamSeq, leaf });
      last = entry;
    }
    return { outcome: "fit", from, entries, leaves };
  }

  /** Adds entries that {@link next} found to fit, once they are durable. */
  add(next: NextEntries): void {
    invariant(next.from === this.tree.size, "entries are added to the chain that they were made for");
    for (const [index, entry] of next.entries.entries()) {
      const leaf = next.leaves[index];
      invariant(leaf !== undefined, "each entry has its leaf");
      this.tree.append(leaf);
      this.#streams.set(entry.stream, { streamSeq: entry.streamSeq, leaf });
      this.#last = { at: entry.at, epoch: entry.epoch, log: entry.log };
    }
  }

  /** The root of the tree with the leaves of `next`. Changes nothing. */
  rootWith(next: NextEntries): Sha256 {
    const { size } = this.tree;
    for (const leaf of next.leaves) this.tree.append(leaf);
    const root = this.tree.root();
    this.tree.truncate(size);
    return root;
  }
}

function faultOf(
  entry: Entry,
  sequence: number,
  last: Last | undefined,
  before: StreamHead | undefined,
): ChainFault | undefined {
  if (entry.sequence !== sequence) return "sequence";
  if (last !== undefined && entry.log !== last.log) return "log";
  if (last !== undefined && entry.at < last.at) return "time";
  if (last !== undefined && entry.epoch < last.epoch) return "epoch";
  const follows = before === undefined ? entry.streamSeq === 0 : entry.streamSeq === before.streamSeq + 1;
  return follows && entry.streamPrev === (before?.leaf ?? null) ? undefined : "stream";
}
