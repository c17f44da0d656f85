import type { Journal, StoredEntry } from "../../src/ports/journal.ts";
import { EntryChain } from "../../src/transparency/chain.ts";
import type { Sequence } from "../../src/values/ids.ts";

/** All entries of a journal. */
export async function entriesOf(journal: Journal): Promise<readonly StoredEntry[]> {
  const { size } = await journal.reader.head();
  const entries: StoredEntry[] = [];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test asks for all
  const [from, until] = [0 as Sequence, size as Sequence];
  for await (const chunk of journal.reader.read(from, until, new AbortController().signal)) entries.push(...chunk);
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
