import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import { EntryChain } from "../../src/transparency/chain.ts";
import { entriesAfter } from "./entries.ts";
import { temporaryPlace } from "./place.ts";

it("a second controller on the same folder is refused at once, until the first is gone, by SIGKILL too (N5)", async () => {
  using place = temporaryPlace();
  const first = spawn(process.execPath, [join(import.meta.dirname, "hold-child.ts"), place.root], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(first, "exit");
  try {
    const [line] = await once(first.stdout, "data");
    expect(String(line)).toBe("held in epoch 1\n");
    const began = performance.now();
    await expect(openSqliteJournal(place.options)).rejects.toMatchObject({ refusal: { code: "folder-in-use" } });
    expect(performance.now() - began).toBeLessThan(1000);
  } finally {
    first.kill("SIGKILL");
  }
  await exited;
  const journal = await openSqliteJournal(place.options);
  expect((await journal.owner.claim()).writer.epoch).toBe(2);
  await journal.close();
});

it("a second opening in the same process is refused as well, and the first goes on", async () => {
  using place = temporaryPlace();
  const journal = await openSqliteJournal(place.options);
  await expect(openSqliteJournal(place.options)).rejects.toMatchObject({ refusal: { code: "folder-in-use" } });
  await expect(openSqliteJournal(place.options)).rejects.toMatchObject({ refusal: { code: "folder-in-use" } });
  expect((await journal.owner.claim()).writer.epoch).toBe(1);
  await journal.close();
});

it("a journal file that another program has locked refuses the append, writes nothing, and takes it later", async () => {
  using place = temporaryPlace();
  const journal = await openSqliteJournal(place.options);
  const { writer } = await journal.owner.claim();
  const entries = entriesAfter(new EntryChain(), { epoch: writer.epoch }, "a");
  const batch = { epoch: writer.epoch, expectedSize: 0, entries, openings: [] };
  const other = new DatabaseSync(join(place.options.folder, "journal.db"));
  other.exec("BEGIN IMMEDIATE");
  expect(await writer.append(batch)).toEqual({ outcome: "refused", code: "locked" });
  await expect(journal.attachments.put(new Uint8Array(1))).rejects.toMatchObject({
    refusal: { code: "journal-locked" },
  });
  other.close();
  expect(await writer.append(batch)).toMatchObject({ outcome: "durable", head: { size: 1 } });
  await journal.close();
});
