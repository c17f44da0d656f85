import { writeFileSync } from "node:fs";
import path from "node:path";
import { startServer, type RunningServer } from "./process.ts";
import { askSoa } from "./soa.ts";
import { writeZoneFile, type ServerAddress, type TestZone, type ZoneFile } from "./zone.ts";

export interface NsdOptions {
  readonly zones: readonly (TestZone | ZoneFile)[];
  /** It takes the zones from there by NOTIFY and IXFR; without one it publishes them as they are. */
  readonly primary?: ServerAddress;
  /** Another one of 127.0.0.0/8, where several servers share a port. */
  readonly address?: string;
  /** Chosen beforehand by `freePort`, where the primary is to know it. */
  readonly port?: number;
  /** Least time between two reloads; NSD's own default is 1 s, here 0, so that one test does not slow the next. */
  readonly reloadSeconds?: number;
}

/** NSD as secondary of another server, or as a nameserver that never changes. */
export function startNsd(options: NsdOptions): Promise<RunningServer> {
  return startServer({
    kind: "nsd",
    program: "/usr/sbin/nsd",
    address: options.address,
    port: options.port,
    configure: (at) => configure(options, at),
    ready: async (at) => {
      const answers = await Promise.all(options.zones.map((zone) => askSoa(at.address, at.port, zone.name)));
      return answers.every((count) => count !== undefined);
    },
  });
}

// Its limit on the rate of responses would drop what a bench asks for, or send it to TCP.
function configure(options: NsdOptions, at: ServerAddress & { readonly folder: string }): readonly string[] {
  const text = `
server:
    ip-address: ${at.address}@${at.port}
    do-ip6: no
    server-count: 1
    username: ""
    database: ""
    zonesdir: "${at.folder}"
    pidfile: "${at.folder}/pid"
    xfrdfile: "${at.folder}/xfrd.state"
    xfrdir: "${at.folder}"
    zonelistfile: "${at.folder}/zone.list"
    rrl-ratelimit: 0
    xfrd-reload-timeout: ${options.reloadSeconds ?? 0}
    verbosity: 1
remote-control:
    control-enable: no
${options.zones.map((zone) => zoneClause(zone, at.folder, options.primary)).join("\n")}
`;
  const file = path.join(at.folder, "nsd.conf");
  writeFileSync(file, text);
  return ["-d", "-c", file];
}

function zoneClause(zone: TestZone | ZoneFile, folder: string, primary: ServerAddress | undefined): string {
  const file = primary === undefined ? writeZoneFile(folder, zone) : path.join(folder, `${zone.name}zone`);
  const from = primary && [
    `    request-xfr: ${primary.address}@${primary.port} NOKEY`,
    "    allow-notify: 127.0.0.0/8 NOKEY",
  ];
  return ["zone:", `    name: "${zone.name}"`, `    zonefile: "${file}"`, ...(from ?? [])].join("\n");
}
