import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { entriesAfter } from "../../test/journal/entries.ts";
import { EntryChain } from "../transparency/chain.ts";
import { commit } from "../transparency/commitment.ts";
import { emptyRoot, leafHash } from "../transparency/tree.ts";
import type { Opening } from "../values/commitment.ts";
import { sequenceOf } from "../values/ids.ts";
import type { NonEmpty } from "../values/non-empty.ts";
import { utf8 } from "../values/octets.ts";
import { batchEntriesMax, type Appended, type Journal, type JournalWriter, type StoredEntry } from "./journal.ts";

/** One journal of an engine, empty at first. */
export interface JournalUnderTest {
  /** Opens it; called again after the one before was closed. */
  open(): Promise<Journal>;
  dispose(): Promise<void>;
}

/** Every guarantee of the journal contract (design §8), against any engine. */
export function journalContract(engine: string, make: () => Promise<JournalUnderTest>): void {
  describe(`the journal contract, kept by ${engine}`, () => {
    let made: JournalUnderTest;
    let journal: Journal;
    let writer: JournalWriter;
    let lost: AbortSignal;
    /** What the journal must hold: grown only by what was acknowledged. */
    let chain: EntryChain;

    const reopen = async (): Promise<void> => {
      await journal.close();
      journal = await made.open();
      ({ writer, lost } = await journal.owner.claim());
    };
    const next = (...texts: NonEmpty<string>): NonEmpty<Uint8Array> =>
      entriesAfter(chain, { epoch: writer.epoch }, ...texts);
    const append = async (
      entries: NonEmpty<Uint8Array>,
      openings: readonly Opening[] = [],
      expectedSize = chain.tree.size,
    ): Promise<Appended> => {
      const appended = await writer.append({ epoch: writer.epoch, expectedSize, entries, openings });
      const fit = chain.next(entries);
      if (appended.outcome === "durable" && fit.outcome === "fit" && expectedSize === chain.tree.size) chain.add(fit);
      return appended;
    };

    beforeEach(async () => {
      made = await make();
      journal = await made.open();
      chain = new EntryChain();
      ({ writer, lost } = await journal.owner.claim());
    });
    afterEach(async () => {
      await journal.close();
      await made.dispose();
    });

    it("begins empty", async () => {
      expect(await journal.reader.head()).toEqual({ size: 0, root: emptyRoot, lastAt: 0, epoch: 1 });
      expect(await all(journal, 0)).toEqual([]);
    });

    it("gives one dense sequence, equal to the leaf's index, and the root of RFC 6962 over it", async () => {
      const first = await append(next("a"));
      const second = await append(next("b", "c", "d"));
      expect(first).toMatchObject({ outcome: "durable", head: { size: 1 } });
      expect(second).toMatchObject({ outcome: "durable", head: { size: 4, root: chain.tree.root() } });
      const entries = await all(journal, 0);
      expect(entries.map((entry) => entry.sequence)).toEqual([0, 1, 2, 3]);
      expect(entries.map((entry) => entry.leaf)).toEqual([0, 1, 2, 3].map((index) => chain.tree.leaf(index)));
      expect(entries.every((entry) => leafHash(entry.octets) === entry.leaf)).toBe(true);
    });

    it("keeps what it acknowledged when it is opened again", async () => {
      await append(next("a", "b"));
      const before = await journal.reader.head();
      await reopen();
      expect(await journal.reader.head()).toEqual({ ...before, epoch: before.epoch + 1 });
      expect(await append(next("c"))).toMatchObject({ outcome: "durable", head: { size: 3, root: chain.tree.root() } });
    });

    it("takes 64 entries, and refuses 65 or an entry of more than 65 535 octets, as a whole", async () => {
      const texts = Array.from({ length: batchEntriesMax }, (_, index) => `entry ${index}`);
      const [first, ...rest] = next("first", ...texts);
      expect(await append([first, ...rest])).toEqual({ outcome: "refused", code: "too-large" });
      expect(await append([first, ...rest.slice(0, 63)])).toMatchObject({ outcome: "durable", head: { size: 64 } });
      const [fits] = next("fits");
      const large = new Uint8Array(65_536);
      expect(await append([fits, large])).toEqual({ outcome: "refused", code: "too-large" });
      expect(await journal.reader.head()).toMatchObject({ size: 64 });
    });

    it("appends all of a batch or nothing", async () => {
      const [good, after] = next("good", "after");
      const appended = await append([good, after ?? good, utf8("no entry")]);
      expect(appended).toEqual({ outcome: "refused", code: "malformed" });
      expect(await all(journal, 0)).toEqual([]);
      expect(await append([good])).toMatchObject({ outcome: "durable", head: { size: 1 } });
    });

    it("refuses an entry that leaves a gap in the log or in its stream (N10)", async () => {
      await append(next("a"));
      const { epoch } = writer;
      const elsewhere = new EntryChain();
      addTo(elsewhere, entriesAfter(elsewhere, { epoch, stream: "fleet" }, "x"));
      const gaps = {
        sequenceAgain: entriesAfter(new EntryChain(), { epoch }, "again")[0],
        sequenceSkipped: next("b", "c").slice(1)[0] ?? utf8(""),
        streamBegunAnew: entriesAfter(elsewhere, { epoch }, "its stream has an entry already")[0],
      };
      const outcomes = [];
      for (const gap of Object.values(gaps)) {
        // oxlint-disable-next-line no-await-in-loop -- each is refused by itself
        outcomes.push(await append([gap]));
      }
      expect(outcomes).toEqual(outcomes.map(() => ({ outcome: "refused", code: "malformed" })));
      expect(await journal.reader.head()).toMatchObject({ size: 1 });
    });

    it("compares and swaps on the size: another size is a conflict, and writes nothing", async () => {
      await append(next("a", "b"));
      const entries = next("c");
      for (const size of [0, 1, 3]) {
        // oxlint-disable-next-line no-await-in-loop -- each is refused by itself
        expect(await append(entries, [], size)).toMatchObject({ outcome: "conflict", head: { size: 2 } });
      }
      expect(await all(journal, 0)).toHaveLength(2);
    });

    it("takes the same batch again at the same size as durable, once, even after others", async () => {
      const entries = next("a", "b");
      const size = chain.tree.size;
      await append(entries);
      expect(await append(entries, [], size)).toMatchObject({ outcome: "durable", head: { size: 2 } });
      await append(next("c"));
      expect(await append(entries, [], size)).toMatchObject({ outcome: "durable", head: { size: 3 } });
      const [first] = entries;
      expect(await append([first, ...next("other")], [], size)).toMatchObject({ outcome: "conflict" });
      expect(await all(journal, 0)).toHaveLength(3);
    });

    it("takes batches in flight, each expecting those before it", async () => {
      const first = next("a");
      const ahead = new EntryChain();
      addTo(ahead, first);
      const second = entriesAfter(ahead, { epoch: writer.epoch }, "b");
      const { epoch } = writer;
      const outcomes = await Promise.all([
        writer.append({ epoch, expectedSize: 0, entries: first, openings: [] }),
        writer.append({ epoch, expectedSize: 1, entries: second, openings: [] }),
      ]);
      expect(outcomes).toMatchObject([{ outcome: "durable" }, { outcome: "durable", head: { size: 2 } }]);
    });

    it("grows the epoch at each claim; the claim before learns it, and is fenced (N5)", async () => {
      await append(next("a"));
      const entries = next("late");
      const earlier = writer;
      const told = lost;
      expect(told.aborted).toBe(false);
      ({ writer, lost } = await journal.owner.claim());
      expect(writer.epoch).toBeGreaterThan(earlier.epoch);
      expect([told.aborted, lost.aborted]).toEqual([true, false]);
      const late = await earlier.append({ epoch: earlier.epoch, expectedSize: 1, entries, openings: [] });
      expect(late).toEqual({ outcome: "fenced", by: writer.epoch });
      const disguised = await writer.append({ epoch: earlier.epoch, expectedSize: 1, entries, openings: [] });
      expect(disguised).toEqual({ outcome: "fenced", by: writer.epoch });
      expect(await journal.reader.head()).toMatchObject({ size: 1, epoch: writer.epoch });
    });

    it("never gives an epoch twice, also when it is opened again and nothing was written", async () => {
      const epochs = [writer.epoch];
      for (let round = 0; round < 3; round += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
        await reopen();
        epochs.push(writer.epoch);
      }
      expect(epochs).toEqual([1, 2, 3, 4]);
    });

    it("reads any range, in order, and nothing beyond it", async () => {
      await append(next("a", "b", "c"));
      await append(next("d", "e"));
      expect((await all(journal, 1, 4)).map((entry) => entry.sequence)).toEqual([1, 2, 3]);
      expect((await all(journal, 3, 99)).map((entry) => entry.sequence)).toEqual([3, 4]);
      expect(await all(journal, 5)).toEqual([]);
    });

    it("is followed: old entries, then new ones as they become durable, until aborted", async () => {
      await append(next("a", "b"));
      const stop = new AbortController();
      const seen: number[] = [];
      const following = (async (): Promise<void> => {
        for await (const chunk of journal.reader.read(sequenceOf(1), "follow", stop.signal)) {
          seen.push(...chunk.map((entry) => entry.sequence));
          if (seen.length < 4) await append(next(`after ${seen.length}`, "and another"));
          else stop.abort();
        }
      })();
      await following;
      expect(seen).toEqual([1, 2, 3, 4, 5].slice(0, seen.length));
      expect(seen.length).toBeGreaterThanOrEqual(4);
    });

    it("lets go of its followers when it is closed", async () => {
      const entries = journal.reader.read(sequenceOf(0), "follow", new AbortController().signal);
      const iterator = entries[Symbol.asyncIterator]();
      const waiting = iterator.next();
      await journal.close();
      expect((await waiting).done).toBe(true);
      journal = await made.open();
    });

    it("keeps openings with their entries, durably, and forgets what is erased without breaking a hash", async () => {
      const opening = openingOf("a reason that may be erased");
      const sealed = { reason: opening.commitment };
      await append(entriesAfter(chain, { epoch: writer.epoch, sealed }, "sealed"), [opening]);
      await reopen();
      expect(await journal.reader.opening(opening.commitment)).toEqual(opening);
      await journal.eraser.erase(opening.commitment);
      expect(await journal.reader.opening(opening.commitment)).toBeUndefined();
      await reopen();
      expect(await journal.reader.opening(opening.commitment)).toBeUndefined();
      expect(await journal.reader.head()).toMatchObject({ size: 1, root: chain.tree.root() });
    });

    it("keeps no opening of a batch that it did not take, and none that does not open its commitment", async () => {
      const opening = openingOf("of a conflict");
      await append(next("a"));
      expect(await append(next("b"), [opening], 7)).toMatchObject({ outcome: "conflict" });
      expect(await journal.reader.opening(opening.commitment)).toBeUndefined();
      const wrong = { ...opening, value: utf8("something else") };
      expect(await append(next("b"), [wrong])).toEqual({ outcome: "refused", code: "malformed" });
    });

    it("keeps attachments, each under a commitment of its own, until they are erased", async () => {
      const octets = utf8("the same octets");
      const one = await journal.attachments.put(octets);
      const two = await journal.attachments.put(octets);
      expect(one).not.toBe(two);
      await reopen();
      expect(await journal.attachments.get(one)).toEqual(octets);
      await journal.eraser.erase(one);
      await journal.eraser.erase(one);
      expect(await journal.attachments.get(one)).toBeUndefined();
      expect(await journal.attachments.get(two)).toEqual(octets);
    });

    it("refuses an attachment that is too large, with its figures", async () => {
      await expect(journal.attachments.put(new Uint8Array(16 * 1024 * 1024 + 1))).rejects.toMatchObject({
        refusal: { code: "attachment-too-large", figures: { octets: 16_777_217, octetsMax: 16_777_216 } },
      });
    });
  });
}

async function all(journal: Journal, from: number, until = Number.MAX_SAFE_INTEGER): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for await (const chunk of journal.reader.read(sequenceOf(from), sequenceOf(until), new AbortController().signal)) {
    entries.push(...chunk);
  }
  return entries;
}

function addTo(chain: EntryChain, entries: NonEmpty<Uint8Array>): void {
  const fit = chain.next(entries);
  if (fit.outcome === "fit") chain.add(fit);
}

function openingOf(text: string): Opening {
  const salt = new Uint8Array(32).fill(7);
  const value = utf8(text);
  return { commitment: commit(value, salt), salt, value };
}
