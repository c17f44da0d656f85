// Appends until it is killed, and says on its standard output what was acknowledged: one line each.
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import { entriesAfter } from "./entries.ts";
import { placeIn } from "./place.ts";
import { chainOf } from "./reading.ts";
import { Random } from "../fuzz/random.ts";

const [root = "", seed = "0"] = process.argv.slice(2);
const random = new Random(Number(seed));
const journal = await openSqliteJournal(placeIn(root).options);
const chain = await chainOf(journal);
const { writer } = await journal.owner.claim();
say("claimed", writer.epoch);

for (;;) {
  // oxlint-disable-next-line no-await-in-loop -- one after the other, as the sequencer does
  await (random.below(10) === 0 ? attach() : append());
}

async function append(): Promise<void> {
  const texts = Array.from({ length: random.below(8) }, () => "x".repeat(random.below(6000)));
  const entries = entriesAfter(
    chain,
    { epoch: writer.epoch, stream: `service/s${random.below(3)}` },
    "first",
    ...texts,
  );
  const next = chain.next(entries);
  const appended = await writer.append({
    epoch: writer.epoch,
    expectedSize: chain.tree.size,
    entries,
    openings: [],
  });
  if (appended.outcome !== "durable" || next.outcome !== "fit") throw new Error(`appended: ${appended.outcome}`);
  chain.add(next);
  say("size", chain.tree.size, chain.tree.root());
}

async function attach(): Promise<void> {
  say("attachment", await journal.attachments.put(randomBytes(random.below(20_000))));
}

function say(...words: readonly (string | number)[]): void {
  writeSync(1, `${words.join(" ")}\n`);
}
