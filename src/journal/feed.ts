import type { StoredEntry } from "../ports/journal.ts";
import type { Sequence } from "../values/ids.ts";
import type { NonEmpty } from "../values/non-empty.ts";

/** Durable entries from `from`, at least one and as many as the engine likes; `undefined` when there is none yet. */
type Chunk = (from: number) => NonEmpty<StoredEntry> | undefined;

/** Hands out durable entries in order and without gaps, and wakes those who follow when there are more. */
export class EntryFeed {
  readonly #chunk: Chunk;
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
  }

  /** New entries are durable. */
  grown(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Followers end. */
  close(): void {
    this.#closed = true;
    this.grown();
  }

  async *read(
    from: Sequence,
    until: Sequence | "follow",
    signal: AbortSignal,
  ): AsyncGenerator<NonEmpty<StoredEntry>, void, void> {
    const end = until === "follow" ? Number.POSITIVE_INFINITY : until;
    let next: number = from;
    while (next < end && !signal.aborted && !this.#closed) {
      const [first, ...rest] = this.#chunk(next) ?? [];
      if (first === undefined) {
        if (until !== "follow") return;
        // oxlint-disable-next-line no-await-in-loop -- the next chunk is not there yet
        await this.#more(signal);
      } else {
        const chunk: NonEmpty<StoredEntry> = [first, ...rest.filter((entry) => entry.sequence < end)];
        next += chunk.length;
        yield chunk;
      }
    }
  }

  #more(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => {
      this.#waiting.delete(wake);
      signal.removeEventListener("abort", wake);
      resolve(undefined);
    };
    this.#waiting.add(wake);
    signal.addEventListener("abort", wake);
    return promise;
  }
}
