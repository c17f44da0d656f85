import { describe, expect, test, vi } from "vitest";
import { day, hour, minute } from "../../src/values/time.ts";
import { foreignRRset, World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

const required = { integrity: "watched", zone: { dnssec: "required" } } as const;

/** Alarms that were written, the newest last: codes of availability, and of integrity. */
function alarms(world: World) {
  return world.fleet.flatMap((event) =>
    event.type === "zone-integrity-changed"
      ? [
          {
            availability: event.availability.map(({ code }) => code),
            integrity: event.integrity.map(({ code }) => code),
          },
        ]
      : [],
  );
}

describe("no move of a site follows from DNS alone", () => {
  test("two of three nameservers are silent: availability rings, and nothing moves", async () => {
    const world = await World.start(required);
    for (const index of [1, 2]) world.dns.nameserver(index).answers = "nothing";
    await world.advance(hour);
    expect(alarms(world)).toEqual([{ availability: ["no-response", "no-response"], integrity: [] }]);
    expect(world.paths.sent).toEqual([]);
    expect(world.events("failover-proposed")).toEqual([]);
  });

  test("every nameserver is bogus: integrity rings, and nothing moves", async () => {
    const world = await World.start(required);
    for (const nameserver of world.dns.nameservers) nameserver.authenticity = "bogus";
    await world.advance(hour);
    expect(alarms(world)).toEqual([{ availability: [], integrity: ["bogus", "bogus", "bogus"] }]);
    expect(world.events("failover-proposed")).toEqual([]);
  });
});

describe("a lost site while the zone is not as it should be", () => {
  test("bogus everywhere: nobody moves it, and automation goes on by itself once the zone is mended", async () => {
    const world = await World.start(required);
    for (const nameserver of world.dns.nameservers) nameserver.authenticity = "bogus";
    await world.advance(minute);
    world.sites.set("fra", "down");
    await world.entry("initiative-held");
    expect(world.holds()).toContain("zone-bogus");
    const declared = await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
    expect(declared).toMatchObject({ accepted: false, refusal: { code: "zone-bogus" } });
    for (const nameserver of world.dns.nameservers) nameserver.authenticity = "secure";
    expect(await world.entry("failover-recovered", 5 * minute)).toMatchObject({ authenticity: "secure" });
    expect(world.auditor.broken).toEqual([]);
  });

  test("bogus at one: automation holds and names it, a person may move", async () => {
    const world = await World.start(required);
    world.dns.nameserver(2).authenticity = "bogus";
    await world.advance(minute);
    world.sites.set("fra", "down");
    const held = await world.entry("initiative-held");
    expect(held.codes).toEqual(["zone-bogus-somewhere"]);
    expect(held.gates[0]?.says).toContain(world.dns.nameserver(2).address);
    expect(await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } })).toMatchObject({ accepted: true });
  });

  test("a monitor that stops holds automation where the policy requires DNSSEC, and nobody else", async () => {
    const world = await World.start(required);
    await world.advance(minute);
    world.monitor = "hangs";
    await world.advance(10 * minute);
    world.sites.set("fra", "down");
    expect((await world.entry("initiative-held")).codes).toEqual(["authenticity-unknown"]);
    expect(await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } })).toMatchObject({ accepted: true });
  });
});

describe("what the journal keeps of integrity", () => {
  test("our own move is explained by its intent, somebody else's write is not", async () => {
    const world = await World.start(required);
    world.paths.onSend = (order) => {
      world.auditor.onSend(order);
      world.survey();
    };
    world.dns.listeners.push(() => world.survey());
    world.sites.set("fra", "down");
    await world.entry("failover-recovered");
    await world.entry("failover-ended", 10 * minute);
    expect(alarms(world)).toEqual([]);
    world.foreignWrite("v4", foreignRRset);
    await world.advance(2 * minute);
    expect(alarms(world).at(-1)?.integrity).toContain("unauthorised-rrset");
  });

  test("secure before a restart: insecure after it is still an alarm, and holds people too until it is announced", async () => {
    const world = await World.start({ integrity: "watched" });
    for (const nameserver of world.dns.nameservers) nameserver.authenticity = "insecure";
    await world.restart();
    await world.advance(minute);
    expect(alarms(world).at(-1)?.integrity).toEqual(Array(3).fill("insecure-after-secure"));
    const move = { kind: "declare", move: { kind: "to", site: "iad" } } as const;
    expect(await world.ask(move)).toMatchObject({ accepted: false, refusal: { code: "insecure-after-secure" } });
    expect(await world.announce("unsigning", day)).toMatchObject({ accepted: true });
    expect(await world.ask(move)).toMatchObject({ accepted: true });
    await world.advance(2 * minute);
    expect(alarms(world).at(-1)).toEqual({ availability: [], integrity: [] });
  });

  test("hours in which nothing happens write what was seen first, and nothing more", async () => {
    const world = await World.start(required);
    const before = world.fleet.length;
    await world.advance(3 * hour);
    expect(world.fleet.slice(before)).toEqual([]);
    expect(world.fleet.filter(({ type }) => type === "zone-baseline-set")).toHaveLength(1);
  });
});
