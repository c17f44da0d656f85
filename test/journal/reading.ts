import type { Journal, StoredEntry } from "../../src/ports/journal.ts";
import { EntryChain } from "../../src/transparency/chain.ts";
import { sequenceOf } from "../../src/values/ids.ts";

/** All entries of a journal. */
export async function entriesOf(journal: Journal): Promise<readonly StoredEntry[]> {
  const { size } = await journal.reader.head();
  const entries: StoredEntry[] = [];
  for await (const chunk of journal.reader.read(sequenceOf(0), sequenceOf(size), new AbortController().signal))
    entries.push(...chunk);
  return entries;
}

/** The chain of what the journal holds: it throws where an entry does not follow the one before. */
export async function chainOf(journal: Journal): Promise<EntryChain> {
  const chain = new EntryChain();
  for (const { octets } of await entriesOf(journal)) {
    const next = chain.next([octets]);
    if (next.outcome !== "fit") throw new Error(`entry ${next.sequence}: ${next.code}`);
    chain.add(next);
  }
  return chain;
}
