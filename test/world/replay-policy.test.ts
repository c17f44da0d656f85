import { expect, test, vi } from "vitest";
import type { PolicyOptions } from "./policy.ts";
import { siteLost, simulatedPolicy } from "./policy.ts";
import { replayPolicy, type ServiceReplay } from "../../src/core/review/replay/replay-policy.ts";
import { decodeEntry } from "../../src/transparency/entry.ts";
import { duration, minute, second } from "../../src/values/time.ts";
import { historyOf } from "../../src/wiring/history.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

test("on the journal of a real failover, the same policy moves at the same second, with what happened beside it", async () => {
  const world = await outage();
  const [time] = replayed(world, {}).bands[0]?.times ?? [];
  const proposed = world.seen.find(({ event }) => event.type === "failover-proposed");
  expect(time?.ruling.outcome).toBe("moves");
  expect(Math.abs((time?.at ?? 0) - (proposed?.at ?? 0))).toBeLessThan(second);
  expect(time?.happened.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["failover-proposed", "failover-changed", "failover-ended"]),
  );
});

test("a proposed policy that is slower moves later, although the service really stood elsewhere by then", async () => {
  const world = await outage();
  const when = { ...siteLost.when, forMs: duration(2 * minute) };
  const [time] = replayed(world, { band: { when } }).bands[0]?.times ?? [];
  expect(time).toMatchObject({ ruling: { outcome: "moves", says: expect.stringContaining("from fra to iad") } });
  expect((time?.at ?? 0) - (time?.from ?? 0)).toBe(2 * minute);
});

test("a proposed policy without the band says what moved all the same", async () => {
  const world = await outage();
  const { bands, others } = replayed(world, { service: { bands: [] } });
  expect(bands).toEqual([]);
  expect(others.map(({ type }) => type)).toContain("failover-proposed");
});

async function outage(): Promise<World> {
  const world = await World.start();
  world.sites.set("fra", "down");
  await world.entry("failover-ended", 10 * minute);
  await world.advance(5 * minute);
  return world;
}

function replayed(world: World, options: PolicyOptions): ServiceReplay {
  const entries = world.store.entries.flatMap((octets) => decodeEntry(octets) ?? []);
  const history = historyOf(entries);
  const from = history.runs[0]?.from;
  if (from === undefined) throw new Error("a controller ran");
  const { policy } = simulatedPolicy({ version: 2, ...options });
  const [service] = replayPolicy(policy, history, { from, to: world.clock.now() }).services;
  if (service === undefined) throw new Error("the policy has a service");
  return service;
}
