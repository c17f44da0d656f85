import { expect, test, vi } from "vitest";
import { day, hour, minute } from "../../src/values/time.ts";
import { fingerprint } from "./signing.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

const login = { type: "service", id: "login", hash: null } as const;
const toIad = { move: { kind: "to", site: "iad" } } as const;

/** How the wall clock steps, from the time that it is. */
const steps: readonly (readonly [string, (now: number) => number])[] = [
  ["an hour ahead", () => hour],
  ["an hour back", () => -hour],
  ["a day ahead", () => day],
  ["a day back", () => -day],
  ["to 1970", (now) => -now],
  ["to 2038", (now) => Date.UTC(2038, 0, 19, 3, 14, 8) - now],
  ["to 2100", (now) => Date.UTC(2100, 0, 1) - now],
];

test.each(steps)("N7: the clock steps %s between two words: nothing expired counts", async (_, by) => {
  const world = await World.signed();
  await world.say("ana", "declare", login, toIad);
  await world.sayOfPlan("fay", "approve", {}, { role: "service-owner" });
  await world.sayOfPlan("gus", "approve", {}, { role: "identity-owner" });
  world.clock.stepBy(by(world.clock.now()));
  const plan = world.plan();
  // The last one goes by the stepped clock too: it is early, late, or the others' words are.
  await world.say("chi", "validate", plan, {});
  await world.advance(minute);
  expect(world.paths.sent).toEqual([]);
  expect(world.auditor.broken).toEqual([]);
});

test.each(steps)("N7: the clock steps %s after a revocation: the key stays revoked", async (_, by) => {
  const world = await World.signed();
  await world.say("chi", "revoke-key", { type: "key", id: fingerprint("chi"), hash: null }, {});
  world.clock.stepBy(by(world.clock.now()));
  const said = await world.say("chi", "stop", login, {});
  expect(said).toMatchObject({ accepted: false, refusal: { code: "key-revoked" } });
});

test.each(steps)("the clock steps %s while the signal is pending: no dwell is shortened", async (_, by) => {
  const world = await World.start();
  world.sites.set("fra", "down");
  await world.until(() => world.state().verdicts.get("fra")?.verdict === "down", minute);
  const down = world.clock.monotonic();
  world.clock.stepBy(by(world.clock.now()));
  await world.until(() => world.events("failover-proposed").length > 0, 2 * minute).catch(() => undefined);
  const heldMs = world.clock.monotonic() - down;
  // The band asks for 20 s of it; longer is no harm.
  expect(heldMs).toBeGreaterThanOrEqual(19_000);
});
