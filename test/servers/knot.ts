import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startServer, type RunningServer } from "./process.ts";
import { askSoa, isSigned } from "./soa.ts";
import { readerKey, updateKey, writeZoneFile, type ServerAddress, type TestKey, type TestZone } from "./zone.ts";

export interface KnotOptions {
  readonly zones: readonly TestZone[];
  /** May update every zone; {@link updateKey} unless given. */
  readonly tsigKey?: TestKey;
  /** Secondaries that it notifies itself. */
  readonly notifyTo?: readonly ServerAddress[];
  readonly signed?: boolean;
}

/** Knot DNS as a primary that takes TSIG-signed UPDATEs and gives IXFR from its journal. */
export function startKnot(options: KnotOptions): Promise<RunningServer> {
  return startServer({
    kind: "knot",
    program: "/usr/sbin/knotd",
    configure: (at) => configure(options, at),
    ready: async (at) => {
      const answers = await Promise.all(
        options.zones.map((zone) =>
          options.signed === true
            ? isSigned(at.address, at.port, zone.name)
            : askSoa(at.address, at.port, zone.name).then((count) => count !== undefined),
        ),
      );
      return answers.every(Boolean);
    },
  });
}

function configure(options: KnotOptions, at: ServerAddress & { readonly folder: string }): readonly string[] {
  const key = options.tsigKey ?? updateKey;
  const secondaries = options.notifyTo ?? [];
  mkdirSync(path.join(at.folder, "db"));
  const text = `
server:
    rundir: "${at.folder}"
    listen: ${at.address}@${at.port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
database:
    storage: "${at.folder}/db"
    journal-db-max-size: 16M
    kasp-db-max-size: 16M
    timer-db-max-size: 16M
key:
${[key, readerKey].map(keyClause).join("\n")}
acl:
  - id: update
    key: ${key.name}
    action: update
  - id: transfer
    address: 127.0.0.0/8
    action: transfer
${secondaries.length === 0 ? "" : `remote:\n${secondaries.map(remoteClause).join("\n")}`}
zone:
${options.zones.map((zone) => zoneClause(zone, writeZoneFile(at.folder, zone), options)).join("\n")}
`;
  const file = path.join(at.folder, "knot.conf");
  writeFileSync(file, text);
  return ["-c", file];
}

function keyClause(key: TestKey): string {
  return `  - id: ${key.name}\n    algorithm: ${key.algorithm}\n    secret: ${key.secret}`;
}

function remoteClause(server: ServerAddress, index: number): string {
  return `  - id: secondary${index}\n    address: ${server.address}@${server.port}`;
}

function zoneClause(zone: TestZone, file: string, options: KnotOptions): string {
  const notify = (options.notifyTo ?? []).map((_, index) => `secondary${index}`).join(", ");
  return [
    `  - domain: ${zone.name}`,
    `    file: "${file}"`,
    "    acl: [update, transfer]",
    ...(notify === "" ? [] : [`    notify: [${notify}]`]),
    ...(options.signed === true ? ["    dnssec-signing: on"] : []),
  ].join("\n");
}
