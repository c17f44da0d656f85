import { expect, test, vi } from "vitest";
import { crashPoints, type CrashPoint } from "../../src/control/crash-points.ts";
import { minute, second } from "../../src/values/time.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 120_000 });

/** Each point is passed more often than this only by readings, which all are alike. */
const occurrencesMax = 8;

for (const point of crashPoints)
  test(`stopped at ${point}, each time that it is passed: started again, no change is applied twice, nothing is sent again before a read-back, and it ends verified`, async () => {
    let stops = 0;
    for (let occurrence = 1; occurrence <= occurrencesMax; occurrence += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one run after the other
      const stopped = await runStoppedAt(point, occurrence);
      if (!stopped) break;
      stops += 1;
    }
    expect(stops).toBeGreaterThan(0);
  });

/**
 * A failover whose first answer is lost, with a dead nameserver that comes back with the old answer: so every kind of
 * effect has something to do. The process dies at one occurrence of the point; 3 s later another starts on the same journal.
 */
async function runStoppedAt(point: CrashPoint, occurrence: number): Promise<boolean> {
  const world = await World.start({ seed: occurrence });
  const dead = world.dns.nameserver(2);
  dead.answers = "nothing";
  const faults = ["lose-answer"] as const;
  world.paths.faultOf = () => (world.paths.sent.length === 0 ? faults[0] : undefined);
  const crash = { passed: 0, happened: false };
  world.onCrashPoint = (passed) => {
    if (passed !== point || crash.happened) return;
    crash.passed += 1;
    if (crash.passed !== occurrence) return;
    crash.happened = true;
    throw new Error("killed");
  };
  world.sites.set("fra", "down");
  const ended = (): boolean => world.events("failover-ended").length > 0;
  const recovered = (): boolean => world.events("failover-recovered").length > 0;
  await world.clock.until(() => crash.happened || recovered(), 3 * minute);
  if (!crash.happened) {
    dead.transfers = "stuck";
    dead.answers = "all";
    await world.clock.until(() => crash.happened || world.events("exception-found").length > 2, 5 * minute);
    dead.transfers = "work";
    await world.clock.until(() => crash.happened || ended(), 5 * minute);
  }
  if (!crash.happened) return false;
  expect(world.controller.about().halted?.code).toBe("crashed");
  const [sent, entries] = [world.paths.sent.length, world.store.entries.length];
  await world.advance(3 * second);
  // The dead do nothing.
  expect([world.paths.sent.length, world.store.entries.length]).toEqual([sent, entries]);
  dead.answers = "all";
  dead.transfers = "work";
  await world.restart();
  await world.until(ended, 10 * minute);
  expect(world.events("failover-ended")).toMatchObject([{ how: "closed" }]);
  expect(world.ours()).toHaveLength(1);
  for (const record of ["v4", "v6"])
    expect(world.dns.data(world.key(record))).toEqual(Array(3).fill(world.valuesAt(record, "iad")));
  expect(world.auditor.broken).toEqual([]);
  return true;
}
