import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseTsigKey } from "../src/dns/update/tsig-key.ts";
import { createAuthority, type Authority } from "./certificate.ts";
import { labPolicy, labSettings } from "./files.ts";
import { freePortOn, untilFree } from "./free-port.ts";
import { startPrimary, startSecondary, type Nameserver, type Primary } from "./nameserver/nameserver.ts";
import { signZone } from "./nameserver/signing.ts";
import { zoneFromText } from "./nameserver/zone.ts";
import { startParent, writeAnchor, type AnchorFiles, type LabParent } from "./parent.ts";
import type { SiteOptions } from "./site.ts";
import { spawnSite, type SpawnedSite } from "./spawn-site.ts";

/** A site of the lab, which dies and comes back. */
interface LabSite {
  readonly id: string;
  readonly address: string;
  /** Of the process that serves, or served last. */
  pid(): number;
  /** SIGKILL; resolves once it is gone. */
  kill(): Promise<void>;
  /** A new process at the same address and port. */
  restore(): Promise<void>;
}

/** A small world on loopback, with the files of an installation that governs it. */
export interface Lab {
  /** `policy.yaml`, `pointsman.yaml` and what they name. */
  readonly folder: string;
  readonly settingsFile: string;
  readonly policyFile: string;
  /** Steered by the policy. */
  readonly service: "login";
  /** Absolute. */
  readonly zone: string;
  readonly host: string;
  readonly sitePort: number;
  readonly home: LabSite;
  readonly other: LabSite;
  readonly primary: Primary;
  readonly secondary: Nameserver;
  /** Above the zone, with the anchor from which it is validated. */
  readonly parent: LabParent;
  readonly anchorFiles: AnchorFiles;
  /** Where the nameserver of the lab at this address listens: it is not 53. @throws Error where there is none. */
  portOf(address: string): number;
  /** Ends every process and socket. The folder stays unless it is to be removed. */
  stop(folder: "keep" | "remove"): Promise<void>;
}

const zone = "example.test.";
const host = "login.example.test";
const nameserverNames = [`ns1.${zone}`, `ns2.${zone}`] as const;
const nameserverAddresses = ["127.0.0.1", "127.0.0.2"] as const;
/** One port in the check's URL serves both sites, so they differ by address. */
const siteAddresses = { home: "127.0.0.11", other: "127.0.0.12" } as const;
/** As real primaries do: they gather changes before they tell their secondaries (BIND 0.5 s, Knot 1 s). */
const notifyDelayMs = 500;
const transferMs = 5;
const ttlSeconds = 2;

/**
 * Two sites as processes, a signed zone at two nameservers, its parent, a TSIG key, and the files.
 * @throws Error with one sentence.
 */
export async function startLab(): Promise<Lab> {
  const ending: (() => Promise<void>)[] = [];
  const end = async () => {
    for (const stop of ending.splice(0).toReversed()) {
      // oxlint-disable-next-line no-await-in-loop -- in the opposite order of their start
      await stop();
    }
  };
  try {
    return await start(ending, end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function start(ending: (() => Promise<void>)[], end: () => Promise<void>): Promise<Lab> {
  const sitePort = await freePortOn([siteAddresses.home, siteAddresses.other]);
  const authority = createAuthority("Pointsman lab authority");
  const [home, other] = await Promise.all([
    startSite({ name: "fra", address: siteAddresses.home, port: sitePort }, authority, ending),
    startSite({ name: "iad", address: siteAddresses.other, port: sitePort }, authority, ending),
  ]);
  const key = `hmac-sha256:pointsman-lab.:${randomBytes(32).toString("base64")}`;
  const { primary, secondary, parent } = await startNameservers(key, ending);
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-lab-"));
  const files = { policy: path.join(folder, "policy.yaml"), settings: path.join(folder, "pointsman.yaml") };
  const keyFile = path.join(folder, "tsig.key");
  const anchorFiles = writeAnchor(folder, parent, host);
  const names = {
    zone: zone.slice(0, -1),
    host,
    nameservers: [primary, secondary].map(({ address, port }, index) => ({
      name: (nameserverNames[index] ?? "").slice(0, -1),
      endpoint: `${address}:${port}`,
    })),
    parent: {
      anchorFile: anchorFiles.text,
      endpoint: `${parent.nameserver.address}:${parent.nameserver.port}`,
    },
    home,
    other,
    sitePort,
    trust: authority.certificate,
    keyFile,
  };
  writeFileSync(keyFile, `${key}\n`, { mode: 0o600 });
  writeFileSync(files.policy, labPolicy(names));
  writeFileSync(files.settings, labSettings(names));
  const nameservers = [primary, secondary, parent.nameserver];
  return {
    folder,
    settingsFile: files.settings,
    policyFile: files.policy,
    service: "login",
    zone,
    host,
    sitePort,
    home,
    other,
    primary,
    secondary,
    parent,
    anchorFiles,
    portOf: (address) => portAt(nameservers, address),
    async stop(what) {
      await end();
      // Of what is kept, the room that a journal reserves on its disk is of no use to a reader.
      rmSync(what === "remove" ? folder : path.join(folder, "data", "reserve"), { recursive: true, force: true });
    },
  };
}

async function startSite(
  options: SiteOptions,
  authority: Authority,
  ending: (() => Promise<void>)[],
): Promise<LabSite> {
  const { name, address, port } = options;
  const secured = { ...options, tls: authority.issue({ names: [host] }) };
  let running: SpawnedSite = await spawnSite(secured);
  ending.push(() => running.kill());
  return {
    id: name,
    address,
    pid: () => running.pid,
    kill: () => running.kill(),
    async restore() {
      await running.kill();
      await untilFree(address, port);
      running = await spawnSite(secured);
    },
  };
}

async function startNameservers(
  keyText: string,
  ending: (() => Promise<void>)[],
): Promise<{ readonly primary: Primary; readonly secondary: Nameserver; readonly parent: LabParent }> {
  const parsed = parseTsigKey(keyText);
  if ("code" in parsed) throw new Error(parsed.says);
  const published = signZone(
    zoneFromText({
      name: zone,
      nameservers: { [nameserverNames[0]]: nameserverAddresses[0], [nameserverNames[1]]: nameserverAddresses[1] },
      records: [{ name: host, type: "A", ttl: ttlSeconds, data: [siteAddresses.home] }],
    }),
  );
  const primary = await startPrimary({
    address: nameserverAddresses[0],
    port: 0,
    zone: published.zone,
    updateKey: parsed.key,
    notifyDelayMs,
  });
  ending.push(() => primary.stop());
  const secondary = await startSecondary({ address: nameserverAddresses[1], port: 0, primary, transferMs });
  ending.push(() => secondary.stop());
  const nameservers = [
    { ...endpointOf(primary), name: nameserverNames[0] },
    { ...endpointOf(secondary), name: nameserverNames[1] },
  ];
  const parent = await startParent({ zone, ds: published.ds, nameservers }, ending);
  return { primary, secondary, parent };
}

function endpointOf({ address, port }: Nameserver): { readonly address: string; readonly port: number } {
  return { address, port };
}

function portAt(nameservers: readonly Nameserver[], address: string): number {
  const found = nameservers.find((one) => one.address === address);
  if (found === undefined) throw new Error(`No nameserver of the lab is at ${address}.`);
  return found.port;
}
