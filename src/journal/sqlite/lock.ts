import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { folderInUse, folderUnusable } from "../refusals.ts";
import { failureOf, systemCodeOf } from "./failures.ts";

/** Holds a folder for one controller. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the folder for this process: an exclusive transaction, never ended, on a second SQLite file. The operating
 * system frees it when the process ends, by SIGKILL as well, so there is no stale lock to clear away.
 * It stands apart from the journal's file, which others may read at any time.
 * @throws PointsmanError `folder-in-use` when another controller has it, `folder-unusable` when it cannot be written.
 */
export function lockFolder(folder: string): FolderLock {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(folder, "lock"), { timeout: 0 });
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    const failure = failureOf(error);
    throw failure.code === "locked" ? folderInUse(folder) : folderUnusable(folder, systemCodeOf(error));
  }
  const held = database;
  return { release: () => held.close() };
}
