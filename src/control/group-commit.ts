import { type Appended, batchEntriesMax, type Head, type JournalWriter } from "../ports/journal.ts";
import type { Opening } from "../values/commitment.ts";
import { invariant } from "../values/invariant.ts";
import { isNonEmpty, type NonEmpty } from "../values/non-empty.ts";
import type { CrashHook } from "./crash-points.ts";
import type { Composed } from "./entries.ts";
import { appendRefused, type Broken, crashed, fenced, promiseBroken } from "./halt.ts";

/** Entries of one decision: they land together, or not at all. */
export interface Group {
  readonly composed: NonEmpty<Composed>;
  readonly openings: readonly Opening[];
}

export interface GroupCommitParts<Member extends Group> {
  readonly writer: JournalWriter;
  /** Entries in the journal. */
  readonly size: number;
  readonly crash: CrashHook;
  /** The groups of one append, once durable, in order. */
  readonly onDurable: (groups: NonEmpty<Member>, head: Head) => void;
  /** Nothing more is appended after. */
  readonly onBroken: (broken: Broken) => void;
}

/**
 * Appends what was decided, in order, one append at a time: while one is in flight the rest queues, and what is decided
 * in one turn goes in one append, with one sync of the disk.
 */
export class GroupCommit<Member extends Group> {
  readonly #parts: GroupCommitParts<Member>;
  #queue: Member[] = [];
  #size: number;
  #running: Promise<void> | undefined;
  #ended = false;

  constructor(parts: GroupCommitParts<Member>) {
    this.#parts = parts;
    this.#size = parts.size;
  }

  /** Groups that are not durable yet, those of an append in flight not counted. */
  get queued(): number {
    return this.#queue.length;
  }

  add(group: Member): void {
    invariant(!this.#ended, "nothing is decided on a journal that is given up");
    invariant(group.composed.length <= batchEntriesMax, `a decision has at most ${batchEntriesMax} entries`);
    this.#queue.push(group);
    this.#running ??= this.#run();
  }

  /** Resolves when all that was decided is durable, or given up. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Gives up what is queued: its results are settled by whoever opens the journal anew, or stops. */
  end(): void {
    this.#ended = true;
    this.#queue = [];
  }

  async #run(): Promise<void> {
    // What is decided in the same turn joins this append.
    await Promise.resolve();
    while (!this.#ended) {
      const groups = this.#take();
      if (!isNonEmpty(groups)) break;
      // oxlint-disable-next-line no-await-in-loop -- one append at a time, by the journal's contract
      await this.#append(groups);
    }
    this.#running = undefined;
  }

  #take(): Member[] {
    let entries = 0;
    const whole = this.#queue.findIndex((group) => (entries += group.composed.length) > batchEntriesMax);
    return this.#queue.splice(0, whole === -1 ? this.#queue.length : whole);
  }

  async #append(groups: NonEmpty<Member>): Promise<void> {
    const { writer } = this.#parts;
    const entries = groups.flatMap((group) => group.composed.map((composed) => composed.octets));
    invariant(isNonEmpty(entries), "an append has entries");
    if (!this.#passes("before-append")) return;
    const openings = groups.flatMap((group) => group.openings);
    const appended = await writer
      .append({ epoch: writer.epoch, expectedSize: this.#size, entries, openings })
      .catch((): Appended => ({ outcome: "unknown", code: "append-threw" }));
    if (this.#ended) return;
    if (appended.outcome !== "durable") {
      this.#break(brokenOf(appended));
      return;
    }
    this.#size += entries.length;
    if (!this.#passes("after-append")) return;
    try {
      this.#parts.onDurable(groups, appended.head);
    } catch (error) {
      this.#break(promiseBroken(error instanceof Error ? error.message : "unknown"));
    }
  }

  #passes(point: "before-append" | "after-append"): boolean {
    try {
      this.#parts.crash(point);
      return true;
    } catch {
      this.#break(crashed(point));
      return false;
    }
  }

  #break(broken: Broken): void {
    this.end();
    this.#parts.onBroken(broken);
  }
}

function brokenOf(appended: Exclude<Appended, { outcome: "durable" }>): Broken {
  switch (appended.outcome) {
    case "conflict":
      return { kind: "reopen", code: "conflict" };
    case "unknown":
      return { kind: "reopen", code: appended.code };
    case "fenced":
      return fenced(appended.by);
    case "refused":
      return appendRefused(appended.code);
  }
}
