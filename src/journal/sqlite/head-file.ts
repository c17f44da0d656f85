import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { invariant } from "../../values/invariant.ts";
import { parseCanonicalJson, canonicalJson } from "../../values/json.ts";
import { fromUtf8, utf8 } from "../../values/octets.ts";
import { isSha256, sha256, type Sha256 } from "../../values/sha256.ts";
import { isRecord, isText, isWhole } from "../../transparency/shape.ts";
import { headFileDamaged, headFileUnusable } from "../refusals.ts";
import { systemCodeOf } from "./failures.ts";

/** The newest head, as kept outside the data folder. */
export type KeptHead = {
  /** Random at the journal's creation: tells a copied or foreign folder. */
  readonly journal: Sha256;
  readonly size: number;
  readonly root: Sha256;
  readonly epoch: number;
};

type Slot = KeptHead & { readonly format: 1; readonly ordinal: number };

/** A page of every common disk: a slot is written by one aligned write. */
const slotOctets = 4096;

/**
 * The newest head outside the data folder (design §7): a journal behind it has been rolled back.
 *
 * Order of writes, for each append: (1) the journal commits, synced; (2) this file is written, synced; (3) the append
 * is acknowledged, and only then may anything be sent.
 * - Stopped between (1) and (2), the journal is ahead by the batch that nobody was told of: fine, it is read as durable.
 * - The other order would, stopped in between, accuse a whole journal of having been rolled back.
 * - Acknowledging before (2) would let a cut of the journal's tail pass unseen, because SQLite drops a damaged tail of its
 *   WAL silently, and then a change would have been sent without its intent. So (2) is on the path of every append; it
 *   is one write in place, without a change of the file's size, and costs about half of what the commit does.
 *
 * Two slots are written in turn, each with its checksum: a write that is torn spoils the slot of a head that was not
 * acknowledged, and the other still holds the one before.
 */
export class HeadFile {
  readonly #path: string;
  readonly #file: number;
  #ordinal: number;

  private constructor(path: string, file: number, ordinal: number) {
    this.#path = path;
    this.#file = file;
    this.#ordinal = ordinal;
  }

  /**
   * Opens the file and reads the newest head; `undefined` when there is no such file.
   * @throws PointsmanError `head-file-damaged` when neither slot is whole, `head-file-unusable`.
   */
  static open(path: string): { readonly file: HeadFile; readonly kept: KeptHead } | undefined {
    let file: number;
    try {
      file = openSync(path, "r+");
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return undefined;
      throw headFileUnusable(path, systemCodeOf(error));
    }
    const newest = [readSlot(file, 0), readSlot(file, 1)]
      .filter((slot) => slot !== undefined)
      .toSorted((a, b) => b.ordinal - a.ordinal)[0];
    if (newest === undefined) {
      closeSync(file);
      throw headFileDamaged(path);
    }
    const { journal, size, root, epoch } = newest;
    return { file: new HeadFile(path, file, newest.ordinal), kept: { journal, size, root, epoch } };
  }

  /** Makes the file, whole and durable or not at all. */
  static create(path: string, head: KeptHead): HeadFile {
    const unfinished = `${path}.new`;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const file = openSync(unfinished, "w+", 0o600);
      for (const ordinal of [0, 1]) writeSlot(file, { format: 1, ...head, ordinal });
      fsyncSync(file);
      renameSync(unfinished, path);
      syncFolder(dirname(path));
      return new HeadFile(path, file, 1);
    } catch (error) {
      throw headFileUnusable(path, systemCodeOf(error));
    }
  }

  /**
   * Durable when it returns.
   * @throws PointsmanError `head-file-unusable`; then it is not known which of the two heads will be read.
   */
  write(head: KeptHead): void {
    this.#ordinal += 1;
    try {
      writeSlot(this.#file, { format: 1, ...head, ordinal: this.#ordinal });
      fdatasyncSync(this.#file);
    } catch (error) {
      throw headFileUnusable(this.#path, systemCodeOf(error));
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Makes a new or renamed file's place in its folder durable. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}

const isSlot = isRecord<Slot>({
  format: (value): value is 1 => value === 1,
  ordinal: isWhole(0),
  journal: isText(isSha256),
  size: isWhole(0),
  root: isText(isSha256),
  epoch: isWhole(0),
});

/** Canonical JSON, its SHA-256 and spaces: a person can read it too. */
function writeSlot(file: number, slot: Slot): void {
  const json = canonicalJson(slot);
  const octets = utf8(`${json}\n${sha256(utf8(json))}\n`.padEnd(slotOctets));
  const written = writeSync(file, octets, 0, slotOctets, (slot.ordinal % 2) * slotOctets);
  invariant(written === slotOctets, "a slot is written as a whole");
}

function readSlot(file: number, index: number): Slot | undefined {
  const octets = new Uint8Array(slotOctets);
  const length = readSync(file, octets, 0, slotOctets, index * slotOctets);
  const [json = "", digest = ""] = fromUtf8(octets.subarray(0, length))?.split("\n") ?? [];
  if (sha256(utf8(json)) !== digest) return undefined;
  const slot = parseCanonicalJson(json);
  return isSlot(slot) ? slot : undefined;
}
