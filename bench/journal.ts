import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteJournal } from "../src/journal/sqlite/journal.ts";
import type { JournalWriter } from "../src/ports/journal.ts";
import { EntryChain } from "../src/transparency/chain.ts";
import type { NonEmpty } from "../src/values/non-empty.ts";
import { entriesAfter } from "../test/journal/entries.ts";

/** Commits of the same octets, by us and by SQLite alone, in turn. */
export interface JournalRow {
  readonly name: string;
  readonly entriesPerCommit: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly entriesPerSecond: number;
  /** p99 against that of the bare commit of the same octets in the same run. */
  readonly p99Ratio: number;
}

const commits: ReadonlyMap<number, number> = new Map([
  [1, 3000],
  [8, 800],
  [64, 200],
]);

/** An intent of the usual size: about 1 900 octets, most of them the plan's change. */
const intentText = "x".repeat(1300);

/**
 * Bench (d): one durable intent through the journal (checked, hashed, committed, its head kept outside) beside a bare
 * SQLite commit of the same octets (WAL, synchronous FULL, one table), in turn in one run; and in groups.
 */
export async function benchJournal(): Promise<readonly JournalRow[]> {
  const place = mkdtempSync(join(tmpdir(), "pointsman-bench-"));
  try {
    const rows: JournalRow[] = [];
    for (const [group, count] of commits) {
      // oxlint-disable-next-line no-await-in-loop -- what is compared must not run at the same time
      rows.push(...(await benchGroup(join(place, String(group)), group, count)));
    }
    return rows;
  } finally {
    rmSync(place, { recursive: true });
  }
}

async function benchGroup(place: string, group: number, count: number): Promise<readonly JournalRow[]> {
  const journal = await openSqliteJournal({
    folder: join(place, "data"),
    headFile: join(place, "head"),
    entropy: { octets: (length) => randomBytes(length) },
    reserveOctets: 0,
  });
  const { writer } = await journal.owner.claim();
  const bare = openBare(join(place, "bare.db"));
  const chain = new EntryChain();
  const [first, ...rest] = Array.from({ length: group }, () => intentText);
  const texts: NonEmpty<string> = [first ?? intentText, ...rest];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const entries = entriesAfter(chain, { epoch: writer.epoch, type: "attempt-intended" }, ...texts);
    // Which one goes first alternates, so that neither always pays for what the other left.
    if (round % 2 === 0) theirs.push(bare.commit(entries));
    // oxlint-disable-next-line no-await-in-loop -- one intent after the other
    ours.push(await timedAppend(writer, chain, entries));
    if (round % 2 === 1) theirs.push(bare.commit(entries));
  }
  bare.close();
  await journal.close();
  const reference = rowOf("SQLite, bare commit", group, theirs, theirs);
  return [reference, rowOf("pointsman, durable append", group, ours, theirs)];
}

async function timedAppend(writer: JournalWriter, chain: EntryChain, entries: NonEmpty<Uint8Array>): Promise<number> {
  const { epoch } = writer;
  const began = performance.now();
  const appended = await writer.append({ epoch, expectedSize: chain.tree.size, entries, openings: [] });
  const took = performance.now() - began;
  const next = chain.next(entries);
  if (appended.outcome !== "durable" || next.outcome !== "fit") throw new Error(`append: ${appended.outcome}`);
  chain.add(next);
  return took;
}

function openBare(path: string): { commit(entries: readonly Uint8Array[]): number; close(): void } {
  const sqlite = new DatabaseSync(path);
  sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  sqlite.exec("CREATE TABLE entries (sequence INTEGER PRIMARY KEY, octets BLOB NOT NULL) STRICT");
  const begin = sqlite.prepare("BEGIN IMMEDIATE");
  const insert = sqlite.prepare("INSERT INTO entries (octets) VALUES (?)");
  const commit = sqlite.prepare("COMMIT");
  return {
    commit: (entries) => {
      const began = performance.now();
      begin.run();
      for (const octets of entries) insert.run(octets);
      commit.run();
      return performance.now() - began;
    },
    close: () => sqlite.close(),
  };
}

function rowOf(name: string, group: number, times: readonly number[], reference: readonly number[]): JournalRow {
  const total = times.reduce((sum, time) => sum + time, 0);
  return {
    name,
    entriesPerCommit: group,
    p50Ms: rounded(quantile(times, 0.5)),
    p99Ms: rounded(quantile(times, 0.99)),
    entriesPerSecond: Math.round((1000 * group * times.length) / total),
    p99Ratio: Number((quantile(times, 0.99) / quantile(reference, 0.99)).toFixed(2)),
  };
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;
}

function rounded(ms: number): number {
  return Number(ms.toFixed(3));
}
