import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { StatementCount, StatementLane } from "../../ports/statements.ts";
import { duration, minute } from "../../values/time.ts";

/**
 * What came in, summed by lane and code. Refusals are told in one line of the log a minute at most, and in metrics: junk is
 * never one line, and never one entry, each.
 */
export class Tally {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #counts = new Map<string, StatementCount>();
  /** Refused since the last line. */
  #since = new Map<string, number>();
  #planned = false;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** `code` null: accepted. */
  add(lane: StatementLane, code: string | null): void {
    const key = `${lane} ${code ?? "accepted"}`;
    this.#counts.set(key, { lane, code, count: (this.#counts.get(key)?.count ?? 0) + 1 });
    if (code === null) return;
    this.#since.set(key, (this.#since.get(key) ?? 0) + 1);
    if (this.#planned) return;
    this.#planned = true;
    this.#clock.schedule(duration(minute), () => this.#tell());
  }

  counts(): readonly StatementCount[] {
    return [...this.#counts.values()];
  }

  #tell(): void {
    const counts = Object.fromEntries(this.#since);
    this.#since = new Map();
    this.#planned = false;
    this.#log.write("warn", "statements-refused", { counts });
  }
}
