import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import { asCommitment } from "../../src/values/commitment.ts";
import { asSha256 } from "../../src/values/sha256.ts";
import { Random } from "../fuzz/random.ts";
import { temporaryPlace, type Place } from "./place.ts";
import { chainOf } from "./reading.ts";

export interface Kills {
  readonly runs: number;
  /** Appends and attachments that the killed processes had acknowledged. */
  readonly acknowledged: number;
  /** Entries found in the end. */
  readonly entries: number;
}

interface Acknowledged {
  size: number;
  root: string;
  epoch: number;
  readonly attachments: string[];
  count: number;
}

/**
 * Starts a process that appends to one journal, kills it by SIGKILL at a moment of the seed's choice, opens the journal
 * anew, and does so `runs` times. Throws, naming the seed, when anything acknowledged is not there.
 */
export async function journalKills(seed: number, runs: number): Promise<Kills> {
  using place = temporaryPlace();
  const random = new Random(seed);
  const known: Acknowledged = { size: 0, root: "", epoch: 0, attachments: [], count: 0 };
  let entries = 0;
  for (let run = 0; run < runs; run += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each run goes on with what the one before left
    await appendUntilKilled(place, random, known);
    // oxlint-disable-next-line no-await-in-loop -- as above
    entries = await checkAll(place, known).catch((error: unknown) => {
      throw new Error(`seed ${seed}, run ${run}`, { cause: error });
    });
  }
  return { runs, acknowledged: known.count, entries };
}

async function appendUntilKilled(place: Place, random: Random, known: Acknowledged): Promise<void> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "append-child.ts"), place.root, String(random.below(2 ** 31))],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = once(child, "exit");
  const killAfter = 1 + random.below(40);
  const spin = random.below(800);
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    learn(known, line);
    lines += 1;
    if (lines !== killAfter) continue;
    // Some microseconds later, so that the kill falls anywhere within the appends that follow.
    const until = process.hrtime.bigint() + BigInt(spin * 1000);
    while (process.hrtime.bigint() < until);
    child.kill("SIGKILL");
  }
  const [, signal] = await exited;
  if (signal !== "SIGKILL") throw new Error(`the process ended by itself, after ${lines} lines`);
}

function learn(known: Acknowledged, line: string): void {
  const [word, first = "", second = ""] = line.split(" ");
  if (word === "claimed") known.epoch = Number(first);
  if (word === "attachment") known.attachments.push(first);
  if (word === "size") Object.assign(known, { size: Number(first), root: second });
  known.count += 1;
}

/** Opening it verifies all of it; what is left is that nothing acknowledged is missing. Returns how many entries it has. */
async function checkAll(place: Place, known: Acknowledged): Promise<number> {
  const journal = await openSqliteJournal(place.options);
  try {
    const chain = await chainOf(journal);
    const { size, epoch } = await journal.reader.head();
    if (size !== chain.tree.size) throw new Error(`the head says ${size}, and ${chain.tree.size} are read`);
    if (size < known.size) throw new Error(`${known.size} were acknowledged, and ${size} are there`);
    if (known.size > 0 && chain.tree.rootAt(known.size) !== known.root) throw new Error("another root");
    if (epoch < known.epoch) throw new Error(`epoch ${known.epoch} was acknowledged, and it is ${epoch}`);
    for (const text of known.attachments) {
      // oxlint-disable-next-line no-await-in-loop -- a check of each
      const octets = await journal.attachments.get(asCommitment(asSha256(text)));
      if (octets === undefined) throw new Error(`attachment ${text} is missing`);
    }
    return size;
  } finally {
    await journal.close();
  }
}
