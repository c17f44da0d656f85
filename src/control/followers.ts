import type { Log } from "../ports/log.ts";
import type { RecordedEntry } from "../ports/operations.ts";
import { invariant } from "../values/invariant.ts";

type Listener = (entry: RecordedEntry) => void;

/** Those who are told of each entry that becomes durable. It outlives a journal opened anew: nothing is told twice. */
export class Followers {
  readonly #log: Log;
  readonly #listeners = new Set<Listener>();
  #size = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Entries that are durable and were told of. */
  get size(): number {
    return this.#size;
  }

  /** Tells of each from now on, until the returned function is called. */
  follow(listener: Listener): () => void {
    // A listener that is given twice is told twice.
    const own: Listener = (entry) => listener(entry);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** An entry is durable. One that was told of before, as a replay does, is left out. */
  recorded(entry: RecordedEntry): void {
    if (entry.sequence < this.#size) return;
    invariant(entry.sequence === this.#size, "entries are told of in order, each once");
    this.#size += 1;
    for (const listener of this.#listeners) this.#tell(listener, entry);
  }

  /** Who only looks on cannot hold up what is decided. */
  #tell(listener: Listener, entry: RecordedEntry): void {
    try {
      listener(entry);
    } catch (error) {
      const says = error instanceof Error ? error.message : "unknown";
      this.#log.write("error", "listener-broke", { sequence: entry.sequence, says });
    }
  }
}
