import { expect, test, vi } from "vitest";
import { minute } from "../../src/values/time.ts";
import { simulateOne } from "./simulate.ts";
import { decodeEntry } from "../../src/transparency/entry.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

test("one seed is one run: the same entries, octet for octet", async () => {
  const [first, again, other] = [await entriesOf(7), await entriesOf(7), await entriesOf(8)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test("a random schedule of one seed is the same each time", async () => {
  expect(await simulateOne(4)).toEqual(await simulateOne(4));
});

test("the auditor sees a message that has no intent", async () => {
  const world = await World.start();
  world.sites.set("fra", "down");
  await world.entry("failover-recovered");
  const [sent] = world.paths.sent;
  if (sent === undefined) throw new Error("nothing was sent");
  world.auditor.onSend({ ...sent.order, attempt: "login-1/primary/example.com/9" });
  expect(world.auditor.broken.join()).toContain("N1");
});

test("on a full disk the room that is left is for decisions: what they were judged on is not attached any more", async () => {
  const world = await World.start();
  const attached = (): number =>
    world.store.entries
      .flatMap((octets) => decodeEntry(octets)?.attachments ?? [])
      .filter((one) => one.class === "observations").length;
  expect(attached()).toBeGreaterThan(0);
  const before = attached();
  world.store.reserve = "released";
  world.sites.set("fra", "down");
  await world.entry("failover-recovered");
  expect(attached()).toBe(before);
});

async function entriesOf(seed: number): Promise<readonly string[]> {
  const world = await World.start({ seed });
  world.sites.set("fra", "down");
  await world.advance(5 * minute);
  return world.store.entries.map((octets) => octets.toHex());
}
