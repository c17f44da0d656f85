import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SqliteJournalOptions } from "../../src/journal/sqlite/journal.ts";

/** A data folder and a head file, to open, copy and spoil. */
export interface Place {
  readonly root: string;
  readonly options: SqliteJournalOptions;
}

export function placeIn(root: string): Place {
  return {
    root,
    options: {
      folder: join(root, "data"),
      headFile: join(root, "head"),
      entropy: { octets: (length) => randomBytes(length) },
      reserveOctets: 0,
    },
  };
}

/** A place that is gone when the test is. */
export function temporaryPlace(): Place & Disposable {
  const root = mkdtempSync(join(tmpdir(), "pointsman-journal-"));
  return { ...placeIn(root), [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
}

/** The files as they are now, as after a power cut. The lock and the WAL's index are left out: they say nothing durable. */
export function copyPlace(from: Place, to: string): Place {
  rmSync(to, { recursive: true, force: true });
  cpSync(from.root, to, { recursive: true, filter: (name) => !name.endsWith("/lock") && !name.endsWith("-shm") });
  return placeIn(to);
}
