import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { startController, type RunningController } from "../e2e/controller.ts";
import { writeInstallation, type Installation } from "../e2e/installation.ts";
import { startSites, type Sites } from "../e2e/sites.ts";
import { startTap, type Tap } from "../e2e/tap.ts";
import { startBind } from "../servers/bind.ts";
import { dig } from "../servers/dig.ts";
import { startNsd } from "../servers/nsd.ts";
import { freePort } from "../servers/ports.ts";
import type { RunningServer } from "../servers/process.ts";
import { isSigned } from "../servers/soa.ts";
import { startParent, zoneName, type Parent } from "./world.ts";

const execute = promisify(execFile);

/** A signed zone whose primary takes UPDATEs, with its parent and two sites, and an installation that watches it. */
export interface SignedScene {
  readonly sites: Sites;
  readonly parent: Parent;
  /** The DS that the parent has at first. */
  readonly ds: string;
  readonly tap: Tap;
  readonly secondary: RunningServer;
  /** The third nameserver: it has what the test gives it, a copy of the primary's zone at first. */
  readonly copy: CopyingNameserver;
  readonly installation: Installation;
  readonly servers: readonly RunningServer[];
  start(): Promise<RunningController>;
  end(): Promise<void>;
}

interface CopyingNameserver {
  readonly server: RunningServer;
  /** Takes the primary's zone as it is now, altered line by line, and resolves once it serves that. */
  take(alter: (line: string) => string | undefined): Promise<void>;
}

const secondaryAddress = "127.0.45.2";
const copyAddress = "127.0.45.3";
const parentAddress = "127.0.45.9";
const delegatedTo = ["ns1.example.com."] as const;

export async function startSignedScene(): Promise<SignedScene> {
  const ending: (() => Promise<void> | void)[] = [];
  const end = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop -- in the opposite order of their start
    for (const stop of ending.splice(0).toReversed()) await stop();
  };
  try {
    const sites = await startSites();
    ending.push(() => sites.stop());
    const zone = { name: zoneName, records: [`login 1 IN A ${sites.fra.v4}`] };
    const place = { address: secondaryAddress, port: await freePort(secondaryAddress) };
    const primary = await startBind({ zones: [zone], signed: true, notifyTo: [place] });
    ending.push(() => primary.stop());
    const secondary = await startNsd({ ...place, zones: [zone], primary });
    ending.push(() => secondary.stop());
    await until("the secondary has the signed zone", () => isSigned(place.address, place.port, zoneName));
    const copy = await startCopy(primary, ending);
    const parent = await startParent(parentAddress, [primary]);
    ending.push(() => parent.stop());
    const ds = await dsOfServed(primary);
    await parent.delegate({ ns: delegatedTo, ds: [ds] });
    const tap = await startTap(primary);
    ending.push(() => tap.stop());
    const installation = writeInstallation({
      sites,
      updates: tap,
      nameservers: [tap, secondary, copy.server],
      zone: { dnssec: "required" },
      trust: { anchor: parent.anchor, from: parent.server },
    });
    ending.push(() => installation[Symbol.dispose]());
    const start = async (): Promise<RunningController> => {
      const controller = await startController(installation);
      ending.push(async () => void (await controller.end("SIGKILL")));
      return controller;
    };
    const servers = [primary, secondary, copy.server, parent.server];
    return { sites, parent, ds, tap, secondary, copy, installation, servers, start, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Says of the child what it said at first, but for the DS. */
export async function publishDs(parent: Parent, ds: readonly string[]): Promise<void> {
  await parent.delegate({ ns: delegatedTo, ds });
}

async function startCopy(primary: RunningServer, ending: (() => Promise<void> | void)[]): Promise<CopyingNameserver> {
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-copy-"));
  ending.push(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "zone");
  writeFileSync(file, (await transferred(primary)).join("\n"));
  const server = await startNsd({ address: copyAddress, zones: [{ name: zoneName, file }] });
  ending.push(() => server.stop());
  return {
    server,
    async take(alter) {
      const lines = (await transferred(primary)).flatMap((line) => alter(line) ?? []);
      writeFileSync(file, `${lines.join("\n")}\n`);
      process.kill(server.pid, "SIGHUP");
      const wanted = lines.filter((line) => /^login\S*\s.*\s(A|RRSIG\sA)\s/.test(line)).length;
      const signature = lines.find((line) => /^login\S*\s.*\sRRSIG\sA\s/.test(line))?.replaceAll(/.*RRSIG\s|\s/g, "");
      await until("the copy serves what it was given", async () => {
        const [a, signatures] = await Promise.all([dig(server, loginName, "A"), dig(server, loginName, "RRSIG")]);
        const same = signatures.some((text) => text.replaceAll(" ", "") === signature);
        return wanted === 0 ? a.length === 0 : same;
      });
    },
  };
}

const loginName = "login.example.com";

/** The zone as it is transferred, without the SOA at its end. */
async function transferred({ address, port }: RunningServer): Promise<readonly string[]> {
  const where = [`@${address}`, "-p", `${port}`, "+noall", "+answer", "+onesoa"];
  const { stdout } = await execute("/usr/bin/dig", [...where, zoneName, "AXFR"]);
  return stdout.split("\n").filter((line) => line !== "" && !line.startsWith(";"));
}

/** The DS of the one key that signs all. */
async function dsOfServed({ address, port, folder }: RunningServer): Promise<string> {
  const { stdout } = await execute("/usr/bin/dig", [
    `@${address}`,
    "-p",
    `${port}`,
    "+noall",
    "+answer",
    zoneName,
    "DNSKEY",
  ]);
  const file = path.join(folder, "dnskey");
  writeFileSync(file, stdout);
  const made = await execute("/usr/bin/dnssec-dsfromkey", ["-2", "-f", file, zoneName]);
  return made.stdout.trim().replace(/^.*\sDS\s/, "");
}

const withinMs = 10_000;
const pollMs = 50;

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + withinMs;
  // oxlint-disable-next-line no-await-in-loop -- a poll
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await delay(pollMs); // oxlint-disable-line no-await-in-loop -- a poll
  }
}
