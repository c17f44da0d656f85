import { expect, test, vi } from "vitest";
import { hour, minute, second } from "../../src/values/time.ts";
import { lastSent, type MessageFault } from "./change-path.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

test("an answer that is lost: unknown, read back, found applied, and nothing is sent again", async () => {
  const world = await World.start();
  faults(world, "lose-answer");
  world.sites.set("fra", "down");
  await world.entry("failover-recovered");
  expect(types(world)).toEqual(["attempt-intended", "attempt-ended", "attempt-read-back"]);
  expect(world.paths.sent).toHaveLength(1);
  expect(world.auditor.broken).toEqual([]);
});

test("a request that is lost: unknown, read back, found before, and sent again with the same prerequisite", async () => {
  const world = await World.start();
  faults(world, "lose-request");
  world.sites.set("fra", "down");
  await world.entry("failover-recovered");
  expect(types(world)).toEqual([
    "attempt-intended",
    "attempt-ended",
    "attempt-read-back",
    "attempt-intended",
    "attempt-ended",
  ]);
  expect(world.paths.sent.map(({ order }) => order.fences[0]?.before)).toEqual([null, null]);
  expect(world.ours()).toEqual(["login-1/primary/example.com/2"]);
  expect(world.auditor.broken).toEqual([]);
});

test("a message held up on its way, that arrives after the failback, is refused by the nameserver itself", async () => {
  const world = await World.start();
  faults(world, "hold");
  world.sites.set("fra", "down");
  await world.entry("failover-ended", 10 * minute);
  world.sites.set("fra", "up");
  const back = await world.entry("failover-proposed", hour);
  await world.ask({ kind: "approve", failover: back.failover, planHash: back.planHash });
  await world.entry("failover-ended", 10 * minute);
  const zone = world.dns.primary().zone;
  world.paths.release();
  const [late] = world.paths.sent;
  expect(late?.arrivals).toEqual(["prerequisite-failed"]);
  expect(world.dns.primary().zone).toBe(zone);
  expect(world.auditor.broken).toEqual([]);
});

test("without the fence the same late message would undo the failback: what the fence is for", async () => {
  const world = await World.start({ fence: "off" });
  faults(world, "hold");
  world.sites.set("fra", "down");
  await world.entry("failover-ended", 10 * minute);
  world.sites.set("fra", "up");
  const back = await world.entry("failover-proposed", hour);
  await world.ask({ kind: "approve", failover: back.failover, planHash: back.planHash });
  await world.entry("failover-ended", 10 * minute);
  world.paths.release();
  expect(world.paths.sent[0]?.arrivals).toEqual(["applied"]);
});

test("a message that arrives twice takes effect once", async () => {
  const world = await World.start();
  world.sites.set("fra", "down");
  await world.entry("failover-recovered");
  world.paths.repeat(lastSent(world.paths));
  expect(lastSent(world.paths).arrivals).toEqual(["applied", "prerequisite-failed"]);
});

test("a nameserver that refuses is tried again later and later, and the failover says so", async () => {
  const world = await World.start();
  world.paths.faultOf = () => "refuse";
  world.sites.set("fra", "down");
  await world.entry("failover-diverged", 5 * minute);
  await world.advance(5 * minute);
  expect(world.paths.sent.length).toBeLessThan(25);
  expect(world.why().failover?.says).toContain("REFUSED");
  world.paths.faultOf = () => undefined;
  await world.entry("failover-recovered", 5 * minute);
  expect(world.auditor.broken).toEqual([]);
});

test("nothing could be changed in the time that the authorisation allows: it ends expired, and nothing is sent later", async () => {
  const world = await World.start();
  world.paths.faultOf = () => "refuse";
  world.sites.set("fra", "down");
  const ended = await world.entry("failover-ended", hour);
  expect(ended.how).toBe("expired");
  const sent = world.paths.sent.length;
  world.paths.faultOf = () => undefined;
  await world.advance(hour);
  expect(world.paths.sent).toHaveLength(sent);
});

test("a primary that is silent: nobody knows what became of the write, so nothing is sent again until it can be read", async () => {
  const world = await World.start();
  const primary = world.dns.primary();
  world.paths.onSend = (order) => {
    world.auditor.onSend(order);
    primary.answers = "nothing";
  };
  world.sites.set("fra", "down");
  await world.entry("attempt-ended");
  await world.advance(5 * minute);
  expect(world.paths.sent).toHaveLength(1);
  world.paths.onSend = (order) => world.auditor.onSend(order);
  primary.answers = "all";
  await world.entry("failover-recovered", 5 * minute);
  expect(world.auditor.broken).toEqual([]);
});

test("all automated paths fail: the manual path is proposed, and its change by hand is found and verified", async () => {
  const world = await World.start({ manual: "manual path too" });
  world.paths.faultOf = () => "refuse";
  world.sites.set("fra", "down");
  await world.until(() => world.events("attempt-intended").some(({ manual }) => manual), 5 * minute);
  const sent = world.paths.sent.length;
  expect(world.why().failover?.commands.join("\n")).toContain("update add login.example.com. 60 A 198.51.100.10");
  world.foreignWrite("v4", world.valuesAt("v4", "iad"));
  world.foreignWrite("v6", world.valuesAt("v6", "iad"));
  await world.entry("failover-recovered", 5 * minute);
  expect(world.paths.sent).toHaveLength(sent);
});

test("two providers, one of them refuses: partly switched is named with the share, and it goes on", async () => {
  const world = await World.start({ providers: { primary: 2, second: 2 } });
  world.paths.faultOf = ({ change }) => (change.provider === "second" ? "refuse" : undefined);
  world.sites.set("fra", "down");
  const diverged = await world.entry("failover-diverged", 5 * minute);
  expect(diverged.says).toContain("1 of 2 providers");
  world.paths.faultOf = () => undefined;
  await world.entry("failover-recovered", 5 * minute);
  expect(world.dns.data(world.key("v4"))).toEqual(Array(4).fill(world.valuesAt("v4", "iad")));
  expect(world.auditor.broken).toEqual([]);
});

test("two providers, at one of them somebody else writes in between: partly switched, and it is not tried without rest", async () => {
  const world = await World.start({ providers: { primary: 2, second: 2 } });
  world.paths.onSend = (order) => {
    world.auditor.onSend(order);
    if (order.change.provider === "primary") world.foreignWrite("v4", world.valuesAt("v4", "iad"));
  };
  world.sites.set("fra", "down");
  await world.entry("failover-diverged", 5 * minute);
  const before = world.events("attempt-intended").length;
  await world.advance(10 * minute);
  const tries = world.events("attempt-intended").length - before;
  expect(tries).toBeGreaterThan(2);
  // The pauses double from half a second to half a minute, and stay there.
  expect(tries).toBeLessThanOrEqual(20 + 6);
  expect(world.auditor.broken).toEqual([]);
});

test("a copied installation that moves first: the other one's write is refused at the nameserver, and it says so", async () => {
  const world = await World.start();
  // The copy wrote, and put the records back: only the fence differs.
  world.dns.change("primary", undefined, ({ rrsets }) => ({
    rrsets,
    fences: new Map([["_pointsman.login.example.com.", "of-the-copy"]]),
  }));
  await world.advance(20 * second);
  world.sites.set("fra", "down");
  await world.entry("failover-ended");
  expect(world.ours()).toEqual([]);
  expect(world.events("failover-ended").at(-1)).toMatchObject({ how: "void" });
});

function faults(world: World, ...list: readonly MessageFault[]): void {
  const queue = [...list];
  world.paths.faultOf = () => queue.shift();
}

function types(world: World): readonly string[] {
  return world.seen.map(({ event }) => event.type).filter((type) => type.startsWith("attempt-"));
}
