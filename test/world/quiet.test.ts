import { expect, test, vi } from "vitest";
import { hour, minute } from "../../src/values/time.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 300_000 });

test("the quiet installation: 24 hours in which nothing happens append nothing at all", async () => {
  const world = await World.start();
  const before = world.store.entries.length;
  await world.advance(24 * hour);
  expect(world.store.entries).toHaveLength(before);
  expect(world.paths.sent).toEqual([]);
  expect(world.logged).toEqual([]);
});

test("an installation in trouble that it may not mend appends at most one entry a minute", async () => {
  const world = await World.start();
  // Both sites are down, one nameserver is stuck, somebody else's value stands, and a vantage comes and goes.
  world.sites.set("fra", "down");
  world.sites.set("iad", "slow");
  world.dns.nameserver(1).transfers = "stuck";
  world.foreignWrite("v4", world.valuesAt("v4", "iad"));
  await world.advance(10 * minute);
  const before = world.store.entries.length;
  for (let turn = 0; turn < 30; turn += 1) {
    world.vantages.vantage("office").state = turn % 2 === 0 ? "cut-off" : "well";
    // oxlint-disable-next-line no-await-in-loop -- time passes
    await world.advance(2 * minute);
  }
  expect(world.store.entries.length - before).toBeLessThanOrEqual(60);
});

test("a failover that cannot end tells of it twice a minute at most", async () => {
  const world = await World.start();
  world.dns.nameserver(2).transfers = "stuck";
  world.sites.set("fra", "down");
  await world.entry("failover-diverged", 5 * minute);
  const before = world.store.entries.length;
  await world.advance(hour);
  expect(world.state().failover?.status).toBe("changed");
  expect(world.store.entries.length - before).toBeLessThanOrEqual(2 * 60);
});
