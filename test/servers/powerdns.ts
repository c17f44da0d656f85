import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startServer, type RunningServer } from "./process.ts";
import { askSoa, isSigned } from "./soa.ts";
import { readerKey, updateKey, writeZoneFile, type ServerAddress, type TestKey, type TestZone } from "./zone.ts";

export interface PowerdnsOptions {
  readonly zones: readonly TestZone[];
  /** May update every zone; {@link updateKey} unless given. */
  readonly tsigKey?: TestKey;
  readonly signed?: boolean;
}

const schema = "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql";

/** PowerDNS with its SQLite backend, taking TSIG-signed UPDATEs; its caches at their defaults, as people run it. */
export function startPowerdns(options: PowerdnsOptions): Promise<RunningServer> {
  return startServer({
    kind: "powerdns",
    program: "/usr/sbin/pdns_server",
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

function configure(options: PowerdnsOptions, at: ServerAddress & { readonly folder: string }): readonly string[] {
  const key = options.tsigKey ?? updateKey;
  const database = path.join(at.folder, "pdns.sqlite3");
  const lines = [
    "launch=gsqlite3",
    `gsqlite3-database=${database}`,
    "gsqlite3-dnssec=yes",
    `local-address=${at.address}`,
    `local-port=${at.port}`,
    `socket-dir=${at.folder}`,
    "daemon=no",
    "guardian=no",
    "write-pid=no",
    "disable-syslog=yes",
    "loglevel=5",
    "primary=yes",
    "only-notify=",
    "allow-axfr-ips=127.0.0.0/8",
    "dnsupdate=yes",
    "allow-dnsupdate-from=127.0.0.0/8",
    "receiver-threads=1",
    "distributor-threads=1",
    "version-string=anonymous",
    "security-poll-suffix=",
  ];
  writeFileSync(path.join(at.folder, "pdns.conf"), `${lines.join("\n")}\n`);
  const opened = new DatabaseSync(database);
  opened.exec(readFileSync(schema, "utf8"));
  const insert = opened.prepare("INSERT INTO tsigkeys (name, algorithm, secret) VALUES (?, ?, ?)");
  for (const each of [key, readerKey]) insert.run(withoutDot(each.name), each.algorithm, each.secret);
  opened.close();
  for (const zone of options.zones) {
    pdnsutil(at.folder, "load-zone", zone.name, writeZoneFile(at.folder, zone));
    pdnsutil(at.folder, "set-meta", zone.name, "TSIG-ALLOW-DNSUPDATE", withoutDot(key.name));
    pdnsutil(at.folder, "set-meta", zone.name, "SOA-EDIT-DNSUPDATE", "INCREASE");
    if (options.signed === true) pdnsutil(at.folder, "secure-zone", zone.name);
  }
  return [`--config-dir=${at.folder}`];
}

function pdnsutil(folder: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync("/usr/bin/pdnsutil", [`--config-dir=${folder}`, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`pdnsutil ${args.join(" ")}: ${stderr}`);
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, "");
}
