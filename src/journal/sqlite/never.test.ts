import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { entriesAfter } from "../../../test/journal/entries.ts";
import { copyPlace, temporaryPlace } from "../../../test/journal/place.ts";
import { EntryChain } from "../../transparency/chain.ts";
import { epochOf } from "../../values/ids.ts";
import { openSqliteJournal } from "./journal.ts";

it("N10: an entry that is missing from a stream is seen, though every other entry is whole", () => {
  const epoch = epochOf(1);
  const whole = new EntryChain();
  const [first, second, third] = entriesAfter(whole, { epoch }, "first", "second", "third");
  const kept = new EntryChain();
  const next = kept.next([first]);
  if (next.outcome !== "fit") throw new Error("the first entry fits");
  kept.add(next);
  expect(second).toBeDefined();
  // Given the place of the one that was taken out, it still names the entry before it.
  const [moved] = entriesAfter(new EntryChain(), { epoch }, "third");
  for (const after of [third, moved]) expect(kept.next([after ?? first])).toMatchObject({ outcome: "fault" });
});

it("N10: a journal that was rolled back to an earlier state is refused, and nothing acts on it", async () => {
  const place = temporaryPlace();
  onTestFinished(() => place[Symbol.dispose]());
  const copies = temporaryPlace();
  onTestFinished(() => copies[Symbol.dispose]());
  const journal = await openSqliteJournal(place.options);
  const { writer } = await journal.owner.claim();
  const chain = new EntryChain();
  const append = async (text: string): Promise<void> => {
    const entries = entriesAfter(chain, { epoch: writer.epoch }, text);
    const appended = await writer.append({ epoch: writer.epoch, expectedSize: chain.tree.size, entries, openings: [] });
    expect(appended.outcome).toBe("durable");
    const next = chain.next(entries);
    if (next.outcome === "fit") chain.add(next);
  };
  await append("first");
  const earlier = copyPlace(place, join(copies.root, "earlier"));
  await append("second");
  const now = copyPlace(place, join(copies.root, "now"));
  await journal.close();
  // The data folder of before, and the head that was kept outside of it since.
  cpSync(now.options.headFile, earlier.options.headFile);
  await expect(openSqliteJournal(earlier.options)).rejects.toMatchObject({ refusal: { code: "journal-rolled-back" } });
});
