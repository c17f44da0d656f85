// Runs on a small disk of its own: fills it with attachments, then with entries, and says what was refused when.
import { statfsSync, writeFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import type { Journal, JournalWriter } from "../../src/ports/journal.ts";
import { PointsmanError } from "../../src/values/refusal.ts";
import type { EntryChain } from "../../src/transparency/chain.ts";
import { entriesAfter } from "./entries.ts";
import { placeIn } from "./place.ts";
import { chainOf } from "./reading.ts";

const disk = process.argv[2] ?? "";
const mebi = 1024 * 1024;
// The reserve is larger than the WAL grows (4 MiB), as the real one is: written back, the WAL takes its room once more.
const options = { ...placeIn(disk).options, headFile: `${disk}-head`, reserveOctets: 6 * mebi };
writeFileSync(join(disk, "freed-later"), new Uint8Array(16 * mebi));
const journal = await openSqliteJournal(options);
const chain = await chainOf(journal);
const { writer } = await journal.owner.claim();

const attachments = await attachUntilRefused(journal);
const reserveWhenAttachmentsStop = journal.reserve();
fillUp(join(disk, "somebody-else"));
const entries = await appendUntilRefused(writer, chain);
const reserveWhenEntriesStop = journal.reserve();
const attachmentInReserve = await putCode(journal);
await journal.close();

rmSync(join(disk, "freed-later"));
const again = await openSqliteJournal(options);
const whole = await chainOf(again);
const later = await again.owner.claim();
const afterwards = await later.writer.append({
  epoch: later.writer.epoch,
  expectedSize: whole.tree.size,
  entries: entriesAfter(whole, { epoch: later.writer.epoch }, "after"),
  openings: [],
});
process.stdout.write(
  JSON.stringify({
    attachments,
    reserveWhenAttachmentsStop,
    entries,
    reserveWhenEntriesStop,
    attachmentInReserve,
    kept: whole.tree.size,
    afterwards: afterwards.outcome,
    reserveAfterwards: again.reserve(),
  }),
);
await again.close();

async function attachUntilRefused(to: Journal): Promise<{ readonly count: number; readonly code: string }> {
  for (let count = 0; ; count += 1) {
    // oxlint-disable-next-line no-await-in-loop -- until it is refused
    const code = await putCode(to);
    if (code !== "durable") return { count, code };
  }
}

async function putCode(to: Journal): Promise<string> {
  try {
    await to.attachments.put(new Uint8Array(100_000).fill(7));
    return "durable";
  } catch (error) {
    return error instanceof PointsmanError ? error.refusal.code : String(error);
  }
}

async function appendUntilRefused(
  to: JournalWriter,
  from: EntryChain,
): Promise<{ readonly count: number; readonly code: string }> {
  for (let count = 0; ; count += 1) {
    const batch = entriesAfter(from, { epoch: to.epoch }, "x".repeat(10_000));
    const next = from.next(batch);
    // oxlint-disable-next-line no-await-in-loop -- until it is refused
    const appended = await to.append({ epoch: to.epoch, expectedSize: count, entries: batch, openings: [] });
    if (appended.outcome !== "durable") return { count, code: "code" in appended ? appended.code : appended.outcome };
    if (next.outcome === "fit") from.add(next);
  }
}

/** Takes all the room that is left. */
function fillUp(path: string): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(path, new Uint8Array(bavail * bsize));
}
