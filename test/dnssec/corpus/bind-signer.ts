import { readFileSync } from "node:fs";
import path from "node:path";
import {
  algorithms,
  digestOf,
  hasSingleKey,
  writeSigned,
  writeSource,
  type AlgorithmNumber,
  type Denial,
  type ServedZone,
  type Signer,
  type ZoneSource,
} from "./signer.ts";
import { run } from "./tool.ts";

/** A key of dnssec-keygen. */
export interface BindKey {
  /** File name without its ending, relative to the zone's folder. */
  readonly file: string;
  readonly folder: string;
  /** Its DNSKEY as a line of a master file. */
  readonly dnskey: string;
  readonly tag: number;
}

export interface BindKeyOrder {
  readonly zone: string;
  readonly algorithm: AlgorithmNumber | "RSASHA1" | "NSEC3RSASHA1";
  readonly role: "key-signing" | "zone-signing";
  readonly revoked?: boolean;
}

export async function bindKey(order: BindKeyOrder, folder: string): Promise<BindKey> {
  const { zone, algorithm, role, revoked = false } = order;
  const mnemonic = typeof algorithm === "number" ? algorithms[algorithm] : algorithm;
  const size = mnemonic.includes("RSA") ? ["-b", "2048"] : [];
  const flags = [...(role === "key-signing" ? ["-f", "KSK"] : []), ...(revoked ? ["-f", "REVOKE"] : [])];
  const printed = await run("/usr/bin/dnssec-keygen", ["-q", "-a", mnemonic, ...size, ...flags, zone], folder);
  const file = printed.trim();
  const text = readFileSync(path.join(folder, `${file}.key`), "utf8");
  const dnskey = text.split("\n").find((line) => line !== "" && !line.startsWith(";")) ?? "";
  return { file, folder, dnskey, tag: Number(file.split("+").at(-1)) };
}

/** RDATA of the DS for a key; by ldns, as dnssec-dsfromkey makes none of a revoked one. */
export async function bindDs(key: BindKey, digest: 1 | 2 | 4): Promise<string> {
  const line = await run("/usr/bin/ldns-key2ds", ["-n", "-f", `-${digest}`, `${key.file}.key`], key.folder);
  return line.trim().split("\tDS\t")[1] ?? "";
}

export interface BindSigning extends ZoneSource {
  readonly denial: Denial;
  /** Keys in the DNSKEY set. */
  readonly published: readonly BindKey[];
  /** Keys that sign the DNSKEY set, and those that sign all else; one in both roles is in both lists. */
  readonly keySigning: readonly BindKey[];
  readonly zoneSigning: readonly BindKey[];
  readonly iterations?: number;
  /** Hexadecimal; none unless given. */
  readonly salt?: string;
  /** Inception and expiration as dnssec-signzone takes them: `now-10d`. */
  readonly validity?: readonly [string, string];
}

/** dnssec-signzone with the keys exactly as told; returns the signed zone's lines, one record each. */
export async function bindSign(signing: BindSigning, folder: string): Promise<readonly string[]> {
  const { keySigning, zoneSigning, published, validity = ["now-1h", "now+30d"] } = signing;
  const source = writeSource(
    signing,
    folder,
    published.map((key) => key.dnskey),
  );
  const single = zoneSigning.some((key) => keySigning.includes(key));
  const signed = `${source}.${zoneSigning.map((key) => key.tag).join("-")}.signed`;
  const form = ["-q", "-P", "-O", "full", "-o", signing.name, "-f", signed, "-s", validity[0], "-e", validity[1]];
  const args = [
    ...form,
    ...(single ? ["-z"] : ["-x"]),
    ...denialArguments(signing),
    ...(single ? [] : keySigning.flatMap((key) => ["-k", key.file])),
    source,
    ...zoneSigning.map((key) => key.file),
  ];
  await run("/usr/bin/dnssec-signzone", args, folder);
  return readFileSync(signed, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith(";"));
}

function denialArguments({ denial, iterations = 0, salt = "-" }: BindSigning): readonly string[] {
  if (denial === "nsec") return [];
  return ["-3", salt, "-H", String(iterations), ...(denial === "optout" ? ["-A"] : [])];
}

/** dnssec-keygen and dnssec-signzone of BIND 9. */
export const bindSigner: Signer = {
  name: "bind",
  async sign(order, folder): Promise<ServedZone> {
    const { name, algorithm } = order;
    const keySigning = await bindKey({ zone: name, algorithm, role: "key-signing" }, folder);
    const zoneSigning = hasSingleKey(algorithm)
      ? keySigning
      : await bindKey({ zone: name, algorithm, role: "zone-signing" }, folder);
    const published = [...new Set([keySigning, zoneSigning])];
    const signing = { ...order, published, keySigning: [keySigning], zoneSigning: [zoneSigning] };
    const [file, ds] = await Promise.all([
      bindSign(signing, folder).then((lines) => writeSigned(name, lines, folder)),
      bindDs(keySigning, digestOf(name)),
    ]);
    return { name, file, ds: [ds] };
  },
};
