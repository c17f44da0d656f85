import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import type { Journal } from "../../src/ports/journal.ts";
import { EntryChain } from "../../src/transparency/chain.ts";
import type { Commitment } from "../../src/values/commitment.ts";
import { PointsmanError } from "../../src/values/refusal.ts";
import type { Sha256 } from "../../src/values/sha256.ts";
import { entriesAfter } from "./entries.ts";
import { copyPlace, placeIn, temporaryPlace, type Place } from "./place.ts";
import { Random } from "../fuzz/random.ts";
import { entriesOf } from "./reading.ts";

const files = ["journal.db", "journal.db-wal"] as const;

/** What stood in the files when an append was acknowledged. */
interface Acknowledged {
  readonly size: number;
  readonly lengths: ReadonlyMap<string, number>;
  readonly place: Place;
}

interface Written {
  readonly live: Place & Disposable;
  readonly leaves: readonly Sha256[];
  readonly attachment: Commitment;
  /** After each append. */
  readonly acknowledged: readonly Acknowledged[];
}

let written: Written;
let trial: string;

beforeEach(async () => {
  written = await write(12);
  trial = join(written.live.root, "trial");
});
afterEach(() => written.live[Symbol.dispose]());

describe("damage to the journal's files", () => {
  it("cut or garbled octets written since an acknowledgement lose nothing acknowledged", async () => {
    const random = new Random(1);
    for (const [index, before] of written.acknowledged.slice(0, -1).entries()) {
      const after = written.acknowledged[index + 1];
      for (let round = 0; round < 4; round += 1) {
        // As if stopped after the next commit and before its head was kept: nobody was told of it.
        const place = copyPlace(after?.place ?? before.place, trial);
        writeFileSync(place.options.headFile, readFileSync(before.place.options.headFile));
        for (const file of files) spoilAfter(join(place.options.folder, file), before.lengths.get(file) ?? 0, random);
        // oxlint-disable-next-line no-await-in-loop -- one trial after the other
        const leaves = await contentOf(place);
        expect(leaves.slice(0, before.size)).toEqual(written.leaves.slice(0, before.size));
      }
    }
  });

  it.each(["journal.db-wal", "journal.db"])(
    "in %s is found at the next start, and leaves it as it is",
    async (file) => {
      const random = new Random(2);
      const from = file === "journal.db" ? await writtenBack(written) : lastOf(written).place;
      const codes = new Map<string, number>();
      for (let round = 0; round < 50; round += 1) {
        const place = copyPlace(from, trial);
        const path = join(place.options.folder, file);
        const octets = readFileSync(path);
        const at = random.below(octets.length);
        octets[at] = (octets[at] ?? 0) ^ (1 + random.below(255));
        writeFileSync(path, octets);
        // oxlint-disable-next-line no-await-in-loop -- one trial after the other
        const outcome = await outcomeOf(place);
        codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1);
        // Either the octet meant nothing and all is there, or it is refused and the file is as it was found.
        const whole = outcome.code === "whole";
        expect(whole ? outcome.leaves : written.leaves).toEqual(written.leaves);
        expect(whole || readFileSync(path).equals(octets)).toBe(true);
        expect(outcome.lastGood).toBeLessThan(written.leaves.length);
      }
      expect(codes.get(file === "journal.db" ? "journal-damaged" : "journal-rolled-back") ?? 0).toBeGreaterThan(25);
    },
  );

  it("in an entry's own octets names the entry before it, and the range that is lost", async () => {
    const wholeFile = await writtenBack(written);
    for (const sequence of [0, 1, 7, written.leaves.length - 1]) {
      const place = copyPlace(wholeFile, trial);
      const path = join(place.options.folder, "journal.db");
      const octets = readFileSync(path);
      const at = octets.indexOf(`"text":"text ${sequence} `);
      octets[at + 9] = "T".charCodeAt(0);
      writeFileSync(path, octets);
      // oxlint-disable-next-line no-await-in-loop -- one trial after the other
      await expect(openSqliteJournal(place.options)).rejects.toMatchObject({
        refusal: {
          code: "journal-damaged",
          figures: {
            lastGood: sequence === 0 ? null : sequence - 1,
            lostFrom: sequence,
            lostUntil: written.leaves.length - 1,
          },
        },
      });
    }
  });

  it("that cuts acknowledged octets off is found, wherever the cut falls (N10)", async () => {
    const last = lastOf(written);
    const length = last.lengths.get("journal.db-wal") ?? 0;
    for (const cut of [1, 100, 5000, 20_000, length]) {
      const place = copyPlace(last.place, trial);
      truncateSync(join(place.options.folder, "journal.db-wal"), length - cut);
      // oxlint-disable-next-line no-await-in-loop -- one trial after the other
      const outcome = await outcomeOf(place);
      expect(outcome.code).toMatch(/^journal-(?:rolled-back|damaged)$/);
      expect(outcome.lastGood).toBeLessThan(written.leaves.length - 1);
    }
  });

  it("in an attachment or an opening is found as well", async () => {
    const place = await writtenBack(written);
    const path = join(place.options.folder, "journal.db");
    const octets = readFileSync(path);
    octets[octets.indexOf("an attachment to be found") + 3] = 0x21;
    writeFileSync(path, octets);
    await expect(openSqliteJournal(place.options)).rejects.toMatchObject({
      refusal: { code: "journal-damaged", figures: { lastGood: written.leaves.length - 1 } },
    });
  });

  it("in the newer half of the head file costs nothing; in both it is refused", async () => {
    const place = copyPlace(lastOf(written).place, trial);
    const octets = readFileSync(place.options.headFile);
    const newer = octets.indexOf(`"size":${written.leaves.length}`);
    octets[newer] = 0;
    writeFileSync(place.options.headFile, octets);
    expect(await contentOf(place)).toEqual(written.leaves);
    writeFileSync(place.options.headFile, new Uint8Array(octets.length));
    expect((await outcomeOf(place)).code).toBe("head-file-damaged");
  });
});

describe("a journal that is not the one whose head was kept", () => {
  it("is refused when it was rolled back, with the lost range (N10)", async () => {
    const [early] = written.acknowledged.slice(3);
    const place = copyPlace(early?.place ?? written.live, trial);
    writeFileSync(place.options.headFile, readFileSync(lastOf(written).place.options.headFile));
    await expect(openSqliteJournal(place.options)).rejects.toMatchObject({
      refusal: {
        code: "journal-rolled-back",
        figures: { lastGood: 3, lostFrom: 4, lostUntil: written.leaves.length - 1 },
      },
    });
  });

  it("is refused when a claim was rolled back, even with every entry there (N10)", async () => {
    const early = copyPlace(lastOf(written).place, trial);
    const journal = await openSqliteJournal(written.live.options);
    await journal.owner.claim();
    await journal.close();
    writeFileSync(early.options.headFile, readFileSync(written.live.options.headFile));
    expect((await outcomeOf(early)).code).toBe("journal-rolled-back");
  });

  it("is refused when its file is gone", async () => {
    const place = copyPlace(lastOf(written).place, trial);
    const elsewhere = { ...place.options, folder: join(trial, "empty") };
    await expect(openSqliteJournal(elsewhere)).rejects.toMatchObject({ refusal: { code: "journal-rolled-back" } });
  });

  it("is refused without its head file, or with that of another installation", async () => {
    const place = copyPlace(lastOf(written).place, trial);
    const nowhere = { ...place.options, headFile: join(trial, "no", "such", "head") };
    await expect(openSqliteJournal(nowhere)).rejects.toMatchObject({ refusal: { code: "head-file-missing" } });
    using another = temporaryPlace();
    const journal = await openSqliteJournal(another.options);
    await journal.close();
    const mixed = { ...place.options, headFile: another.options.headFile };
    await expect(openSqliteJournal(mixed)).rejects.toMatchObject({
      refusal: { code: "journal-of-another-installation" },
    });
  });

  it("cannot keep its head inside its own folder", async () => {
    const { folder } = written.live.options;
    const inside = { ...written.live.options, headFile: join(folder, "below", "head") };
    await expect(openSqliteJournal(inside)).rejects.toMatchObject({ refusal: { code: "head-file-inside-folder" } });
  });
});

/** A journal of `appends` appends of 1 to 3 entries, whose files were copied at each acknowledgement. */
async function write(appends: number): Promise<Written> {
  const live = temporaryPlace();
  const copies = `${live.root}/copies`;
  const source = placeIn(join(live.root, "live"));
  const journal = await openSqliteJournal(source.options);
  const { writer } = await journal.owner.claim();
  const attachment = await journal.attachments.put(Buffer.from("an attachment to be found ".repeat(300)));
  const chain = new EntryChain();
  const acknowledged: Acknowledged[] = [];
  for (let index = 0; index < appends; index += 1) {
    const entries = entriesAfter(chain, { epoch: writer.epoch }, `text ${index} ${"x".repeat(700 * index)}`);
    const next = chain.next(entries);
    // oxlint-disable-next-line no-await-in-loop -- the files are noted after each
    const appended = await writer.append({ epoch: writer.epoch, expectedSize: index, entries, openings: [] });
    if (appended.outcome === "durable" && next.outcome === "fit") chain.add(next);
    const place = copyPlace(source, join(copies, String(index)));
    const lengths = new Map(files.map((file) => [file, statSync(join(place.options.folder, file)).size]));
    acknowledged.push({ size: chain.tree.size, lengths, place });
  }
  const leaves = await wholeContent(journal, attachment);
  await journal.close();
  return { live: { ...live, options: source.options }, leaves, attachment, acknowledged };
}

/** The same, closed cleanly, so that all of it is in the one file. */
async function writtenBack({ live, acknowledged }: Written): Promise<Place> {
  const place = copyPlace(acknowledged.at(-1)?.place ?? live, join(live.root, "written-back"));
  await (await openSqliteJournal(place.options)).close();
  return place;
}

function lastOf({ acknowledged, live }: Written): Acknowledged {
  return acknowledged.at(-1) ?? { size: 0, lengths: new Map(), place: live };
}

/** Cuts, garbles, or leaves what the file has beyond `length`. */
function spoilAfter(path: string, length: number, random: Random): void {
  const octets = readFileSync(path);
  const since = octets.length - length;
  if (since <= 0) return;
  const at = length + random.below(since);
  if (random.below(2) === 0) truncateSync(path, at);
  else
    writeFileSync(
      path,
      octets.map((octet, index) => (index >= at ? octet ^ (1 + random.below(255)) : octet)),
    );
}

async function contentOf(place: Place): Promise<readonly Sha256[]> {
  const journal = await openSqliteJournal(place.options);
  try {
    return await wholeContent(journal, written.attachment);
  } finally {
    await journal.close();
  }
}

async function wholeContent(journal: Journal, attachment: Commitment): Promise<readonly Sha256[]> {
  const attached = await journal.attachments.get(attachment);
  if (attached === undefined) throw new Error("the attachment is missing");
  return (await entriesOf(journal)).map((entry) => entry.leaf);
}

interface Outcome {
  readonly code: string;
  readonly leaves: readonly Sha256[];
  readonly lastGood: number;
}

async function outcomeOf(place: Place): Promise<Outcome> {
  const none = { leaves: [], lastGood: -1 };
  try {
    return { ...none, code: "whole", leaves: await contentOf(place) };
  } catch (error) {
    if (!(error instanceof PointsmanError)) throw error;
    const { code, figures } = error.refusal;
    return { ...none, code, lastGood: Number(figures["lastGood"] ?? -1) };
  }
}
