import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import { readEntriesBeside } from "../../src/journal/sqlite/read-beside.ts";
import { EntryChain } from "../../src/transparency/chain.ts";
import { PointsmanError } from "../../src/values/refusal.ts";
import { entriesAfter } from "./entries.ts";
import { temporaryPlace } from "./place.ts";

it("the journal is read beside the controller that has it open, and one that was changed is found out", async () => {
  using place = temporaryPlace();
  const { folder } = place.options;
  expect(codeOf(() => [...readEntriesBeside(folder)])).toBe("journal-unreadable");
  const journal = await openSqliteJournal(place.options);
  try {
    const { writer } = await journal.owner.claim();
    const { epoch } = writer;
    const entries = entriesAfter(new EntryChain(), { epoch }, "one", "two", "three");
    await writer.append({ epoch, expectedSize: 0, entries, openings: [] });
    expect([...readEntriesBeside(folder)].map(({ data }) => data)).toEqual([
      { text: "one" },
      { text: "two" },
      { text: "three" },
    ]);
  } finally {
    await journal.close();
  }
  const sqlite = new DatabaseSync(join(folder, "journal.db"));
  sqlite.exec("UPDATE entries SET octets = (SELECT octets FROM entries WHERE sequence = 0) WHERE sequence = 1");
  sqlite.close();
  expect(codeOf(() => [...readEntriesBeside(folder)])).toBe("journal-damaged");
});

function codeOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return error instanceof PointsmanError ? error.refusal.code : String(error);
  }
}
