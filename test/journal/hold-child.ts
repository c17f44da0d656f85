// Opens a journal, claims it, says so, and holds it until it is killed.
import { writeSync } from "node:fs";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import { placeIn } from "./place.ts";

const journal = await openSqliteJournal(placeIn(process.argv[2] ?? "").options);
const { writer } = await journal.owner.claim();
writeSync(1, `held in epoch ${writer.epoch}\n`);
setInterval(() => undefined, 60_000);
