import { writeFileSync } from "node:fs";
import path from "node:path";

/** A zone that a test server publishes. */
export interface TestZone {
  /** Absolute, lower case, with its final dot. */
  readonly name: string;
  /** Lines of a master file below the SOA and NS, relative to the zone: `login 60 IN A 192.0.2.10`. */
  readonly records: readonly string[];
}

/** A TSIG key as server configuration has it. */
export interface TestKey {
  /** Absolute, lower case, with its final dot. */
  readonly name: string;
  readonly algorithm: "hmac-sha256" | "hmac-sha384" | "hmac-sha512";
  /** Base64. */
  readonly secret: string;
}

/** May update the zones of the test servers. */
export const updateKey: TestKey = {
  name: "pointsman-update.",
  algorithm: "hmac-sha256",
  secret: "cG9pbnRzbWFuIHRlc3Qga2V5LCBub3QgYSBzZWNyZXQ=",
};

/** Known to the test servers, and not allowed to update anything. */
export const readerKey: TestKey = {
  name: "pointsman-reader.",
  algorithm: "hmac-sha256",
  secret: "YW5vdGhlciB0ZXN0IGtleSB0aGF0IG1heSBub3Qgd3I=",
};

export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

/** A zone that stands in a master file already, whole. */
export interface ZoneFile {
  readonly name: string;
  readonly file: string;
}

/** Writes the zone's master file into `folder`; returns its path. */
export function writeZoneFile(folder: string, zone: TestZone | ZoneFile): string {
  if ("file" in zone) return zone.file;
  const file = path.join(folder, `${zone.name}zone`);
  const head = [
    `$ORIGIN ${zone.name}`,
    "$TTL 60",
    "@ IN SOA ns1 hostmaster 1 3600 600 86400 5",
    "@ IN NS ns1",
    "ns1 IN A 127.0.0.1",
  ];
  writeFileSync(file, `${[...head, ...zone.records].join("\n")}\n`);
  return file;
}
