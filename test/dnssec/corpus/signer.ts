import { writeFileSync } from "node:fs";
import path from "node:path";

/** Algorithm numbers that we validate, with the mnemonics that all three signers know. */
export const algorithms = {
  8: "RSASHA256",
  10: "RSASHA512",
  13: "ECDSAP256SHA256",
  14: "ECDSAP384SHA384",
  15: "ED25519",
  16: "ED448",
} as const;

export type AlgorithmNumber = keyof typeof algorithms;

export const denials = ["nsec", "nsec3", "optout"] as const;
export type Denial = (typeof denials)[number];

/** A zone as its owner writes it. */
export interface ZoneSource {
  /** Absolute, lower case. */
  readonly name: string;
  /** Lines of a master file, relative to the zone, SOA and NS left out. */
  readonly lines: readonly string[];
}

export interface SigningOrder extends ZoneSource {
  readonly algorithm: AlgorithmNumber;
  readonly denial: Denial;
}

/** A zone as it is served, and what its parent has to say of it. */
export interface ServedZone {
  readonly name: string;
  /** A whole master file. */
  readonly file: string;
  /** RDATA of its DS records in master-file text; none for an insecure delegation. */
  readonly ds: readonly string[];
}

/** One of the programs that sign: with keys of its own making. */
export interface Signer {
  readonly name: "bind" | "ldns" | "knot";
  /** `folder` is for this zone alone. */
  sign(order: SigningOrder, folder: string): Promise<ServedZone>;
}

/** RSA keys are dear to make, so those zones have one key for both roles. */
export function hasSingleKey(algorithm: AlgorithmNumber): boolean {
  return algorithm === 8 || algorithm === 10;
}

/** The DS of even zones has SHA-256, that of odd ones SHA-384: both digests are used all over. */
export function digestOf(zone: string): 2 | 4 {
  return zone.length % 2 === 0 ? 2 : 4;
}

export const timeToLive = 300;

/** Writes the master file that is to be signed; returns its path. */
export function writeSource(source: ZoneSource, folder: string, more: readonly string[] = []): string {
  const file = path.join(folder, `${source.name}source`);
  const head = [
    `$ORIGIN ${source.name}`,
    `$TTL ${timeToLive}`,
    `@ IN SOA ns hostmaster 1 3600 600 86400 ${timeToLive}`,
    "@ IN NS ns",
    "ns IN A 127.0.0.1",
  ];
  writeFileSync(file, `${[...head, ...source.lines, ...more].join("\n")}\n`);
  return file;
}

/** Writes a signed zone, one record a line; returns its path. */
export function writeSigned(name: string, lines: readonly string[], folder: string): string {
  const file = path.join(folder, `${name}zone`);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}
