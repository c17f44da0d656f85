import { afterAll, beforeAll, expect, it } from "vitest";
import type { Json } from "../../src/values/json.ts";
import { bindKey, type BindKey } from "../dnssec/corpus/bind-signer.ts";
import { describeWithServers, keepLogsOnFailure } from "../servers/available.ts";
import { createMonitor, told, type Monitor } from "./monitor.ts";
import { nsNames, startSignedWorld, zoneName, type SignedWorld } from "./world.ts";
import { dsOf, type SigningChoice } from "./zone-signing.ts";

let world: SignedWorld;
/** A key for the chain of trust that the zone does not have at first. */
let other: BindKey;
let otherDs = "";

/** The zone at every nameserver, with the other key in it, its CDS asking for these DS. */
async function publish(choice: Partial<SigningChoice>, cds: readonly string[] = []): Promise<void> {
  const { nameservers, version, keys } = world;
  const lines = [...version().lines, ...cds.map((rdata) => `@ IN CDS ${rdata}`)];
  await Promise.all(nameservers.map((each) => each.publish(version({ lines }), { keys, ...choice })));
}

/** A monitor to which this is declared, after all was found right. */
async function watching(signing: { readonly [member: string]: Json }): Promise<Monitor> {
  const { parent, nameservers, ds } = world;
  await publish({});
  await parent.delegate({ ns: nsNames, ds: [ds] });
  const { address, port } = parent.server;
  const monitor = createMonitor({
    parent: { address, port, anchor: parent.anchor },
    nameservers: nameservers.map(({ server }) => server),
    signing: { ...declared, ...signing },
  });
  await monitor.look();
  expect(monitor.alarms()).toEqual({ integrity: [], availability: [] });
  return monitor;
}

const bySigner = { rolledBy: "signer", method: "double-signature" } as const;
const declared = {
  signers: ["primary"],
  algorithms: ["ECDSAP256SHA256"],
  privateKeys: "the disk of a test",
  ksk: bySigner,
  zsk: { rolledBy: "signer", method: "pre-publication" },
  parent: "cds",
  propagation: "1m",
  largestTtl: "1s",
} as const;

describeWithServers("keys and DS that nothing explains", () => {
  beforeAll(async () => {
    world = await startSignedWorld();
    other = await bindKey({ zone: zoneName, algorithm: 13, role: "key-signing" }, world.folder);
    otherDs = await dsOf({ ksk: other });
  });
  afterAll(async () => {
    await world.stop();
  });
  keepLogsOnFailure(() => world.servers());

  it("a foreign key in the DNSKEY set, where people roll: unauthorised at every nameserver", async () => {
    const monitor = await watching({ ksk: { ...bySigner, rolledBy: "person" } });
    await publish({ published: [other] });
    const { classes } = await monitor.look();
    expect(classes).toEqual(["unauthorised", "unauthorised", "unauthorised"]);
    expect(monitor.alarms()).toEqual({
      integrity: world.nameservers.map(
        ({ server }, index) =>
          `unauthorised-key ns${index + 1}.example.com. (${server.address}:${server.port}) key ${other.tag}`,
      ),
      availability: [],
    });
  });

  it("the DS is swapped before caches can know the new key, which the zone itself asked for: early", async () => {
    const monitor = await watching({});
    await publish({ keySigning: [world.keys.ksk, other] }, [otherDs]);
    await monitor.look();
    expect(monitor.alarms().integrity).toEqual([]);
    await world.parent.delegate({ ns: nsNames, ds: [otherDs] });
    const { classes } = await monitor.look();
    expect(classes).toEqual(["ok", "ok", "ok"]);
    expect(monitor.alarms()).toEqual({ integrity: ["early-ds-swap parent"], availability: [] });
  });

  it("the DS is swapped for one of a key that is not there yet: bogus everywhere, and why is told", async () => {
    const monitor = await watching({});
    await world.parent.delegate({ ns: nsNames, ds: [otherDs] });
    const { classes, report } = await monitor.look();
    expect(classes).toEqual(["bogus", "bogus", "bogus"]);
    expect(told(report.integrity)).toEqual(expect.arrayContaining(["ds-without-key parent", "unauthorised-ds parent"]));
    expect(report.availability).toEqual([]);
  });

  it("the parent does not follow the CDS in the time that is declared: stuck", async () => {
    const monitor = await watching({ parentWithin: "1s" });
    await publish({ keySigning: [world.keys.ksk, other] }, [otherDs]);
    const { report, classes } = await monitor.until("stuck", (look) => look.report.integrity.length > 0);
    expect(told(report.integrity)).toEqual(["cds-stuck parent"]);
    expect(classes).toEqual(["ok", "ok", "ok"]);
    await world.parent.delegate({ ns: nsNames, ds: [world.ds, otherDs] });
    await publish({ keySigning: [world.keys.ksk, other] }, [world.ds, otherDs]);
    await monitor.until("followed", (look) => look.report.integrity.length === 0);
  });
});
