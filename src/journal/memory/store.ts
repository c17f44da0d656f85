import { EntryChain, type NextEntries } from "../../transparency/chain.ts";
import type { Commitment, Opening } from "../../values/commitment.ts";
import type { Epoch } from "../../values/ids.ts";
import { epochOf } from "../../values/ids.ts";

/** What would be on the disk: it outlives the journals that are opened on it, and their crashes. */
export class MemoryStore {
  readonly chain = new EntryChain();
  readonly entries: Uint8Array[] = [];
  readonly openings = new Map<Commitment, Opening>();
  epoch: Epoch = epochOf(0);
  /** What the disk's reserve would be. */
  reserve: "kept" | "released" = "kept";
  /** Told when another claim takes the journal. */
  lost = new AbortController();

  /** Takes the store over from whoever had it. */
  claim(): { readonly epoch: Epoch; readonly lost: AbortSignal } {
    this.lost.abort();
    this.lost = new AbortController();
    this.epoch = epochOf(this.epoch + 1);
    return { epoch: this.epoch, lost: this.lost.signal };
  }

  add(next: NextEntries, octets: readonly Uint8Array[], openings: readonly Opening[]): void {
    this.chain.add(next);
    this.entries.push(...octets.map((entry) => entry.slice()));
    for (const opening of openings) this.openings.set(opening.commitment, opening);
  }
}
