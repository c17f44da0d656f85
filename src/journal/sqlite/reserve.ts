import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Entropy } from "../../ports/clock.ts";

const chunkOctets = 65_536;

/**
 * Room on the disk that entries can still use when it is full (design §10): a file that only takes up space, and is
 * deleted for them. Attachments never get it, so they are the first to stop.
 */
export class Reserve {
  readonly #path: string;
  readonly #folder: string;
  readonly #octets: number;
  readonly #entropy: Entropy;
  #kept: "kept" | "released" = "released";

  constructor(folder: string, octets: number, entropy: Entropy) {
    this.#folder = folder;
    this.#path = join(folder, "reserve");
    this.#octets = octets;
    this.#entropy = entropy;
  }

  get state(): "kept" | "released" {
    return this.#kept;
  }

  /** Gives the room to the entries; false when they had it already. */
  release(): boolean {
    if (this.#kept === "released") return false;
    rmSync(this.#path, { force: true });
    this.#kept = "released";
    return true;
  }

  /** Takes the room back where the disk has at least twice as much free: with less, entries would soon need it again. */
  restore(): void {
    if (this.#kept === "kept") return;
    if (statSync(this.#path, { throwIfNoEntry: false })?.size === this.#octets) {
      this.#kept = "kept";
      return;
    }
    rmSync(this.#path, { force: true });
    const { bavail, bsize } = statfsSync(this.#folder);
    if (bavail * bsize >= 2 * this.#octets) this.#fill();
  }

  // Written out, because a sparse file takes no room; random octets, because some filesystems compress.
  #fill(): void {
    const file = openSync(this.#path, "w", 0o600);
    try {
      const chunk = this.#entropy.octets(chunkOctets);
      for (let left = this.#octets; left > 0; left -= chunkOctets)
        writeSync(file, chunk, 0, Math.min(left, chunkOctets));
      fsyncSync(file);
      if (statSync(this.#path).size === this.#octets) this.#kept = "kept";
    } catch {
      // Somebody else filled the disk meanwhile: what was written is given back at once.
      rmSync(this.#path, { force: true });
    } finally {
      closeSync(file);
    }
  }
}
