import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EntryChain } from "../../transparency/chain.ts";
import { opens } from "../../transparency/commitment.ts";
import { asCommitment } from "../../values/commitment.ts";
import { toHex } from "../../values/octets.ts";
import { isSha256, type Sha256 } from "../../values/sha256.ts";
import { journalDamaged, journalRolledBack, journalUnreadable, type Damage } from "../refusals.ts";
import { databaseName } from "./database.ts";
import { failureOf } from "./failures.ts";
import type { KeptHead } from "./head-file.ts";

/** A journal that is whole, as far as its own file can say. */
export interface VerifiedJournal {
  readonly journal: Sha256;
  readonly epoch: number;
  readonly chain: EntryChain;
}

/**
 * Reads all of the journal and compares it with the head that was kept outside the folder: each entry with its leaf hash,
 * its place in the log and in its stream; the root; every opening with its commitment; the structure of the file.
 * Opens the file for reading only, so that what is found damaged stays as it was found.
 * `undefined` when there is no journal yet, and none was ever acknowledged.
 * @throws PointsmanError `journal-damaged` or `journal-rolled-back` with the last good entry, `journal-unreadable`.
 */
export function verifyJournal(folder: string, kept: KeptHead | undefined): VerifiedJournal | undefined {
  const inspection = new Inspection(folder, kept);
  if (!existsSync(join(folder, databaseName))) {
    if (kept === undefined) return undefined;
    throw journalRolledBack(folder, inspection.damage("the file is missing"));
  }
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = new DatabaseSync(join(folder, databaseName), { readOnly: true, timeout: 1000 });
    return inspection.run(sqlite);
  } catch (error) {
    throw inspection.errorOf(error);
  } finally {
    sqlite?.close();
  }
}

/** Something that is not as it was written. */
class DamageFound extends Error {}

class Inspection {
  readonly #folder: string;
  readonly #kept: KeptHead | undefined;
  readonly #chain = new EntryChain();

  constructor(folder: string, kept: KeptHead | undefined) {
    this.#folder = folder;
    this.#kept = kept;
  }

  run(sqlite: DatabaseSync): VerifiedJournal | undefined {
    const tables = sqlite.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.["count"];
    // Stopped while it was being made: nothing was ever acknowledged.
    if (tables === 0 && this.#kept === undefined) return undefined;
    const meta = sqlite.prepare("SELECT format, journal, epoch FROM meta").get() ?? {};
    const { format, journal, epoch } = meta;
    this.#readEntries(sqlite);
    if (format !== 1 || typeof journal !== "string" || !isSha256(journal) || typeof epoch !== "number") {
      throw new DamageFound("what it says of itself cannot be read");
    }
    this.#compareWithKept(journal, epoch);
    this.#readOpenings(sqlite);
    const structure = sqlite.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"];
    if (structure !== "ok") throw new DamageFound(`SQLite says of its file: ${String(structure)}`);
    return { journal, epoch, chain: this.#chain };
  }

  /** The range that is lost when everything read so far was good, and nothing after. */
  damage(found: string): Damage {
    const { size } = this.#chain.tree;
    const acknowledged = Math.max(this.#kept?.size ?? size + 1, size);
    return { lastGood: size === 0 ? null : size - 1, lostFrom: size, lostUntil: acknowledged - 1, found };
  }

  errorOf(error: unknown): unknown {
    if (error instanceof DamageFound) return journalDamaged(this.#folder, this.damage(error.message));
    const { code } = failureOf(error);
    // 14: SQLITE_CANTOPEN. What is locked or may not be read is no damage.
    if (code === "locked" || code === "read-only" || code === "sqlite-14" || code === "full") {
      return journalUnreadable(this.#folder, code);
    }
    if (code === "not-sqlite") return error;
    return journalDamaged(this.#folder, this.damage(`SQLite cannot read it (${code})`));
  }

  #readEntries(sqlite: DatabaseSync): void {
    for (const row of sqlite.prepare("SELECT sequence, leaf, octets FROM entries ORDER BY sequence").iterate()) {
      const { sequence, leaf, octets } = row;
      const { size } = this.#chain.tree;
      if (sequence !== size) throw new DamageFound(`entry ${size} is missing`);
      if (!(octets instanceof Uint8Array) || !(leaf instanceof Uint8Array)) {
        throw new DamageFound(`entry ${size} is not octets`);
      }
      const next = this.#chain.next([octets]);
      if (next.outcome === "fault") throw new DamageFound(`entry ${size} does not follow (${next.code})`);
      if (next.leaves[0] !== toHex(leaf)) throw new DamageFound(`entry ${size} is not what was written`);
      this.#chain.add(next);
    }
  }

  #compareWithKept(journal: Sha256, epoch: number): void {
    const kept = this.#kept;
    // The head of another journal says nothing about this one; whoever opens it refuses the pair.
    if (kept === undefined || kept.journal !== journal) return;
    const { tree } = this.#chain;
    if (tree.size < kept.size || epoch < kept.epoch) {
      throw journalRolledBack(this.#folder, this.damage(`${tree.size} of ${kept.size} entries in epoch ${epoch}`));
    }
    if (tree.rootAt(kept.size) !== kept.root) {
      // Every entry fits the one before, and yet they are not those that were acknowledged.
      throw journalDamaged(this.#folder, {
        lastGood: null,
        lostFrom: 0,
        lostUntil: kept.size - 1,
        found: "its entries are not those that were acknowledged",
      });
    }
  }

  #readOpenings(sqlite: DatabaseSync): void {
    for (const row of sqlite.prepare("SELECT commitment, salt, value FROM openings").iterate()) {
      const { commitment, salt, value } = row;
      const whole =
        typeof commitment === "string" &&
        isSha256(commitment) &&
        salt instanceof Uint8Array &&
        value instanceof Uint8Array &&
        opens({ commitment: asCommitment(commitment), salt, value });
      if (!whole) throw new DamageFound(`the opening of ${String(commitment)} is not what was written`);
    }
  }
}
