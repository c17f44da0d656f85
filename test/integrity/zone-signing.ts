import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bindDs, bindKey, type BindKey } from "../dnssec/corpus/bind-signer.ts";
import { run } from "../dnssec/corpus/tool.ts";

/** The keys of one zone, in a folder of their own. */
export interface ZoneKeys {
  readonly ksk: BindKey;
  readonly zsk: BindKey;
}

/** What a nameserver is to publish. */
export interface ZoneVersion {
  /** Absolute, lower case. */
  readonly zone: string;
  /** Lines of a master file, relative to the zone, NS included and SOA left out. */
  readonly lines: readonly string[];
  readonly serial: number;
  /** Refresh of the SOA in seconds; a day unless given. */
  readonly refresh?: number;
  /** Of everything, in seconds; 1 unless given, so that nobody rests on what was there before. */
  readonly ttl?: number;
}

export interface SigningChoice {
  readonly keys: ZoneKeys;
  /** Keys in the DNSKEY set beside those that sign. */
  readonly published?: readonly BindKey[];
  /** Keys that sign the DNSKEY set; the KSK unless given. */
  readonly keySigning?: readonly BindKey[];
  /** How long ago the signer ran, in hours: then its signatures of 30 days began and end that much earlier. */
  readonly hoursAgo?: number;
}

/** Every published version of a zone says its own number at this name, and so a test knows that it is out. */
export const versionLabel = "_version";

let versions = 0;

/** A number that no version had before. */
export function nextVersion(): number {
  versions += 1;
  return versions;
}

export async function zoneKeys(zone: string, folder: string, algorithm: 13 | 15 = 13): Promise<ZoneKeys> {
  const ksk = await bindKey({ zone, algorithm, role: "key-signing" }, folder);
  return { ksk, zsk: await bindKey({ zone, algorithm, role: "zone-signing" }, folder) };
}

/** RDATA of the DS of a zone's KSK, in master-file text. */
export async function dsOf({ ksk }: Pick<ZoneKeys, "ksk">): Promise<string> {
  return await bindDs(ksk, 2);
}

/** The whole master file, unsigned. */
export function unsignedText({ zone, lines, serial, refresh = 86_400, ttl = 1 }: ZoneVersion, version: number): string {
  const head = [
    `$ORIGIN ${zone}`,
    `$TTL ${ttl}`,
    `@ IN SOA ns1 hostmaster ${serial} ${refresh} 600 864000 ${ttl}`,
    `${versionLabel} IN TXT "${version}"`,
  ];
  return `${[...head, ...lines].join("\n")}\n`;
}

/** The whole master file, signed by dnssec-signzone: signatures from an hour before to 30 days after it ran. */
export async function signedText(zone: ZoneVersion, signing: SigningChoice, version: number): Promise<string> {
  const { keys, published = [], keySigning = [keys.ksk], hoursAgo = 0 } = signing;
  const { folder } = keys.ksk;
  const source = path.join(folder, `${zone.zone}${version}`);
  const set = [...new Set([keys.ksk, keys.zsk, ...keySigning, ...published])].map(({ dnskey }) => dnskey);
  writeFileSync(source, `${unsignedText(zone, version)}${set.join("\n")}\n`);
  const period = ["-s", `now-${hoursAgo + 1}h`, "-e", `now+${30 * 24 - hoursAgo}h`];
  const signers = keySigning.flatMap((key) => ["-k", key.file]);
  const output = ["-q", "-P", "-x", "-O", "full", "-o", zone.zone, "-f", `${source}.signed`];
  const args = [...output, ...period, ...signers, source, path.join(keys.zsk.folder, keys.zsk.file)];
  await run("/usr/bin/dnssec-signzone", args, folder);
  return readFileSync(`${source}.signed`, "utf8");
}
