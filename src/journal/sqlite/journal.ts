import { mkdirSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Entropy } from "../../ports/clock.ts";
import type { Journal } from "../../ports/journal.ts";
import { emptyRoot } from "../../transparency/tree.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { sha256, type Sha256 } from "../../values/sha256.ts";
import {
  anotherInstallation,
  folderUnusable,
  headFileInside,
  headFileMissing,
  journalUnreadable,
} from "../refusals.ts";
import { Database } from "./database.ts";
import { failureOf, systemCodeOf } from "./failures.ts";
import { HeadFile, syncFolder, type KeptHead } from "./head-file.ts";
import { lockFolder, type FolderLock } from "./lock.ts";
import { OpenJournal } from "./open-journal.ts";
import { Reserve } from "./reserve.ts";
import { verifyJournal } from "./verify.ts";

/** Room that is kept for entries on a full disk (design §10): 64 MiB. */
export const reserveOctetsDefault = 64 * 1024 * 1024;

export interface SqliteJournalOptions {
  /** The data folder; made when it is missing. On a local disk: the lock rests on the operating system's. */
  readonly folder: string;
  /** Where the newest head is kept; outside the folder, better on another disk. */
  readonly headFile: string;
  readonly entropy: Entropy;
  readonly reserveOctets: number;
}

/**
 * Takes the folder for this process, checks all of the journal against the head kept outside, and opens it. Nothing is
 * written before it is found whole, but the lock. All of it runs on the main thread: a worker costs more than it saves.
 * @throws PointsmanError `folder-in-use`, `folder-unusable`, `head-file-inside-folder`, `head-file-unusable`,
 * `head-file-damaged`, `head-file-missing`, `journal-of-another-installation`, `journal-rolled-back`, `journal-damaged`,
 * `journal-unreadable`.
 */
export async function openSqliteJournal(options: SqliteJournalOptions): Promise<Journal> {
  const folder = resolve(options.folder);
  const headFile = resolve(options.headFile);
  if (!relative(folder, headFile).startsWith("..")) throw headFileInside(folder, headFile);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw folderUnusable(folder, systemCodeOf(error));
  }
  const lock = lockFolder(folder);
  try {
    return await Promise.resolve(openLocked({ ...options, folder, headFile }, lock));
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openLocked(options: SqliteJournalOptions, lock: FolderLock): Journal {
  const { folder, headFile, entropy } = options;
  const opened = HeadFile.open(headFile);
  try {
    const verified = verifyJournal(folder, opened?.kept);
    if (verified !== undefined && opened !== undefined && opened.kept.journal !== verified.journal) {
      throw anotherInstallation(headFile, folder);
    }
    const used = verified !== undefined && (verified.chain.tree.size > 0 || verified.epoch > 0);
    if (used && opened === undefined) throw headFileMissing(headFile, verified.chain.tree.size);
    const created = verified === undefined ? randomId(entropy) : undefined;
    const database = openDatabase(folder, created);
    const journal = verified?.journal ?? created ?? randomId(entropy);
    return new OpenJournal({
      folder,
      journal,
      verified,
      database,
      // The journal first, then its head: an empty journal without a head is one whose making was cut short.
      headFile: opened?.file ?? HeadFile.create(headFile, emptyHead(journal)),
      reserve: new Reserve(folder, options.reserveOctets, entropy),
      entropy,
      lock,
    });
  } catch (error) {
    opened?.file.close();
    throw error;
  }
}

function openDatabase(folder: string, created: Sha256 | undefined): Database {
  try {
    const database = new Database(folder, created);
    syncFolder(folder);
    return database;
  } catch (error) {
    throw error instanceof PointsmanError ? error : journalUnreadable(folder, failureOf(error).code);
  }
}

function emptyHead(journal: Sha256): KeptHead {
  return { journal, size: 0, root: emptyRoot, epoch: 0 };
}

function randomId(entropy: Entropy): Sha256 {
  return sha256(entropy.octets(32));
}
