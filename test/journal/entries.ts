import type { EntryChain } from "../../src/transparency/chain.ts";
import { encodeEntry, type Entry } from "../../src/transparency/entry.ts";
import { leafHash } from "../../src/transparency/tree.ts";
import type { Commitment } from "../../src/values/commitment.ts";
import { type Epoch, sequenceOf } from "../../src/values/ids.ts";
import type { NonEmpty } from "../../src/values/non-empty.ts";
import { duration, instant } from "../../src/values/time.ts";

export interface EntryOptions {
  readonly epoch: Epoch;
  readonly stream?: string;
  readonly type?: string;
  readonly sealed?: { readonly [field: string]: Commitment };
}

/** The next entries of `chain`, one a text, each the successor of the one before; the chain is left as it is. */
export function entriesAfter(
  chain: EntryChain,
  { epoch, stream = "service/login", type = "noted", sealed = {} }: EntryOptions,
  ...texts: NonEmpty<string>
): NonEmpty<Uint8Array> {
  const [first, ...rest] = texts;
  let before = chain.stream(stream);
  const make = (text: string, index: number): Uint8Array => {
    const streamSeq = before === undefined ? 0 : before.streamSeq + 1;
    const sequence = sequenceOf(chain.tree.size + index);
    const octets = encodeEntry({
      ...plain,
      epoch,
      stream,
      type,
      sealed,
      sequence,
      streamSeq,
      streamPrev: before?.leaf ?? null,
      data: { text },
    });
    before = { streamSeq, leaf: leafHash(octets) };
    return octets;
  };
  return [make(first, 0), ...rest.map((text, index) => make(text, index + 1))];
}

const plain: Omit<Entry, "epoch" | "stream" | "type" | "sealed" | "sequence" | "streamSeq" | "streamPrev" | "data"> = {
  v: 1,
  log: "pointsman.test/journal",
  at: instant(1_790_000_000_000),
  clock: { boot: "boot", monoMs: duration(0), errorMs: duration(0) },
  controller: "test",
  rules: 1,
  by: { kind: "controller", id: "test", method: "internal" },
  basis: { policy: null, settings: null, observations: [], heads: {} },
  causes: { command: null, entries: [] },
  attachments: [],
};
