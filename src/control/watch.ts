import type { Clock } from "../ports/clock.ts";
import type { ObservationBatch, ObservationSource } from "../ports/observations.ts";
import { duration, second } from "../values/time.ts";
import type { FactsBook } from "./facts-book.ts";

export interface WatchParts {
  readonly clock: Clock;
  readonly book: FactsBook;
  readonly touch: (service: string) => void;
  /** Once a second, for what waits for nothing else. */
  readonly beat: () => void;
}

/** How often time itself is looked at: freshness, the clock's health. */
const heartbeatMs = second;

/**
 * Feeds the facts: observations as they come, and time as it passes, so that what nobody speaks of grows stale. It
 * outlives the journal being opened anew.
 */
export class Watch {
  readonly #parts: WatchParts;
  readonly #stops: (() => Promise<void>)[] = [];
  #cancelBeat: (() => void) | undefined;
  #cancelChange: (() => void) | undefined;
  #ended = false;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  async start(sources: readonly ObservationSource[]): Promise<void> {
    this.#beat();
    const started = sources.map((source) => source.start((batch) => this.#receive(batch)));
    this.#stops.push(...(await Promise.all(started)));
  }

  /** Resolves when no observation will come any more. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#cancelBeat?.();
    this.#cancelChange?.();
    await Promise.all(this.#stops.splice(0).map((stop) => stop()));
  }

  #receive(batch: ObservationBatch): void {
    if (this.#ended) return;
    this.#touch(this.#parts.book.receive(batch));
    this.#waitForChange();
  }

  #beat(): void {
    if (this.#ended) return;
    this.#advance();
    this.#parts.beat();
    this.#cancelBeat = this.#parts.clock.schedule(duration(heartbeatMs), () => this.#beat());
  }

  #advance(): void {
    if (this.#ended) return;
    this.#touch(this.#parts.book.advance());
    this.#waitForChange();
  }

  /** A voice grows stale, or a signal's time is full, at a moment of its own between two beats. */
  #waitForChange(): void {
    const { book, clock } = this.#parts;
    this.#cancelChange?.();
    this.#cancelChange = undefined;
    const inMs = book.nextChangeInMs();
    if (inMs === undefined || inMs >= heartbeatMs) return;
    this.#cancelChange = clock.schedule(duration(Math.max(1, inMs)), () => this.#advance());
  }

  #touch(services: readonly string[]): void {
    for (const service of services) this.#parts.touch(service);
  }
}
