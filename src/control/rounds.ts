import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { JsonObject } from "../values/json.ts";
import type { DurationMs } from "../values/time.ts";
import { pause } from "./pause.ts";

export interface RoundsParts<Target, Seen> {
  readonly clock: Clock;
  readonly log: Log;
  readonly targets: readonly Target[];
  /** From the end of one look at a target to the beginning of the next. */
  readonly everyMs: DurationMs;
  /** First looks begin this far apart, so that many targets are not all asked in one moment. */
  readonly firstSpacingMs: number | "at-once";
  readonly look: (target: Target, signal: AbortSignal) => Promise<Seen>;
  readonly take: (seen: Seen) => void;
  /** What names the target in the log. */
  readonly about: (target: Target) => JsonObject;
}

/** Looks at each target again and again, each on a round of its own, until it ends. It outlives a journal opened anew. */
export class Rounds<Target, Seen> {
  readonly #parts: RoundsParts<Target, Seen>;
  readonly #ended = new AbortController();
  #running: readonly Promise<void>[] = [];

  constructor(parts: RoundsParts<Target, Seen>) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#parts.targets.map((target, index) => this.#round(target, index));
  }

  /** Resolves when nothing will be seen any more. */
  async end(): Promise<void> {
    this.#ended.abort();
    await Promise.all(this.#running);
  }

  async #round(target: Target, index: number): Promise<void> {
    const { clock, everyMs, firstSpacingMs } = this.#parts;
    const { signal } = this.#ended;
    if (firstSpacingMs !== "at-once") await pause(clock, index * firstSpacingMs, signal);
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await this.#look(target, signal);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await pause(clock, everyMs, signal);
    }
  }

  async #look(target: Target, signal: AbortSignal): Promise<void> {
    const { look, take, about, log } = this.#parts;
    try {
      const seen = await look(target, signal);
      if (!signal.aborted) take(seen);
    } catch (error) {
      // A fault of our own with one does not hold up the others: what is not known of it grows stale, and is seen.
      const says = error instanceof Error ? error.message : "unknown";
      log.write("error", "broken-promise", { ...about(target), says });
    }
  }
}
