import { expect, test, vi } from "vitest";
import { minute } from "../../src/values/time.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

/** The clock was two minutes ahead before the start, so nothing here sees it step; these vantages have right clocks. */
async function twoMinutesAhead(...withRightClocks: readonly string[]): Promise<World> {
  const world = await World.unstarted({ integrity: "watched", zone: { dnssec: "required" } });
  world.clock.stepBy(2 * minute);
  for (const id of withRightClocks) world.vantages.vantage(id).clock = "own";
  await world.startController();
  await world.until(() => world.facts().health.judged && world.facts().zones[0]?.everSecure === true, minute);
  // Everywhere else the signatures hold for two minutes more, and the signer has time to renew them.
  for (const nameserver of world.dns.nameservers) nameserver.signaturesEndAt = world.clock.now();
  await world.advance(1.5 * minute);
  return world;
}

function bells(world: World): readonly string[] {
  return world.fleet.flatMap((event) =>
    event.type === "zone-integrity-changed" ? event.integrity.map(({ code }) => code) : [],
  );
}

const classes = (world: World): readonly string[] =>
  world.controller.zoneReports().flatMap(({ servers }) => servers.map((server) => server.class));

test("a clock two minutes wrong is named by two vantages: no integrity alarm, and automation holds until it is set right", async () => {
  const world = await twoMinutesAhead("cloud1", "cloud2");
  expect(world.facts().clock).toEqual({
    trustworthy: false,
    errorMs: 2 * minute,
    says: "2 of 2 others put this clock off by about 2 min: vantage cloud1, vantage cloud2.",
  });
  expect(classes(world)).toEqual(Array(3).fill("clock-doubtful"));
  expect(bells(world)).toEqual([]);
  world.sites.set("fra", "down");
  const held = await world.entry("initiative-held");
  expect(held.codes).toContain("clock-off");
  expect(held.codes).not.toContain("zone-bogus");
  expect(world.paths.sent).toEqual([]);

  world.clock.stepBy(-2 * minute);
  for (const nameserver of world.dns.nameservers) nameserver.signaturesEndAt = null;
  await world.entry("failover-recovered", 5 * minute);
  expect(world.facts().clock.trustworthy).toBe(true);
  expect(bells(world)).toEqual([]);
});

test("one vantage alone against this clock is not believed: the zone is bogus by the time here, and rings", async () => {
  const world = await twoMinutesAhead("cloud1");
  expect(world.facts().clock.trustworthy).toBe(true);
  expect(classes(world)).toEqual(Array(3).fill("bogus"));
  expect(bells(world)).toEqual(Array(3).fill("bogus"));
});
