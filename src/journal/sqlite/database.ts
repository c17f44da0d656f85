import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Opening } from "../../values/commitment.ts";
import { fromHex } from "../../values/octets.ts";
import type { Sha256 } from "../../values/sha256.ts";
import { failureOf, type WriteFailure } from "./failures.ts";

export const databaseName = "journal.db";

/** The columns' order matters: octets last, so that a row's head lies on its first page. */
const schema = `
  CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, journal TEXT NOT NULL, epoch INTEGER NOT NULL) STRICT;
  CREATE TABLE entries (sequence INTEGER PRIMARY KEY, leaf BLOB NOT NULL, octets BLOB NOT NULL) STRICT;
  CREATE TABLE openings (commitment TEXT PRIMARY KEY, salt BLOB NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
`;

type Written = { readonly outcome: "written" } | WriteFailure;

/** The journal's SQLite file: what is written, and in which transaction. What it means is not known here. */
export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #insertEntry: StatementSync;
  readonly #insertOpening: StatementSync;
  readonly #deleteOpening: StatementSync;
  readonly #setEpoch: StatementSync;
  readonly #entries: StatementSync;
  readonly #opening: StatementSync;

  /** Opens for writing; makes the tables when there are none, for the journal `created`. */
  constructor(folder: string, created: Sha256 | undefined) {
    this.#sqlite = new DatabaseSync(join(folder, databaseName), { timeout: 100 });
    // SQLite writes the WAL back inside a commit, once it has 1000 pages: so before that append is acknowledged. The WAL
    // is begun anew by the commit after, so what was acknowledged never rests on octets written since alone.
    this.#sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
    if (created !== undefined) {
      this.#sqlite.exec(`BEGIN IMMEDIATE; ${schema} INSERT INTO meta VALUES (1, 1, '${created}', 0); COMMIT`);
    }
    const prepare = (sql: string): StatementSync => this.#sqlite.prepare(sql);
    this.#begin = prepare("BEGIN IMMEDIATE");
    this.#commit = prepare("COMMIT");
    this.#rollback = prepare("ROLLBACK");
    this.#insertEntry = prepare("INSERT INTO entries (sequence, leaf, octets) VALUES (?, ?, ?)");
    this.#insertOpening = prepare("INSERT OR IGNORE INTO openings (commitment, salt, value) VALUES (?, ?, ?)");
    this.#deleteOpening = prepare("DELETE FROM openings WHERE commitment = ?");
    this.#setEpoch = prepare("UPDATE meta SET epoch = ? WHERE id = 1");
    this.#entries = prepare("SELECT octets FROM entries WHERE sequence >= ? AND sequence < ? ORDER BY sequence");
    this.#opening = prepare("SELECT salt, value FROM openings WHERE commitment = ?");
  }

  appendEntries(
    from: number,
    entries: readonly Uint8Array[],
    leaves: readonly Sha256[],
    openings: readonly Opening[],
  ): Written {
    return this.#transact(() => {
      for (const [index, octets] of entries.entries()) {
        this.#insertEntry.run(from + index, fromHex(leaves[index] ?? "") ?? null, octets);
      }
      for (const opening of openings) this.#putOpening(opening);
    });
  }

  addOpening(opening: Opening): Written {
    return this.#transact(() => this.#putOpening(opening));
  }

  /** Gone from the file as well as from the tables: the WAL is written back, and freed octets are overwritten. */
  eraseOpening(commitment: string): Written {
    const written = this.#transact(() => void this.#deleteOpening.run(commitment));
    if (written.outcome === "written") this.#sqlite.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return written;
  }

  setEpoch(epoch: number): Written {
    return this.#transact(() => void this.#setEpoch.run(epoch));
  }

  /** Octets of the entries `from` to before `until`, in order. */
  entries(from: number, until: number): readonly unknown[] {
    return this.#entries.all(from, until).map((row) => row["octets"]);
  }

  opening(commitment: string): { readonly salt: unknown; readonly value: unknown } | undefined {
    const row = this.#opening.get(commitment);
    return row === undefined ? undefined : { salt: row["salt"], value: row["value"] };
  }

  close(): void {
    this.#sqlite.close();
  }

  #putOpening({ commitment, salt, value }: Opening): void {
    this.#insertOpening.run(commitment, salt, value);
  }

  #transact(write: () => void): Written {
    try {
      this.#begin.run();
      write();
      this.#commit.run();
      return { outcome: "written" };
    } catch (error) {
      const failure = failureOf(error);
      return this.#undo() ? failure : { outcome: "unknown", code: "not-rolled-back" };
    }
  }

  #undo(): boolean {
    try {
      if (this.#sqlite.isTransaction) this.#rollback.run();
      return true;
    } catch {
      return false;
    }
  }
}
