import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { recordedOf } from "../../src/control/events.ts";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import type { RecordedEntry } from "../../src/ports/operations.ts";
import { decodeEntry } from "../../src/transparency/entry.ts";
import { chainOf, entriesOf } from "../journal/reading.ts";
import type { Installation } from "./installation.ts";

/** What stands in the journal of a controller that has ended. Opening it checks all of it. */
export async function readJournal({ data, head }: Installation): Promise<readonly RecordedEntry[]> {
  const journal = await openSqliteJournal({
    folder: data,
    headFile: head,
    entropy: { octets: (length) => randomBytes(length) },
    reserveOctets: 0,
  });
  try {
    await chainOf(journal);
    return (await entriesOf(journal)).map(({ octets }) => {
      const entry = decodeEntry(octets);
      if (entry === undefined) throw new Error("an entry of our own is no entry");
      return recordedOf(entry);
    });
  } finally {
    await journal.close();
  }
}

/** The octets of all that a data folder keeps, as Latin-1. */
export function filesIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(path.join(folder, name), "latin1"))
    .join("");
}

/** The entries of one type, in order. */
export function ofType(entries: readonly RecordedEntry[], type: string): readonly RecordedEntry[] {
  return entries.filter((entry) => entry.type === type);
}
