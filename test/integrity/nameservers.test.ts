import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ServerClass } from "../../src/core/integrity/report.ts";
import { bindKey, type BindKey } from "../dnssec/corpus/bind-signer.ts";
import { describeWithServers, keepLogsOnFailure } from "../servers/available.ts";
import { collidingKeys } from "./colliding.ts";
import { createMonitor, told, type Monitor } from "./monitor.ts";
import { startSignedWorld, nsNames, zoneName, type SignedWorld } from "./world.ts";
import { nextVersion, signedText, type ZoneKeys } from "./zone-signing.ts";

let world: SignedWorld;
/** Another key of the zone-signing key's tag. */
let impostor: BindKey;

async function keysOf(folder: string): Promise<ZoneKeys> {
  const elsewhere = path.join(folder, "elsewhere");
  mkdirSync(elsewhere);
  const ksk = await bindKey({ zone: zoneName, algorithm: 15, role: "key-signing" }, folder);
  const [zsk, other] = collidingKeys(zoneName, folder, elsewhere);
  impostor = other;
  return { ksk, zsk };
}

/** A monitor of the world while all is right, as the first two looks say. */
async function watching(): Promise<Monitor> {
  const { parent, nameservers } = world;
  const { address, port } = parent.server;
  const monitor = createMonitor({
    parent: { address, port, anchor: parent.anchor },
    nameservers: nameservers.map(({ server }) => server),
  });
  expect((await monitor.look()).classes).toEqual(["ok", "ok", "ok"]);
  expect(monitor.alarms()).toEqual({ integrity: [], availability: [] });
  return monitor;
}

/** What rings once the second nameserver is of this class, and the others are as they were. */
async function ringing(monitor: Monitor, is: ServerClass): Promise<ReturnType<Monitor["alarms"]>> {
  await monitor.until(is, ({ classes }) => classes[1] === is);
  // Availability rings when a second round agrees.
  expect((await monitor.look()).classes).toEqual(["ok", is, "ok"]);
  return monitor.alarms();
}

/** This alarm of the second nameserver, and no other. */
function second(bell: "integrity" | "availability", code: ServerClass): ReturnType<Monitor["alarms"]> {
  const { address, port } = world.nameservers[1].server;
  return { integrity: [], availability: [], [bell]: [`${code} ${nsNames[1]} (${address}:${port})`] };
}

async function expectMended(monitor: Monitor): Promise<void> {
  const { nameservers, version, keys, parent, ds } = world;
  await Promise.all(nameservers.map((nameserver) => nameserver.publish(version(), { keys })));
  await parent.delegate({ ns: nsNames, ds: [ds] });
  await monitor.until("mended", ({ classes }) => classes.every((one) => one === "ok"));
  expect(monitor.alarms()).toEqual({ integrity: [], availability: [] });
}

describeWithServers("one nameserver of three", () => {
  beforeAll(async () => {
    world = await startSignedWorld(keysOf);
  });
  afterAll(async () => {
    await world.stop();
  });
  keepLogsOnFailure(() => world.servers());

  it("that has an empty zone is bogus, and named, and the others are not", async () => {
    const monitor = await watching();
    const lines = world.version().lines.filter((line) => !line.startsWith("login"));
    await world.nameservers[1].publish(world.version({ lines }), "unsigned");
    expect(await ringing(monitor, "bogus")).toEqual(second("integrity", "bogus"));
    await expectMended(monitor);
  });

  it("that has an old serial for longer than refresh allows is stale, and that is no lack of integrity", async () => {
    const monitor = await watching();
    const [first, , third] = world.nameservers;
    const next = world.version({ serial: 2, refresh: 1 });
    await Promise.all([first, third].map((nameserver) => nameserver.publish(next, { keys: world.keys })));
    const behind = await monitor.look();
    expect(behind.classes).toEqual(["ok", "ok", "ok"]);
    expect(await ringing(monitor, "stale")).toEqual(second("availability", "stale"));
    await world.nameservers[1].publish(next, { keys: world.keys });
    await monitor.until("caught up", ({ classes }) => classes.every((one) => one === "ok"));
    // Serials only grow.
    const { version } = world;
    world = { ...world, version: (changed) => version({ serial: 2, ...changed }) };
  });

  it("that signs with another key under the same key tag is bogus, and the others are not", async () => {
    const monitor = await watching();
    const { keys, nameservers } = world;
    const version = nextVersion();
    const right = await signedText(world.version(), { keys }, version);
    const forged = await signedText(world.version(), { keys: { ...keys, zsk: impostor } }, version);
    // The DNSKEY set is the zone's own, with its signature: nothing but the signatures tells who signed the rest.
    const text = [
      ...forged.split("\n").filter((line) => !isKeys(line)),
      ...right.split("\n").filter((line) => isKeys(line)),
    ].join("\n");
    expect(readFileSync(path.join(impostor.folder, `${impostor.file}.key`), "utf8")).not.toContain(keys.zsk.dnskey);
    expect(impostor.tag).toBe(keys.zsk.tag);
    await nameservers[1].publishText(zoneName, `${text}\n`, version);
    expect(await ringing(monitor, "bogus")).toEqual(second("integrity", "bogus"));
    await expectMended(monitor);
  });

  it.each([
    ["end within the hour, of thirty days, is expiring", 719, "expiring"],
    ["ended an hour ago is bogus", 721, "bogus"],
  ] as const)("whose signatures %s, and the others are not", async (_, hoursAgo, is) => {
    const monitor = await watching();
    await world.nameservers[1].publish(world.version(), { keys: world.keys, hoursAgo });
    expect(await ringing(monitor, is)).toEqual(second("integrity", is));
    await expectMended(monitor);
  });

  it("that has the zone no more is lame, and that is no lack of integrity", async () => {
    const monitor = await watching();
    await world.makeLame(1);
    expect(await ringing(monitor, "lame")).toEqual(second("availability", "lame"));
    await world.unmakeLame(1);
    await expectMended(monitor);
  });
});

function isKeys(line: string): boolean {
  return /\sDNSKEY\s/.test(line) && !/\sNSEC3?\s/.test(line);
}

describeWithServers("at the parent", () => {
  beforeAll(async () => {
    world = await startSignedWorld();
  });
  afterAll(async () => {
    await world.stop();
  });
  keepLogsOnFailure(() => world.servers());

  it("the DS is taken away: every nameserver is insecure after secure", async () => {
    const monitor = await watching();
    await world.parent.delegate({ ns: nsNames, ds: [] });
    const is = "insecure-after-secure";
    const { report } = await monitor.until(is, ({ classes }) => classes.every((one) => one === is));
    expect(report.availability).toEqual([]);
    expect(told(report.integrity)).toContain("unauthorised-ds parent");
    expect(monitor.alarms().integrity).toEqual(told(report.integrity).toSorted());
    await expectMended(monitor);
  });

  it("the NS are altered: the delegation is unauthorised, and every nameserver is as it was", async () => {
    const monitor = await watching();
    await world.parent.delegate({ ns: ["ns1.example.com.", "ns.elsewhere.net."], ds: [world.ds] });
    const { report, classes } = await monitor.until("seen", (look) => look.report.integrity.length > 0);
    expect(told(report.integrity)).toEqual(["unauthorised-delegation parent"]);
    expect(report.availability).toEqual([]);
    expect(classes).toEqual(["ok", "ok", "ok"]);
    await expectMended(monitor);
  });

  it("two nameservers of three are silent: they do not answer, and nothing is said of integrity", async () => {
    const monitor = await watching();
    const silent = world.nameservers.slice(1).map(({ server }) => server);
    await Promise.all(silent.map((server) => server.kill("SIGSTOP")));
    const about = silent.map(
      ({ address, port }, index) => `no-response ns${index + 2}.example.com. (${address}:${port})`,
    );
    await monitor.until("no-response", ({ classes }) => classes.join(" ") === "ok no-response no-response");
    await monitor.look();
    expect(monitor.alarms()).toEqual({ integrity: [], availability: about });
    await Promise.all(silent.map((server) => server.kill("SIGCONT")));
    await expectMended(monitor);
  });
});
