import { expect, test } from "vitest";
import { statusOf } from "../../src/api/routes/status.ts";
import type { StatusResponse } from "../../src/api/contract/status.ts";
import { rdataToText } from "../../src/dns/wire/rdata.ts";
import { decodeEntry } from "../../src/transparency/entry.ts";
import { commandId } from "../../src/values/ids.ts";
import { add, hour, minute } from "../../src/values/time.ts";
import { World } from "./world.ts";

const surveyed = { integrity: "watched" } as const;
const ana = { kind: "local-user", id: "uid:1000", method: "local-user" } as const;

function status(world: World): StatusResponse {
  return statusOf(world.controller, rdataToText);
}

/** What rings, by its code. */
function alarms(world: World): readonly string[] {
  return status(world).attention.flatMap(({ level, code }) => (level === "alarm" ? [code] : []));
}

function zoneEntries(world: World): readonly string[] {
  const types = world.store.entries.map((octets) => decodeEntry(octets)?.type ?? "");
  return types.filter((type) => type.startsWith("zone-"));
}

/** All have been looked at, and looked at again. */
async function looked(world: World): Promise<void> {
  await world.advance(3 * minute);
}

test("a nameserver that turns bogus becomes an entry and an alarm in the status, and holds automation, not people", async () => {
  const world = await World.start(surveyed);
  await looked(world);
  expect(status(world).healthy).toBe(true);
  world.dns.nameserver(2).authenticity = "bogus";
  const { address } = world.dns.nameserver(2);
  await looked(world);
  expect(zoneEntries(world)).toEqual(["zone-baseline-set", "zone-integrity-changed"]);
  expect(alarms(world)).toEqual(["bogus"]);
  const [zone] = status(world).zones;
  expect(zone?.servers.map((server) => [server.address, server.class])).toContainEqual([address, "bogus"]);
  expect(zone?.servers.filter((server) => server.class === "ok")).toHaveLength(2);
  expect(status(world).services[0]?.records[0]?.authenticity).toMatchObject({ verdict: "bogus", heard: 3 });

  world.sites.set("fra", "down");
  await world.entry("initiative-held", 5 * minute);
  expect(world.holds()).toContain("zone-bogus-somewhere");
  expect(world.ours()).toEqual([]);
  expect(await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } })).toMatchObject({ accepted: true });
});

test("when it is authentic again the alarm ends, and automation moves what it held", async () => {
  const world = await World.start(surveyed);
  world.dns.nameserver(1).authenticity = "bogus";
  await looked(world);
  world.sites.set("fra", "down");
  await world.entry("initiative-held", 5 * minute);
  world.dns.nameserver(1).authenticity = "secure";
  await world.entry("failover-recovered", 5 * minute);
  expect(alarms(world)).not.toContain("bogus");
  expect(zoneEntries(world).filter((type) => type === "zone-integrity-changed")).toHaveLength(2);
});

test("a zone that is bogus at every nameserver is moved by nobody, people included", async () => {
  const world = await World.start(surveyed);
  for (const nameserver of world.dns.nameservers) nameserver.authenticity = "bogus";
  await looked(world);
  const asked = await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
  expect(asked).toMatchObject({ accepted: false, refusal: { code: "zone-bogus" } });
});

test("a nameserver that is silent rings availability, never integrity, and holds nothing", async () => {
  const world = await World.start(surveyed);
  await looked(world);
  world.dns.nameserver(2).answers = "nothing";
  await looked(world);
  const [zone] = status(world).zones;
  expect(zone?.integrity).toEqual([]);
  expect(zone?.availability.map(({ code }) => code)).toEqual(["no-response"]);
  world.sites.set("fra", "down");
  await world.entry("failover-recovered", 5 * minute);
});

test("an alarm outlives a restart: until somebody has looked again the status goes on to ring", async () => {
  const world = await World.start(surveyed);
  world.dns.nameserver(1).authenticity = "bogus";
  await looked(world);
  await world.controller.stop();
  await world.restart();
  expect(status(world).zones[0]?.looks).toEqual([]);
  expect(alarms(world)).toContain("bogus");
});

test("a zone that was never looked at is unknown: automation that needs DNSSEC holds, and the status rings", async () => {
  const world = await World.start({ zone: { dnssec: "required" } });
  expect(alarms(world)).toEqual(["zone-not-looked-at"]);
  world.sites.set("fra", "down");
  await world.entry("initiative-held", 5 * minute);
  expect(world.holds()).toContain("authenticity-unknown");
});

test("an announcement stands in the journal and in the status until it is over or withdrawn", async () => {
  const world = await World.start(surveyed);
  const from = world.clock.now();
  const request = { kind: "announce", zone: "example.com.", view: "public", change: "rollover", from } as const;
  const id = commandId("announcement-1");
  const announce = { id, by: ana, request: { ...request, until: add(from, hour) } };
  expect(await world.controller.submit(announce, "the yearly rollover")).toMatchObject({ accepted: true });
  expect(status(world).zones[0]?.announcements).toMatchObject([{ id, kind: "rollover", inForce: true }]);
  await world.advance(hour);
  expect(status(world).zones[0]?.announcements).toEqual([]);
  const again = { id: commandId("announcement-2"), by: ana, request: { ...request, until: add(from, 3 * hour) } };
  await world.controller.submit(again, "again");
  const withdraw = { kind: "withdraw-announcement", announcement: again.id } as const;
  await world.controller.submit({ id: commandId("withdrawal-1"), by: ana, request: withdraw });
  expect(status(world).zones[0]?.announcements).toEqual([]);
});
