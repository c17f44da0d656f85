import { readKeptMemory, writeKeptMemory } from "../../src/core/integrity/kept-memory.ts";
import type { IntegrityMemory } from "../../src/ports/integrity-memory.ts";

/** The file in which an installation remembers zones from run to run. */
export class SimulatedMemoryFile {
  text: string | null = null;
  /** How often it was written. */
  writes = 0;
  /** Whether it can be written. */
  isFull = false;
  #run = 0;

  /** For one process: what it writes after the next one was started comes from a machine that is gone. */
  open(): IntegrityMemory {
    const run = (this.#run += 1);
    return {
      load: () => Promise.resolve(this.text === null ? null : readKeptMemory(this.text)),
      keep: (memory) => {
        if (this.isFull) return Promise.resolve({ code: "disk-full", says: "It is full.", figures: {}, mend: "Room." });
        if (run === this.#run) {
          this.text = writeKeptMemory(memory);
          this.writes += 1;
        }
        return Promise.resolve(null);
      },
    };
  }
}
