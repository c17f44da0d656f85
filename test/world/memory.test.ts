import { describe, expect, test, vi } from "vitest";
import { hour, minute } from "../../src/values/time.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

const watched = { integrity: "watched", zone: { dnssec: "required" } } as const;

/** Codes of integrity that rang last. */
function rings(world: World): readonly string[] {
  const last = world.fleet.findLast((event) => event.type === "zone-integrity-changed");
  return last?.integrity.map(({ code }) => code) ?? [];
}

/** What the log says, but for the process that is gone and finds that another took over. */
function told(world: World): readonly string[] {
  return world.logged.flatMap((line) => (line.startsWith("controller-halted") ? [] : (line.split(" ")[0] ?? [])));
}

/** The zone grew to serial 5 half an hour ago, and the controller saw it. */
async function grown(): Promise<World> {
  const world = await World.start(watched);
  for (const nameserver of world.dns.nameservers) nameserver.zone = { ...nameserver.zone, serial: 5 };
  await world.advance(30 * minute);
  return world;
}

/** The third nameserver has an old zone again, of which every signature is valid still. */
function playBack(world: World): void {
  const nameserver = world.dns.nameserver(2);
  nameserver.zone = { ...nameserver.zone, serial: 1 };
  nameserver.transfers = "stuck";
}

describe("what a controller knew of zones before a restart", () => {
  test("finds an old zone, valid still, that is played back while it is away", async () => {
    const world = await grown();
    playBack(world);
    await world.restart();
    await world.advance(2 * minute);
    expect(rings(world)).toEqual(["replayed"]);
  });

  test("is gone when its file is damaged: that is told, and the controller goes on as a new one", async () => {
    const world = await grown();
    world.memoryFile.text = world.memoryFile.text?.replace('"serialMark"', '"serialmark"') ?? null;
    playBack(world);
    await world.restart();
    await world.advance(2 * minute);
    expect(rings(world)).toEqual([]);
    expect(world.controller.about()).toMatchObject({ integrityMemory: { code: "integrity-memory-damaged" } });
    expect(told(world)).toEqual(["integrity-memory-damaged"]);
  });

  test("is another's when the installation is: nothing of it is believed", async () => {
    const [world, other] = await Promise.all([grown(), World.start({ ...watched, seed: 2 })]);
    other.memoryFile.text = world.memoryFile.text;
    await other.restart();
    await other.advance(2 * minute);
    expect(rings(other)).toEqual([]);
    expect(told(other)).toEqual(["integrity-memory-of-another"]);
  });

  test("is no answer of a nameserver: what a decision rests on is asked anew", async () => {
    const world = await grown();
    world.monitor = "hangs";
    await world.restart();
    await world.advance(minute);
    expect(world.facts().zones).toEqual([]);
  });
});

test("what is remembered is written once a minute at most, in no entry, and its loss is told once", async () => {
  const world = await World.start(watched);
  const [entries, writes] = [world.store.entries.length, world.memoryFile.writes];
  await world.advance(hour);
  expect(world.memoryFile.writes - writes).toBeLessThanOrEqual(60);
  expect(world.memoryFile.writes - writes).toBeGreaterThan(50);
  world.memoryFile.isFull = true;
  await world.advance(10 * minute);
  expect(world.controller.about().integrityMemory).toMatchObject({ code: "disk-full" });
  expect(told(world)).toEqual(["disk-full"]);
  world.memoryFile.isFull = false;
  await world.advance(2 * minute);
  expect(world.controller.about().integrityMemory).toBeNull();
  const before = world.memoryFile.text;
  world.survey();
  await world.controller.stop();
  expect(world.memoryFile.text).not.toBe(before);
  // Its own stop is the only entry.
  expect(world.store.entries.length - entries).toBeLessThanOrEqual(1);
});
