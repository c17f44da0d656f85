import { batchEntriesMax, type Appended, type Batch, type Head } from "../ports/journal.ts";
import type { EntryChain, NextEntries } from "../transparency/chain.ts";
import { opens } from "../transparency/commitment.ts";
import { entryOctetsMax } from "../transparency/entry.ts";
import { leafHash } from "../transparency/tree.ts";
import type { Epoch } from "../values/ids.ts";

/**
 * What the journal's contract says of a batch before anything is written: the entries to append, or the answer.
 * The same for every engine. `epoch` is the newest claim, `chain` what is durable.
 */
export function judgeBatch(batch: Batch, chain: EntryChain, epoch: Epoch): NextEntries | Appended {
  if (batch.epoch !== epoch) return { outcome: "fenced", by: epoch };
  if (batch.entries.length > batchEntriesMax || batch.entries.some((entry) => entry.length > entryOctetsMax)) {
    return { outcome: "refused", code: "too-large" };
  }
  if (batch.expectedSize !== chain.tree.size) {
    return { outcome: standsAlready(batch, chain) ? "durable" : "conflict", head: headOf(chain, epoch) };
  }
  const next = chain.next(batch.entries);
  const fits = next.outcome === "fit" && next.entries.every((entry) => entry.epoch === batch.epoch);
  return fits && batch.openings.every(opens) ? next : { outcome: "refused", code: "malformed" };
}

export function headOf(chain: EntryChain, epoch: Epoch): Head {
  return { size: chain.tree.size, root: chain.tree.root(), lastAt: chain.lastAt, epoch };
}

/** The batch was sent before, its answer was lost, and it is durable: so the caller may send it again until it knows. */
function standsAlready(batch: Batch, chain: EntryChain): boolean {
  return (
    batch.expectedSize >= 0 &&
    batch.expectedSize + batch.entries.length <= chain.tree.size &&
    batch.entries.every((entry, index) => chain.tree.leaf(batch.expectedSize + index) === leafHash(entry))
  );
}
