import type { Clock } from "../ports/clock.ts";
import type { StreamHead } from "../transparency/chain.ts";
import { encodeEntry, type Entry, type EntryAttachment } from "../transparency/entry.ts";
import { leafHash } from "../transparency/tree.ts";
import type { Commitment } from "../values/commitment.ts";
import { type CommandId, type Epoch, type Sequence, sequenceOf } from "../values/ids.ts";
import { invariant } from "../values/invariant.ts";
import type { JsonObject } from "../values/json.ts";
import type { Sha256 } from "../values/sha256.ts";
import { duration, instant, type Instant } from "../values/time.ts";

/** What stands in every entry that one run of the controller writes. */
export interface Writer {
  /** The log's origin. */
  readonly log: string;
  readonly boot: string;
  readonly controller: string;
  readonly epoch: Epoch;
  readonly rules: number;
  readonly settings: Sha256;
  readonly clock: Clock;
  readonly clockErrorMs: () => number;
}

/** One entry to be, without its place. */
export interface Draft {
  readonly stream: string;
  readonly type: string;
  readonly by: Entry["by"];
  readonly data: JsonObject;
  readonly sealed: { readonly [field: string]: Commitment };
  readonly attachments: readonly EntryAttachment[];
  readonly observations: readonly Sha256[];
}

/** An entry with its place and its octets. */
export interface Composed {
  readonly entry: Entry;
  readonly octets: Uint8Array;
  readonly leaf: Sha256;
}

/** Streams that every decision of a service reads, beside its own. */
const sharedStreams = ["fleet", "policy"] as const;

/** Gives entries their places on the head of the log: sequence, stream, time, basis. */
export class EntryComposer {
  readonly #writer: Writer;
  readonly #streams = new Map<string, StreamHead>();
  readonly #durableStream: (name: string) => StreamHead | undefined;
  #sequence: number;
  #lastAt: Instant;

  constructor(
    writer: Writer,
    log: { readonly size: number; readonly lastAt: Instant; readonly stream: (name: string) => StreamHead | undefined },
  ) {
    this.#writer = writer;
    this.#sequence = log.size;
    this.#lastAt = log.lastAt;
    this.#durableStream = log.stream;
  }

  /** Where the next entry goes. */
  get sequence(): Sequence {
    return sequenceOf(this.#sequence);
  }

  /** What is decided now is decided at this time: it never goes back. */
  now(): Instant {
    return instant(Math.max(this.#writer.clock.now(), this.#lastAt));
  }

  /**
   * Entries of one decision at `at`, the later ones caused by the first. Nothing changes if it throws.
   * @throws InvariantError for an entry outside its bounds.
   */
  compose(drafts: readonly Draft[], at: Instant, command: CommandId | null, policy: Sha256): Composed[] {
    invariant(at >= this.#lastAt, "an entry's time never goes back");
    const first = this.#sequence;
    const heads = new Map<string, StreamHead>();
    const headOf = (name: string): StreamHead | undefined =>
      heads.get(name) ?? this.#streams.get(name) ?? this.#durableStream(name);
    const composed = drafts.map((draft, index) => {
      const before = headOf(draft.stream);
      const entry: Entry = {
        v: 1,
        log: this.#writer.log,
        sequence: sequenceOf(first + index),
        at,
        clock: this.#clock(),
        controller: this.#writer.controller,
        epoch: this.#writer.epoch,
        rules: this.#writer.rules,
        stream: draft.stream,
        streamSeq: before === undefined ? 0 : before.streamSeq + 1,
        streamPrev: before?.leaf ?? null,
        type: draft.type,
        by: draft.by,
        basis: {
          policy,
          settings: this.#writer.settings,
          observations: draft.observations,
          heads: leavesOf([draft.stream, ...sharedStreams], headOf),
        },
        causes: { command, entries: index === 0 ? [] : [sequenceOf(first)] },
        data: draft.data,
        sealed: draft.sealed,
        attachments: draft.attachments,
      };
      const octets = encodeEntry(entry);
      const leaf = leafHash(octets);
      heads.set(draft.stream, { streamSeq: entry.streamSeq, leaf });
      return { entry, octets, leaf };
    });
    for (const [name, head] of heads) this.#streams.set(name, head);
    this.#sequence += composed.length;
    this.#lastAt = at;
    return composed;
  }

  #clock(): Entry["clock"] {
    const { boot, clock, clockErrorMs } = this.#writer;
    return { boot, monoMs: clock.monotonic(), errorMs: duration(clockErrorMs()) };
  }
}

function leavesOf(
  names: readonly string[],
  headOf: (name: string) => StreamHead | undefined,
): { readonly [stream: string]: Sha256 } {
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => {
      const head = headOf(name);
      return head === undefined ? [] : [[name, head.leaf]];
    }),
  );
}
