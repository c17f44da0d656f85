import type { Entropy } from "../../ports/clock.ts";
import {
  attachmentOctetsMax,
  type Appended,
  type Batch,
  type Journal,
  type JournalWriter,
  type StoredEntry,
} from "../../ports/journal.ts";
import { EntryChain } from "../../transparency/chain.ts";
import { commit, opens, saltOctets } from "../../transparency/commitment.ts";
import { leafHash } from "../../transparency/tree.ts";
import type { Commitment, Opening } from "../../values/commitment.ts";
import type { Epoch } from "../../values/ids.ts";
import { isNonEmpty, type NonEmpty } from "../../values/non-empty.ts";
import type { Sha256 } from "../../values/sha256.ts";
import { headOf, judgeBatch } from "../batch.ts";
import { EntryFeed } from "../feed.ts";
import { epochOf, sequenceOf } from "../../values/ids.ts";
import { attachmentTooLarge, journalClosed, journalDamaged, writeRefused } from "../refusals.ts";
import type { Database } from "./database.ts";
import type { WriteFailure } from "./failures.ts";
import type { HeadFile, KeptHead } from "./head-file.ts";
import type { FolderLock } from "./lock.ts";
import type { Reserve } from "./reserve.ts";
import type { VerifiedJournal } from "./verify.ts";

/** How many entries are read at once. */
const chunkEntries = 256;

interface JournalParts {
  readonly folder: string;
  readonly journal: Sha256;
  readonly verified: VerifiedJournal | undefined;
  readonly database: Database;
  readonly headFile: HeadFile;
  readonly reserve: Reserve;
  readonly entropy: Entropy;
  readonly lock: FolderLock;
}

type Written = { readonly outcome: "written" } | WriteFailure;

/** A journal that was found whole, and is this process's own. */
export class OpenJournal implements Journal {
  readonly #parts: JournalParts;
  readonly #chain: EntryChain;
  readonly #feed = new EntryFeed((from) => this.#chunk(from));
  #epoch: Epoch;
  #lost = new AbortController();
  /** Why nothing more is written: after an unknown end only opening the journal anew tells what is durable. */
  #stopped: string | undefined;

  readonly reader: Journal["reader"] = {
    head: () => this.#whileOpen(() => headOf(this.#chain, this.#epoch)),
    read: (from, until, signal) => this.#feed.read(from, until, signal),
    opening: (commitment) => this.#whileOpen(() => this.#opening(commitment)),
  };
  readonly owner: Journal["owner"] = { claim: () => this.#whileOpen(() => this.#claim()) };
  readonly attachments: Journal["attachments"] = {
    put: (octets) => this.#whileOpen(() => this.#attach(octets)),
    get: (commitment) => this.#whileOpen(() => this.#opening(commitment)?.value),
  };
  readonly eraser: Journal["eraser"] = {
    erase: (commitment) =>
      this.#whileOpen(() => this.#mustWrite(() => this.#parts.database.eraseOpening(commitment), "ordinary")),
  };

  constructor(parts: JournalParts) {
    this.#parts = parts;
    this.#chain = parts.verified?.chain ?? new EntryChain();
    this.#epoch = epochOf(parts.verified?.epoch ?? 0);
    parts.reserve.restore();
  }

  reserve(): "kept" | "released" {
    return this.#parts.reserve.state;
  }

  close(): Promise<void> {
    if (this.#stopped === "closed") return Promise.resolve();
    this.#stopped = "closed";
    this.#feed.close();
    this.#parts.database.close();
    this.#parts.headFile.close();
    this.#parts.lock.release();
    return Promise.resolve();
  }

  #claim(): { readonly writer: JournalWriter; readonly lost: AbortSignal } {
    const epoch = epochOf(this.#epoch + 1);
    this.#mustWrite(() => this.#parts.database.setEpoch(epoch), "reserved");
    this.#lost.abort();
    this.#lost = new AbortController();
    this.#epoch = epoch;
    const kept = this.#keepHead();
    if (kept.outcome !== "written") throw writeRefused(this.#parts.folder, "unknown");
    return {
      writer: { epoch, append: (batch) => Promise.resolve(this.#append(epoch, batch)) },
      lost: this.#lost.signal,
    };
  }

  #append(epoch: Epoch, batch: Batch): Appended {
    if (this.#stopped !== undefined) return { outcome: "unknown", code: this.#stopped };
    if (batch.epoch !== epoch) return { outcome: "fenced", by: this.#epoch };
    const next = judgeBatch(batch, this.#chain, this.#epoch);
    if (next.outcome !== "fit") return next;
    const { database } = this.#parts;
    const written = this.#write(
      () => database.appendEntries(next.from, batch.entries, next.leaves, batch.openings),
      "reserved",
    );
    if (written.outcome !== "written") return written;
    this.#chain.add(next);
    const head = headOf(this.#chain, this.#epoch);
    // Before the acknowledgement, and after the commit: see HeadFile.
    const kept = this.#keepHead();
    if (kept.outcome !== "written") return kept;
    this.#feed.grown();
    return { outcome: "durable", head };
  }

  #attach(octets: Uint8Array): Commitment {
    if (octets.length > attachmentOctetsMax) throw attachmentTooLarge(octets.length);
    const salt = this.#parts.entropy.octets(saltOctets);
    const opening = { commitment: commit(octets, salt), salt, value: octets };
    this.#parts.reserve.restore();
    if (this.reserve() === "released") throw writeRefused(this.#parts.folder, "full");
    this.#mustWrite(() => this.#parts.database.addOpening(opening), "ordinary");
    return opening.commitment;
  }

  #opening(commitment: Commitment): Opening | undefined {
    const row = this.#parts.database.opening(commitment);
    if (row === undefined) return undefined;
    const { salt, value } = row;
    if (salt instanceof Uint8Array && value instanceof Uint8Array && opens({ commitment, salt, value })) {
      return { commitment, salt, value };
    }
    throw this.#damaged(this.#chain.tree.size, `the opening of ${commitment} is not what was written`);
  }

  #chunk(from: number): NonEmpty<StoredEntry> | undefined {
    // Up to what was acknowledged, whatever the file holds beyond it.
    const until = Math.min(from + chunkEntries, this.#chain.tree.size);
    const chunk = this.#parts.database.entries(from, until).map((octets, index) => {
      const leaf = this.#chain.tree.leaf(from + index);
      if (octets instanceof Uint8Array && leafHash(octets) === leaf) {
        return { sequence: sequenceOf(from + index), octets, leaf };
      }
      throw this.#damaged(from + index, `entry ${from + index} is not what was written`);
    });
    if (chunk.length < until - from) throw this.#damaged(from + chunk.length, "an entry is missing");
    return isNonEmpty(chunk) ? chunk : undefined;
  }

  #damaged(from: number, found: string): Error {
    const { size } = this.#chain.tree;
    return journalDamaged(this.#parts.folder, {
      lastGood: from === 0 ? null : from - 1,
      lostFrom: from,
      lostUntil: size - 1,
      found,
    });
  }

  #newHead(): KeptHead {
    const { size, root, epoch } = headOf(this.#chain, this.#epoch);
    return { journal: this.#parts.journal, size, root, epoch };
  }

  #keepHead(): Written {
    try {
      this.#parts.headFile.write(this.#newHead());
      return { outcome: "written" };
    } catch {
      this.#stopped = "head-file";
      return { outcome: "unknown", code: "head-file" };
    }
  }

  /** Writes; on a full disk what may use the reserve is tried once more with it. */
  #write(write: () => Written, use: "reserved" | "ordinary"): Written {
    let written = write();
    const full = written.outcome === "refused" && written.code === "full";
    if (full && use === "reserved" && this.#parts.reserve.release()) written = write();
    // A failed sync may leave pages in memory that pass for written: only opening anew reads what the disk holds.
    if (written.outcome === "unknown") this.#stopped = written.code;
    return written;
  }

  #mustWrite(write: () => Written, use: "reserved" | "ordinary"): void {
    const written = this.#write(write, use);
    if (written.outcome === "written") return;
    throw writeRefused(this.#parts.folder, written.outcome === "unknown" ? "unknown" : written.code);
  }

  async #whileOpen<Result>(run: () => Result): Promise<Result> {
    if (this.#stopped === "closed") throw journalClosed();
    return await Promise.resolve(run());
  }
}
