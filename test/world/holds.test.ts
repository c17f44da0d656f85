import { expect, test, vi } from "vitest";
import { day, duration, minute, second } from "../../src/values/time.ts";
import { foreignRRset, World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

test("one vantage cut off: its voice does not count, and nothing moves", async () => {
  const world = await World.start();
  world.vantages.vantage("office").state = "cut-off";
  await world.advance(10 * minute);
  expect(world.facts().health.cutOff).toEqual(["office"]);
  expect(world.state().verdicts.get("fra")?.verdict).toBe("up");
  expect(world.why().initiatives[0]).toMatchObject({ initiative: "site-lost", signal: "clear" });
  expect(world.paths.sent).toEqual([]);
});

test("one vantage alone sees the site down: it is outvoted, and nothing moves", async () => {
  const world = await World.start();
  world.vantages.vantage("office").sees.set("fra", "down");
  await world.advance(10 * minute);
  expect(world.facts().health.sites["fra"]).toMatchObject({ verdict: "up", domains: { up: 2, down: 1 } });
  expect(world.paths.sent).toEqual([]);
});

test("two of three vantages cut off while the site is down: unknown, which is never down", async () => {
  const world = await World.start();
  world.vantages.vantage("office").state = "cut-off";
  world.vantages.vantage("cloud1").state = "cut-off";
  world.sites.set("fra", "down");
  await world.advance(10 * minute);
  const [changed] = world
    .events("verdict-changed")
    .filter(({ site }) => site === "fra")
    .slice(-1);
  expect(changed).toMatchObject({ to: "unknown", health: { verdict: "unknown", domains: { silent: 2 } } });
  expect(world.why().initiatives[0]).toMatchObject({ signal: "unknown" });
  expect(world.paths.sent).toEqual([]);
});

test("observations stale: unknown with that reason in the journal, and nothing moves", async () => {
  const world = await World.start();
  for (const vantage of world.vantages.all) vantage.state = "silent";
  world.sites.set("fra", "down");
  await world.advance(10 * minute);
  const changed = world.events("verdict-changed").findLast(({ site }) => site === "fra");
  expect(changed).toMatchObject({ to: "unknown", health: { reason: "stale" } });
  expect(world.why().initiatives[0]).toMatchObject({ signal: "unknown" });
  expect(world.paths.sent).toEqual([]);
});

test("a site that alternates, 20 s up and 20 s down, for 10 minutes: one move at most, then flapping, and automation stays suspended", async () => {
  const world = await World.start();
  for (let half = 0; half < 30; half += 1) {
    world.sites.set("fra", half % 2 === 0 ? "down" : "up");
    // oxlint-disable-next-line no-await-in-loop -- time passes
    await world.advance(20 * second);
  }
  expect(world.ours().length).toBeLessThanOrEqual(1);
  expect(world.events("automation-suspended")).toMatchObject([{ reason: "flapping" }]);
  world.sites.set("fra", "down");
  await world.advance(30 * minute);
  expect(world.ours().length).toBeLessThanOrEqual(1);
  expect(world.holds()).toContain("suspended");
  expect(world.why().holds).toMatchObject([{ code: "suspended", command: "pointsman resume login" }]);
  await world.ask({ kind: "resume" });
  await world.entry("failover-recovered");
  expect(world.placement()).toEqual(["iad"]);
});

test("both sites down: automation holds and says so, and changes nothing", async () => {
  const world = await World.start();
  world.sites.set("fra", "down");
  world.sites.set("iad", "down");
  const held = await world.entry("initiative-held");
  expect(held.codes).toEqual(expect.arrayContaining(["common-cause", "target-not-ready"]));
  await world.advance(10 * minute);
  expect(world.holds()).toEqual(expect.arrayContaining(["common-cause", "target-not-ready"]));
  expect(world.events("initiative-held")).toHaveLength(1);
  expect(world.paths.sent).toEqual([]);
});

test("somebody else changed the RRset after the plan: the plan is void, nothing is sent, and the new RRset is untouched", async () => {
  const world = await World.start({ band: { authority: "approve" } });
  world.sites.set("fra", "down");
  const { failover, planHash } = await world.entry("failover-proposed");
  world.foreignWrite("v4", foreignRRset);
  await world.advance(10 * second);
  await world.ask({ kind: "approve", failover, planHash });
  await world.advance(5 * minute);
  expect(world.paths.sent).toEqual([]);
  expect(world.dns.primary().zone.rrsets.get(world.key("v4"))).toEqual(foreignRRset);
  expect(world.state().drift.get("v4")).toMatchObject({ kind: "foreign" });
  expect(world.holds()).toContain("drift-foreign");
});

test("somebody else changes the RRset between the intent and the message: the nameserver refuses it, and the plan is void", async () => {
  const world = await World.start();
  world.paths.onSend = (order) => {
    world.auditor.onSend(order);
    world.foreignWrite("v4", foreignRRset);
  };
  world.sites.set("fra", "down");
  const ended = await world.entry("failover-ended");
  expect(ended).toMatchObject({ how: "void" });
  expect(world.paths.sent.map(({ arrivals }) => arrivals)).toEqual([["prerequisite-failed"]]);
  await world.advance(10 * minute);
  expect(world.paths.sent).toHaveLength(1);
  expect(world.dns.primary().zone.rrsets.get(world.key("v4"))).toEqual(foreignRRset);
  expect(world.holds()).toContain("drift-foreign");
  expect(world.auditor.broken).toEqual([]);
});

test("the old value is put back 1 s after switched, then every 30 s: named reverted, no write loop, and a person's move succeeds", async () => {
  const world = await World.start();
  const home = world.valuesAt("v4", "fra");
  world.sites.set("fra", "down");
  await world.entry("failover-switched");
  await world.advance(second);
  world.foreignWrite("v4", home);
  let putBack = true;
  for (let round = 0; round < 20; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- time passes
    await world.advance(30 * second);
    if (putBack) world.foreignWrite("v4", home);
  }
  putBack = false;
  expect(world.ours()).toHaveLength(1);
  expect(world.events("drift-found").map(({ kind }) => kind)).toEqual(["reverted"]);
  expect(world.state().drift.get("v4")).toMatchObject({ kind: "reverted" });
  expect(world.holds()).toContain("drift-reverted");
  const moved = await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
  expect(moved).toMatchObject({ accepted: true });
  const proposed = world.events("failover-proposed").at(-1);
  await world.ask({ kind: "approve", failover: proposed?.failover ?? "", planHash: proposed?.planHash ?? "" });
  await world.entry("failover-recovered");
  expect(world.dns.data(world.key("v4"))).toEqual(Array(3).fill(world.valuesAt("v4", "iad")));
  expect(world.auditor.broken).toEqual([]);
});

test("one of three nameservers serves an old answer: never recovered, and the straggler is named", async () => {
  const world = await World.start();
  const straggler = world.dns.nameserver(2);
  straggler.transfers = "stuck";
  world.sites.set("fra", "down");
  const diverged = await world.entry("failover-diverged", 5 * minute);
  expect(diverged.says).toContain(straggler.address);
  await world.advance(20 * minute);
  expect(world.events("failover-recovered")).toEqual([]);
  expect(world.state().failover).toMatchObject({ status: "changed", verification: { silent: [] } });
  expect(world.why().failover?.says).toContain(straggler.address);
  straggler.transfers = "work";
  await world.entry("failover-recovered", 10 * minute);
  expect(world.auditor.broken).toEqual([]);
});

test("one of three nameservers is dead: recovered with exceptions; it comes back with the old answer: diverged, told, mended", async () => {
  const world = await World.start();
  const dead = world.dns.nameserver(2);
  dead.answers = "nothing";
  world.sites.set("fra", "down");
  const recovered = await world.entry("failover-recovered");
  expect(recovered.exceptions).toMatchObject([{ address: dead.address, kind: "silent" }]);
  await world.advance(10 * second);
  dead.transfers = "stuck";
  dead.answers = "all";
  const found = await world.entry("exception-found");
  expect(found).toMatchObject({ address: dead.address, answer: "old" });
  expect(world.state().owed).toMatchObject([{ address: dead.address, state: "diverged" }]);
  await world.advance(minute);
  const told = world.controller.stats().effectsStarted["notify"] ?? 0;
  expect(told).toBeGreaterThan(0);
  expect(told, "once a try").toBeLessThanOrEqual(world.events("exception-found").length + 1);
  expect(world.why().failover?.says).toContain(`Diverged: Other data again at ${dead.name} (${dead.address})`);
  dead.transfers = "work";
  await world.until(() => world.state().owed.length === 0, 5 * minute);
  expect(world.events("exception-found").at(-1)).toMatchObject({ answer: "verified" });
  await world.until(() => world.state().failover === null, 10 * minute);
  expect(world.events("failover-ended")).toMatchObject([{ how: "closed" }]);
  expect(world.auditor.broken).toEqual([]);
});

test("a nameserver that was dead until after the close is verified when it comes back, and its old answer is named", async () => {
  const world = await World.start();
  const dead = world.dns.nameserver(2);
  dead.answers = "nothing";
  world.sites.set("fra", "down");
  await world.entry("failover-ended", 10 * minute);
  dead.transfers = "stuck";
  dead.answers = "all";
  await world.entry("exception-found");
  expect(world.holds()).toContain("nameserver-diverged");
  dead.transfers = "work";
  await world.until(() => world.state().owed.length === 0, 5 * minute);
  expect(world.dns.data(world.key("v4"))).toEqual(Array(3).fill(world.valuesAt("v4", "iad")));
});

test("the budget is spent: automation holds, is suspended, and stays so until somebody resumes it", async () => {
  const world = await World.start({ band: { budget: { moves: 1, perMs: duration(day) } } });
  world.sites.set("fra", "down");
  await world.entry("failover-ended", 10 * minute);
  world.sites.set("fra", "up");
  const back = await world.entry("failover-proposed", 30 * minute);
  await world.ask({ kind: "approve", failover: back.failover, planHash: back.planHash });
  await world.entry("failover-ended", 10 * minute);
  world.sites.set("fra", "down");
  const held = await world.entry("initiative-held", 10 * minute);
  expect(held.codes).toContain("budget-spent");
  expect(world.events("automation-suspended")).toMatchObject([{ reason: "budget-spent" }]);
  await world.advance(30 * minute);
  expect(world.placement()).toEqual(["fra"]);
  expect(world.holds()).toContain("suspended");
  await world.ask({ kind: "resume" });
  await world.entry("failover-recovered", 10 * minute);
  expect(world.placement()).toEqual(["iad"]);
});
