import { describe, expect, it } from "vitest";
import { entriesAfter } from "../../../test/journal/entries.ts";
import { journalContract } from "../../ports/journal.contract.ts";
import type { Entropy } from "../../ports/clock.ts";
import type { Appended, Batch } from "../../ports/journal.ts";
import { EntryChain } from "../../transparency/chain.ts";
import { openMemoryJournal, type MemoryFault } from "./journal.ts";
import { MemoryStore } from "./store.ts";

let drawn = 0;
const entropy: Entropy = {
  octets: (length) => {
    drawn += 1;
    return new Uint8Array(length).fill(drawn % 256);
  },
};

journalContract("memory", () => {
  const store = new MemoryStore();
  return Promise.resolve({
    open: () => Promise.resolve(openMemoryJournal({ store, entropy })),
    dispose: () => Promise.resolve(),
  });
});

describe("the journal in memory, for the simulator", () => {
  const cases: readonly (readonly [MemoryFault, Partial<Appended> | "nothing", number])[] = [
    ["crash-before", "nothing", 0],
    ["crash-after", "nothing", 1],
    ["unknown-before", { outcome: "unknown", code: "unknown-before" }, 0],
    ["unknown-after", { outcome: "unknown", code: "unknown-after" }, 1],
    ["full", { outcome: "refused", code: "full" }, 0],
  ];

  it.each(cases)("fails by %s, and the same batch again is durable once", async (fault, answer, size) => {
    const store = new MemoryStore();
    const chain = new EntryChain();
    const faults: (MemoryFault | undefined)[] = [fault];
    const faulty = openMemoryJournal({ store, entropy, faultOf: () => faults.shift() });
    const { writer } = await faulty.owner.claim();
    const batch: Batch = {
      epoch: writer.epoch,
      expectedSize: 0,
      entries: entriesAfter(chain, { epoch: writer.epoch }, "a"),
      openings: [],
    };
    const settled = await Promise.race([writer.append(batch), macrotask()]);
    expect(settled).toEqual(answer);
    expect(store.entries).toHaveLength(size);
    const later = openMemoryJournal({ store, entropy });
    const claimed = await later.owner.claim();
    const again = { ...batch, epoch: claimed.writer.epoch };
    const resent = size === 1 ? again : { ...again, entries: entriesAfter(chain, { epoch: again.epoch }, "a") };
    expect(await claimed.writer.append(resent)).toMatchObject({ outcome: "durable", head: { size: 1 } });
  });
});

/** Later than every promise that is already due. */
function macrotask(): Promise<"nothing"> {
  return new Promise((resolve) => {
    setImmediate(() => resolve("nothing"));
  });
}
