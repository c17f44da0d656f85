import type { Clock } from "../../ports/clock.ts";
import { duration } from "../../values/time.ts";

export interface LaneLimits {
  /** That wait at most, over all sources. */
  readonly waitingMax: number;
  /** Looked at side by side at most: so much of the threads that check signatures. */
  readonly runningMax: number;
}

interface Waiting {
  readonly run: () => Promise<void>;
  /** There was no room for it. */
  readonly drop: () => void;
}

/**
 * A bounded queue in front of something costly. Its sources take turns; where there is no room left, whoever has most
 * waiting loses what came last. After each the event loop has a turn, so that work elsewhere goes on.
 */
export class Lane {
  readonly #limits: LaneLimits;
  readonly #clock: Clock;
  /** By source, in the order of their turns. */
  readonly #waiting = new Map<string, Waiting[]>();
  #queued = 0;
  #running = 0;

  constructor(limits: LaneLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Runs `run` when its turn comes, or `drop` when there is no room. `run` MUST NOT reject. */
  add(source: string, run: Waiting["run"], drop: Waiting["drop"]): void {
    const own = this.#waiting.get(source);
    if (own === undefined) this.#waiting.set(source, [{ run, drop }]);
    else own.push({ run, drop });
    this.#queued += 1;
    this.#start();
    if (this.#queued > this.#limits.waitingMax) this.#dropOne();
  }

  #start(): void {
    if (this.#running >= this.#limits.runningMax) return;
    const next = this.#next();
    if (next === undefined) return;
    this.#running += 1;
    void next.run().finally(() => {
      // Not at once: what else is due has its turn before the next.
      this.#clock.schedule(duration(0), () => {
        this.#running -= 1;
        this.#start();
      });
    });
  }

  #next(): Waiting | undefined {
    const [turn] = this.#waiting;
    if (turn === undefined) return undefined;
    const [source, queue] = turn;
    const [first, ...rest] = queue;
    this.#waiting.delete(source);
    if (rest.length > 0) this.#waiting.set(source, rest);
    if (first !== undefined) this.#queued -= 1;
    return first;
  }

  #dropOne(): void {
    let longest: [string, Waiting[]] | undefined;
    for (const [source, queue] of this.#waiting)
      if (longest === undefined || queue.length >= longest[1].length) longest = [source, queue];
    const dropped = longest?.[1].pop();
    if (longest === undefined || dropped === undefined) return;
    if (longest[1].length === 0) this.#waiting.delete(longest[0]);
    this.#queued -= 1;
    dropped.drop();
  }
}
