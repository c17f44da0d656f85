import { expect, test, vi } from "vitest";
import { add, day, duration, hour, minute } from "../../src/values/time.ts";
import { atFullLength } from "../long-suite.ts";
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

/** The entries between which a failover's steps lie: from the verdict that leads to it, to its end. */
const stages = [
  "verdict-changed",
  "failover-proposed",
  "failover-authorised",
  "attempt-intended",
  "failover-changed",
  "failover-switched",
  "failover-recovered",
  "failover-settled",
] as const;
/** All of them in `npm run test:long`. */
const everywhere = stages.flatMap((stage) =>
  steps
    .filter(([name]) => atFullLength || name === "an hour back" || name === "a day ahead")
    .map(([name, by]) => [stage, name, by] as const),
);

/** The clock steps as soon as an entry of this type is durable, the first time. */
function stepAt(world: World, type: string, by: (now: number) => number): void {
  const { store, clock } = world;
  const before = store.onEntry;
  store.onEntry = (entry) => {
    before(entry);
    if (entry.type !== type) return;
    store.onEntry = before;
    clock.stepBy(by(clock.now()));
  };
}

/** Failovers that a band began by itself. */
function byBand(world: World): number {
  const begun = world.events("attempt-intended").filter(({ authority }) => authority.kind === "band");
  return new Set(begun.map(({ failover }) => failover)).size;
}

/** The site comes back, people go home, and it is down again. */
async function homeAndDown(world: World): Promise<void> {
  await world.advance(3 * minute);
  world.sites.set("fra", "up");
  await world.advance(2 * minute);
  await world.ask({ kind: "declare", move: { kind: "to", site: "fra" } });
  const open = world.state().failover;
  if (open !== null) await world.ask({ kind: "approve", failover: open.id, planHash: open.planHash });
  await world.advance(5 * minute);
  world.sites.set("fra", "down");
  await world.advance(10 * minute);
}

test.each(everywhere)("after %s the clock steps %s: no budget is regained", async (stage, name, by) => {
  const world = await World.start({ band: { budget: { moves: 1, perMs: duration(day) } } });
  stepAt(world, stage, by);
  world.sites.set("fra", "down");
  await world.advance(3 * minute);
  // Where the journal's time stands nothing is read anew, and nothing moves; else it is the budget that holds.
  const again = name === "a day ahead" || name === "to 2038";
  if (again) await homeAndDown(world);
  expect(byBand(world)).toBeLessThanOrEqual(1);
  expect(world.fleet.filter(({ type }) => type === "clock-stepped")).toHaveLength(1);
  expect(world.auditor.broken).toEqual([]);
  if (!again) return;
  expect(byBand(world)).toBe(1);
  expect(world.events("automation-suspended")).toMatchObject([{ reason: "budget-spent" }]);
});

test.each(everywhere.filter(([stage, name]) => stage === "failover-settled" && name === "a day ahead"))(
  "after %s the clock steps %s: the hold-down is no shorter",
  async (stage, _, by) => {
    const world = await World.start({ band: { budget: null }, service: { holdDownMs: duration(hour) } });
    stepAt(world, stage, by);
    world.sites.set("fra", "down");
    await homeAndDown(world);
    expect(byBand(world)).toBeLessThanOrEqual(1);
    expect(world.auditor.broken).toEqual([]);
    if (by(world.clock.now()) <= 0) return;
    expect(world.holds()).toContain("hold-down");
    await world.until(() => byBand(world) === 2, 2 * hour);
  },
);

test.each(steps)("the clock steps %s: a veto ends no sooner", async (_, by) => {
  const world = await World.start({ band: { authority: "approve" } });
  world.sites.set("fra", "down");
  const { failover } = await world.entry("failover-proposed");
  await world.ask({ kind: "veto", failover });
  world.clock.stepBy(by(world.clock.now()));
  await world.advance(20 * minute);
  expect(world.events("failover-proposed")).toHaveLength(1);
});

test.each(steps)("the clock steps %s: what was signed for ten minutes counts no longer than that", async (_, by) => {
  const world = await World.signed();
  await world.say("ana", "declare", login, toIad);
  const plan = world.plan();
  const kept = world.statement(
    { person: "chi", kind: "validate", subject: plan, terms: {} },
    { validForMs: 10 * minute },
  );
  world.clock.stepBy(by(world.clock.now()));
  await world.advance(11 * minute);
  const { accepted } = await world.submit(kept);
  expect(accepted).toBe(false);
  expect(world.state().failover?.words.map(({ duty }) => duty) ?? []).not.toContain("validate");
});

test("after an entry made in 2100 real statements are refused, with what is wrong and how to mend it", async () => {
  const world = await World.signed();
  const right = world.clock.now();
  world.clock.stepBy(Date.UTC(2100, 0, 1) - right);
  await world.advance(minute);
  world.clock.stepBy(add(right, 2 * minute) - world.clock.now());
  const said = await world.say("ana", "declare", login, toIad);
  expect(said).toMatchObject({ accepted: false, refusal: { code: "journal-ahead" } });
  if (said.accepted) return;
  expect(said.refusal.says).toContain("2100-01-01");
  expect(said.refusal.mend).toContain("backup");
});
