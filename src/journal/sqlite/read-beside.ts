import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EntryChain } from "../../transparency/chain.ts";
import type { Entry } from "../../transparency/entry.ts";
import { toHex } from "../../values/octets.ts";
import { journalDamaged, journalUnreadable } from "../refusals.ts";
import { databaseName } from "./database.ts";
import { failureOf } from "./failures.ts";

/**
 * The entries of a data folder, one by one, beside a controller that may be writing to it: nothing is locked and nothing
 * changed. Each is checked against those before it; the head that is kept outside is not asked, since it moves on meanwhile.
 * @throws PointsmanError `journal-unreadable`, such as where there is none; `journal-damaged`.
 */
export function* readEntriesBeside(folder: string): Generator<Entry> {
  if (!existsSync(join(folder, databaseName))) throw journalUnreadable(folder, "there is none");
  const sqlite = openedIn(folder);
  const chain = new EntryChain();
  try {
    // One statement sees one state of the file, whatever is written meanwhile.
    for (const { leaf, octets } of sqlite.prepare("SELECT leaf, octets FROM entries ORDER BY sequence").iterate()) {
      const whole = octets instanceof Uint8Array && leaf instanceof Uint8Array;
      const next = whole ? chain.next([octets]) : undefined;
      if (!whole || next?.outcome !== "fit" || next.leaves[0] !== toHex(leaf)) throw damaged(folder, chain.tree.size);
      chain.add(next);
      yield* next.entries;
    }
  } finally {
    sqlite.close();
  }
}

function openedIn(folder: string): DatabaseSync {
  try {
    return new DatabaseSync(join(folder, databaseName), { readOnly: true, timeout: 1000 });
  } catch (error) {
    throw journalUnreadable(folder, failureOf(error).code);
  }
}

function damaged(folder: string, at: number): Error {
  const lastGood = at === 0 ? null : at - 1;
  return journalDamaged(folder, {
    lastGood,
    lostFrom: at,
    lostUntil: at,
    found: `entry ${at} is not what was written`,
  });
}
