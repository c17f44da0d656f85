import { expect, test, vi } from "vitest";
import { hour, minute, second } from "../../src/values/time.ts";
import { simulatedPolicy } from "./policy.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

test("1 000 ticks under a veto with the signal on: that move is not proposed again, and the veto's end lets it go", async () => {
  const world = await World.start({ band: { authority: "approve" } });
  world.sites.set("fra", "down");
  const { failover } = await world.entry("failover-proposed");
  const vetoed = await world.ask({ kind: "veto", failover });
  expect(vetoed.accepted).toBe(true);
  for (let tick = 0; tick < 1000; tick += 1) {
    // oxlint-disable-next-line no-await-in-loop -- time passes
    await world.advance(3 * second);
  }
  expect(world.events("failover-proposed")).toHaveLength(1);
  expect(world.events("initiative-held")).toMatchObject([{ codes: ["vetoed"] }]);
  expect(world.holds()).toContain("vetoed");
  expect(world.seen.length).toBeLessThan(30);
  await world.entry("failover-proposed", 15 * minute);
});

test("a veto comes too late once the change is intended, and says what undoes it", async () => {
  const world = await World.start();
  world.sites.set("fra", "down");
  await world.entry("attempt-intended");
  const vetoed = await world.ask({ kind: "veto", failover: "login-1" });
  expect(vetoed).toMatchObject({
    accepted: false,
    refusal: { code: "too-late", mend: "Undo it: pointsman rollback login" },
  });
});

test("stop holds everything at once and survives a restart; resume lets it go on", async () => {
  const world = await World.start();
  await world.ask({ kind: "stop" });
  world.sites.set("fra", "down");
  await world.advance(5 * minute);
  expect(world.paths.sent).toEqual([]);
  expect(world.holds()).toContain("stopped");
  await world.restart();
  await world.advance(5 * minute);
  expect(world.paths.sent).toEqual([]);
  await world.ask({ kind: "resume" });
  await world.entry("failover-recovered", 5 * minute);
  expect(world.auditor.broken).toEqual([]);
});

test("a band that needs approval waits for it, and expires when nobody gives it", async () => {
  const world = await World.start({ band: { authority: "approve" } });
  world.sites.set("fra", "down");
  await world.entry("failover-proposed");
  const ended = await world.entry("failover-ended", hour);
  expect(ended.how).toBe("expired");
  expect(world.paths.sent).toEqual([]);
  await world.advance(hour);
  // It asks again only when its signal has cleared.
  expect(world.events("failover-proposed")).toHaveLength(1);
});

test("a proposal whose signal clears while it waits for approval is withdrawn", async () => {
  const world = await World.start({ band: { authority: "approve" } });
  world.sites.set("fra", "down");
  await world.entry("failover-proposed");
  world.sites.set("fra", "up");
  const ended = await world.entry("failover-ended");
  expect(ended.how).toBe("withdrawn");
  world.sites.set("fra", "down");
  await world.entry("failover-proposed");
});

test("a person moves by name, to a site that is proven ready, and to no other", async () => {
  const world = await World.start();
  world.sites.set("iad", "down");
  await world.advance(minute);
  const refused = await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
  const manual: unknown = expect.arrayContaining(["send"]);
  expect(refused).toMatchObject({ accepted: false, refusal: { code: "target-not-ready", figures: { manual } } });
  world.sites.set("iad", "up");
  await world.advance(minute);
  await move(world, "iad");
  await world.entry("failover-recovered");
  expect(world.placement()).toEqual(["iad"]);
  expect(world.auditor.broken).toEqual([]);
});

test("a person's rollback undoes the last move", async () => {
  const world = await World.start();
  await move(world, "iad");
  await world.entry("failover-ended", 10 * minute);
  const asked = await world.ask({ kind: "rollback" });
  expect(asked.accepted).toBe(true);
  const proposed = world.events("failover-proposed").at(-1);
  expect(proposed?.plan).toMatchObject({ purpose: "rollback", of: "login-1" });
  await world.ask({ kind: "approve", failover: "login-2", planHash: proposed?.planHash ?? "" });
  await world.entry("failover-recovered");
  expect(world.placement()).toEqual(["fra"]);
});

test("a policy that lost the service, as when its inventory cannot be read, deletes nothing", async () => {
  const world = await World.start();
  const before = world.dns.primary().zone;
  await world.controller.stop();
  world.file = simulatedPolicy({ version: 2, services: ["other"] });
  await world.startController();
  world.sites.set("fra", "down");
  await world.advance(30 * minute);
  expect(world.dns.primary().zone.rrsets).toEqual(before.rrsets);
  expect(world.paths.sent).toEqual([]);
  expect(world.controller.explain("login")?.says ?? "unknown").not.toContain("moved");
});

test("a policy whose version does not grow is refused, and nothing is changed", async () => {
  const world = await World.start({ version: 2 });
  await world.controller.stop();
  world.file = simulatedPolicy({ version: 1, services: ["other"] });
  await expect(world.startController()).rejects.toThrow(/version/);
  expect(world.paths.sent).toEqual([]);
});

test("adopt makes what stands the baseline, whoever put it there, and the drift is over", async () => {
  const world = await World.start();
  world.foreignWrite("v4", world.valuesAt("v4", "iad"));
  await world.entry("drift-found");
  const adopted = await world.ask({ kind: "adopt", record: "v4" });
  expect(adopted.accepted).toBe(true);
  expect(world.state().drift.size).toBe(0);
  await world.advance(5 * minute);
  expect(world.events("drift-found")).toHaveLength(1);
  expect(world.paths.sent).toEqual([]);
});

test("observe mode: it says what it would have done and how long it would have taken, and nothing is sent", async () => {
  const world = await World.start({ mode: "observe" });
  world.sites.set("fra", "down");
  const ended = await world.entry("failover-ended");
  expect(ended).toMatchObject({ how: "observed" });
  expect(ended.wouldHave?.tailMs).toBe(minute);
  await world.advance(hour);
  expect(world.events("failover-proposed")).toHaveLength(1);
  expect(world.paths.sent).toEqual([]);
  expect(world.placement()).toEqual(["fra"]);
});

async function move(world: World, site: string): Promise<void> {
  const declared = await world.ask({ kind: "declare", move: { kind: "to", site } });
  expect(declared).toMatchObject({ accepted: true });
  const proposed = world.events("failover-proposed").at(-1);
  const approved = await world.ask({
    kind: "approve",
    failover: proposed?.failover ?? "",
    planHash: proposed?.planHash ?? "",
  });
  expect(approved).toMatchObject({ accepted: true });
}
