import { expect, test, vi } from "vitest";
import { hour, minute, second } from "../../src/values/time.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

test("a dead home site: its records move to the other site, are verified, and the failover closes", async () => {
  const world = await World.start();
  world.sites.set("fra", "down");
  const recovered = await world.entry("failover-recovered");
  expect(recovered.exceptions).toEqual([]);
  expect(world.placement()).toEqual(["iad"]);
  for (const record of ["v4", "v6"])
    expect(world.dns.data(world.key(record))).toEqual(Array(3).fill(world.valuesAt(record, "iad")));
  const ended = await world.entry("failover-ended", 10 * minute);
  expect(ended.how).toBe("closed");
  expect(world.ours()).toEqual(["login-1/primary/example.com/1"]);
  expect(world.auditor.broken).toEqual([]);
});

test("recovery comes within the objective: detection, the band's time, and a second for the rest", async () => {
  const world = await World.start();
  const begin = world.clock.now();
  world.sites.set("fra", "down");
  const recovered = await world.entry("failover-recovered");
  // Three failures 5 s apart, then the band's 20 s.
  expect(world.clock.now() - begin).toBeLessThan(15 * second + 20 * second + 2 * second);
  expect(recovered.objectiveMet).toBe(true);
});

test("moving to a site without IPv6 takes the AAAA out, as the plan states, and brings it back on the way home", async () => {
  const world = await World.start({ sites: fraAndV4OnlyIad });
  world.sites.set("fra", "down");
  await world.entry("failover-recovered");
  expect(world.dns.primary().zone.rrsets.get(world.key("v6"))).toBeUndefined();
  expect(world.dns.primary().zone.rrsets.get(world.key("v4"))).toEqual(world.valuesAt("v4", "iad"));
  await world.entry("failover-ended", 10 * minute);
  world.sites.set("fra", "up");
  const proposed = await world.entry("failover-proposed", hour);
  expect(proposed.plan.purpose).toBe("failback");
  await world.ask({ kind: "approve", failover: proposed.failover, planHash: proposed.planHash });
  await world.entry("failover-recovered");
  expect(world.placement()).toEqual(["fra"]);
  expect(world.dns.data(world.key("v6"))).toEqual(Array(3).fill(world.valuesAt("v6", "fra")));
  expect(world.auditor.broken).toEqual([]);
});

test("the failback waits until home was stable, and for somebody's yes", async () => {
  const world = await World.start();
  world.sites.set("fra", "down");
  await world.entry("failover-ended", 10 * minute);
  const back = world.clock.now();
  world.sites.set("fra", "up");
  const proposed = await world.entry("failover-proposed", hour);
  expect(world.clock.now() - back).toBeGreaterThanOrEqual(15 * minute);
  expect(proposed.needs).toBe("reverse");
  await world.advance(5 * minute);
  expect(world.placement()).toEqual(["iad"]);
  expect(world.why().failover?.commands).toContain(`pointsman approve ${proposed.failover}`);
  const approved = await world.ask({ kind: "approve", failover: proposed.failover, planHash: proposed.planHash });
  expect(approved.accepted).toBe(true);
  await world.entry("failover-ended", 10 * minute);
  expect(world.placement()).toEqual(["fra"]);
  expect(world.auditor.broken).toEqual([]);
});

test("a way home that is due is planned on fresh readings at once, not when the records are next read by themselves", async () => {
  const world = await World.start();
  world.sites.set("fra", "down");
  await world.entry("failover-ended", 10 * minute);
  world.sites.set("fra", "up");
  await world.entry("verdict-changed", minute);
  const up = world.clock.now();
  await world.entry("failover-proposed", hour);
  expect(world.clock.now() - up - 15 * minute).toBeLessThanOrEqual(second);
  expect(world.auditor.broken).toEqual([]);
});

test("two providers: both are changed, each by a message of its own", async () => {
  const world = await World.start({ providers: { primary: 2, second: 2 } });
  world.sites.set("fra", "down");
  await world.entry("failover-recovered");
  expect(world.ours().toSorted()).toEqual(["login-1/primary/example.com/1", "login-1/second/example.com/1"]);
  expect(world.dns.data(world.key("v4"))).toEqual(Array(4).fill(world.valuesAt("v4", "iad")));
  expect(world.auditor.broken).toEqual([]);
});

test("active at both sites: a dead one is drained, and the last one never", async () => {
  const world = await World.start({ home: ["fra", "iad"], band: { move: { kind: "drain", site: "fra" } } });
  expect(world.placement()).toEqual(["fra", "iad"]);
  world.sites.set("fra", "down");
  await world.entry("failover-ended", 10 * minute);
  expect(world.placement()).toEqual(["iad"]);
  expect(world.dns.primary().zone.rrsets.get(world.key("v4"))).toEqual(world.valuesAt("v4", "iad"));
  const drained = await world.ask({ kind: "declare", move: { kind: "drain", site: "iad" } });
  expect(drained).toMatchObject({ accepted: false, refusal: { code: "minimum-active" } });
  expect(world.auditor.broken).toEqual([]);
});

test("rollback: the target proves worse and home is up, so the move is undone by the criteria of its plan", async () => {
  const world = await World.start();
  world.sites.set("fra", "down");
  await world.entry("failover-recovered");
  world.sites.set("fra", "up");
  await world.advance(minute);
  world.sites.set("iad", "down");
  const proposed = await world.entry("failover-proposed");
  expect(proposed.plan).toMatchObject({ purpose: "rollback", of: "login-1" });
  await world.entry("failover-recovered");
  expect(world.placement()).toEqual(["fra"]);
  const intended = world.events("attempt-intended").at(-1);
  expect(intended?.authority.kind).toBe("rollback-criteria");
  expect(world.auditor.broken).toEqual([]);
});

test("no rollback to a home that is down: automation holds, and says that home is not ready", async () => {
  const world = await World.start();
  world.sites.set("fra", "down");
  await world.entry("failover-recovered");
  world.sites.set("iad", "down");
  const held = await world.entry("initiative-held");
  expect(held).toMatchObject({ initiative: "rollback" });
  expect(held.codes).toContain("target-not-ready");
  await world.advance(10 * minute);
  expect(world.placement()).toEqual(["iad"]);
  expect(world.ours()).toHaveLength(1);
});

test("a failover stuck in verification, since one nameserver keeps its old answer, is superseded by a person", async () => {
  const world = await World.start();
  world.dns.nameserver(2).transfers = "stuck";
  world.sites.set("fra", "down");
  await world.entry("failover-diverged", 5 * minute);
  world.sites.set("fra", "up");
  await world.advance(minute);
  const moved = await world.ask({ kind: "declare", move: { kind: "to", site: "fra" } });
  expect(moved).toMatchObject({ accepted: true });
  const proposed = world.events("failover-proposed").at(-1);
  expect(proposed).toMatchObject({ supersedes: "login-1" });
  expect(world.events("failover-ended").at(-1)).toMatchObject({ failover: "login-1", how: "superseded" });
  await world.ask({ kind: "approve", failover: "login-2", planHash: proposed?.planHash ?? "" });
  await world.entry("failover-recovered");
  expect(world.placement()).toEqual(["fra"]);
  expect(world.auditor.broken).toEqual([]);
});

const fraAndV4OnlyIad = {
  fra: { region: "eu", v4: ["192.0.2.10"], v6: ["2001:db8:1::10"] },
  iad: { region: "us", v4: ["198.51.100.10"], v6: "none" },
} as const;
