import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startNameserver, type Nameserver } from "./nameserver.ts";
import { startNsd } from "../servers/nsd.ts";
import type { RunningServer } from "../servers/process.ts";
import type { ServerAddress } from "../servers/zone.ts";
import { dsOf, zoneKeys, type SigningChoice, type ZoneKeys, type ZoneVersion } from "./zone-signing.ts";

export const zoneName = "example.com.";
const parentName = "com.";
const addresses = ["127.0.43.1", "127.0.43.2", "127.0.43.3"] as const;
const parentAddress = "127.0.43.9";

/** A signed parent that a test may alter: what it says of its one child. */
export interface Parent {
  readonly server: RunningServer;
  /** DS of its KSK as a line of a master file: where trust begins. */
  readonly anchor: string;
  /** Delegates to these nameservers with these DS, and resolves once that is out. */
  delegate(delegation: { readonly ns: readonly string[]; readonly ds: readonly string[] }): Promise<void>;
  stop(): Promise<void>;
}

/** The zone `com.`, served by an NSD and signed anew whenever it changes. */
export async function startParent(address: string, glue: readonly ServerAddress[]): Promise<Parent> {
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-parent-"));
  const keys = await zoneKeys(parentName, folder);
  let serial = 1;
  const version = (ns: readonly string[], ds: readonly string[]): ZoneVersion => ({
    zone: parentName,
    serial,
    lines: [
      "@ IN NS ns",
      `ns IN A ${address}`,
      ...ns.map((name) => `${zoneName} IN NS ${name}`),
      ...glue.map((server, index) => `ns${index + 1}.${zoneName} IN A ${server.address}`),
      ...ds.map((rdata) => `${zoneName} IN DS ${rdata}`),
    ],
  });
  const nameserver = await startNameserver(address, folder, version([], []), { keys });
  return {
    server: nameserver.server,
    anchor: `${parentName} IN DS ${await dsOf(keys)}`,
    async delegate({ ns, ds }) {
      serial += 1;
      await nameserver.publish(version(ns, ds), { keys });
    },
    async stop() {
      await nameserver.server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A parent and a signed zone on three nameservers, all of them right to begin with. */
export interface SignedWorld {
  readonly parent: Parent;
  readonly nameservers: readonly [Nameserver, Nameserver, Nameserver];
  readonly keys: ZoneKeys;
  readonly folder: string;
  /** The zone's DS. */
  readonly ds: string;
  /** As everybody publishes it at first, or with what is changed. */
  readonly version: (changed?: Partial<ZoneVersion>) => ZoneVersion;
  /** The nameserver runs, and has another zone than ours. */
  makeLame(index: 0 | 1 | 2): Promise<void>;
  /** It has our zone again. */
  unmakeLame(index: 0 | 1 | 2): Promise<void>;
  /** Everybody's. */
  servers(): readonly RunningServer[];
  stop(): Promise<void>;
}

export const nsNames = ["ns1.example.com.", "ns2.example.com.", "ns3.example.com."] as const;

/** @param chosen keys that sign the zone; new ones unless given. */
export async function startSignedWorld(
  chosen: (folder: string) => Promise<ZoneKeys> = async (folder) => await zoneKeys(zoneName, folder),
): Promise<SignedWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-world-"));
  const keys = await chosen(folder);
  const signing: SigningChoice = { keys };
  const version = (changed: Partial<ZoneVersion> = {}): ZoneVersion => ({
    zone: zoneName,
    serial: 1,
    lines: [
      ...nsNames.map((name) => `@ IN NS ${name}`),
      ...nsNames.map((name, index) => `${name} IN A ${addresses[index]}`),
      "login IN A 127.0.0.11",
    ],
    ...changed,
  });
  const started: RunningServer[] = [];
  const start = async (address: string): Promise<Nameserver> => {
    const nameserver = await startNameserver(address, folder, version(), signing);
    started.push(nameserver.server);
    return nameserver;
  };
  const [first, second, third] = addresses;
  const nameservers = [await start(first), await start(second), await start(third)] as const;
  const parent = await startParent(
    parentAddress,
    nameservers.map(({ server }) => server),
  );
  const ds = await dsOf(keys);
  await parent.delegate({ ns: nsNames, ds: [ds] });
  let lame: RunningServer | undefined;
  return {
    parent,
    nameservers,
    keys,
    folder,
    ds,
    version,
    async makeLame(index) {
      const { server } = nameservers[index];
      const { address, port } = server;
      await server.kill("SIGKILL");
      lame = await startNsd({ address, port, zones: [{ name: "elsewhere.", records: [] }] });
    },
    async unmakeLame(index) {
      await lame?.stop();
      lame = undefined;
      await nameservers[index].server.restart();
    },
    servers: () => [...started, parent.server],
    async stop() {
      await Promise.all([...started.map((server) => server.stop()), lame?.stop(), parent.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
