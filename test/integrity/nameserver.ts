import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { dig } from "../servers/dig.ts";
import { startNsd } from "../servers/nsd.ts";
import type { RunningServer } from "../servers/process.ts";
import {
  signedText,
  unsignedText,
  versionLabel,
  nextVersion,
  type SigningChoice,
  type ZoneVersion,
} from "./zone-signing.ts";

/** A nameserver of one zone that publishes what a test says. */
export interface Nameserver {
  readonly server: RunningServer;
  /** Puts a version of the zone there, and resolves once it is out. */
  publish(version: ZoneVersion, signing: SigningChoice | "unsigned"): Promise<void>;
  /** The same of a whole master file, in which `version` stands at the version label. */
  publishText(zone: string, text: string, version: number): Promise<void>;
}

/** An NSD at `address`, with this version to begin with. */
export async function startNameserver(
  address: string,
  folder: string,
  first: ZoneVersion,
  signing: SigningChoice | "unsigned",
): Promise<Nameserver> {
  const file = path.join(folder, `${address}.zone`);
  const version = nextVersion();
  writeFileSync(file, await textOf(first, signing, version));
  const server = await startNsd({ address, zones: [{ name: first.zone, file }] });
  await isOut(server, first.zone, version);
  const publishText = async (zone: string, text: string, number: number): Promise<void> => {
    writeFileSync(file, text);
    process.kill(server.pid, "SIGHUP");
    await isOut(server, zone, number);
  };
  return {
    server,
    publishText,
    async publish(zone, choice) {
      const number = nextVersion();
      await publishText(zone.zone, await textOf(zone, choice, number), number);
    },
  };
}

async function textOf(zone: ZoneVersion, signing: SigningChoice | "unsigned", version: number): Promise<string> {
  return signing === "unsigned" ? unsignedText(zone, version) : await signedText(zone, signing, version);
}

const outWithinMs = 10_000;
const pollMs = 20;

async function isOut(server: RunningServer, zone: string, version: number): Promise<void> {
  const end = Date.now() + outWithinMs;
  // oxlint-disable-next-line no-await-in-loop -- a poll
  while ((await dig(server, `${versionLabel}.${zone}`, "TXT").catch(() => []))[0] !== `"${version}"`) {
    if (Date.now() > end) throw new Error(`version ${version} of ${zone} is not out:\n${server.log().slice(-2000)}`);
    await delay(pollMs); // oxlint-disable-line no-await-in-loop -- a poll
  }
}
