import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { freePort } from "./ports.ts";
import { startServer, type RunningServer } from "./process.ts";
import { askSoa } from "./soa.ts";
import type { ServerAddress } from "./zone.ts";

export interface UnboundOptions {
  /** Zones whose nameserver is `authority`; every other name is unreachable. */
  readonly zones: readonly string[];
  readonly authority: ServerAddress;
  /** DNSKEY or DS as a line of a master file. */
  readonly anchor: string;
  /** More lines of its server clause. */
  readonly server?: readonly string[];
}

/** A validating resolver. */
export interface Unbound extends RunningServer {
  /** Forgets all that it has learnt. */
  forget(): Promise<void>;
}

/** Unbound over one authoritative server that has every zone, validating from an anchor of the test's own. */
export async function startUnbound(options: UnboundOptions): Promise<Unbound> {
  const controlPort = await freePort();
  const server = await startServer({
    kind: "unbound",
    program: "/usr/sbin/unbound",
    configure: (at) => configure(options, controlPort, at),
    // Its local zone: an answer with authority that needs nobody else.
    ready: async (at) => (await askSoa(at.address, at.port, "localhost.")) !== undefined,
  });
  const forget = async () => {
    await control(controlPort, "flush_zone .");
    await control(controlPort, "flush_infra all");
  };
  return Object.assign(server, { forget });
}

function configure(
  options: UnboundOptions,
  controlPort: number,
  at: ServerAddress & { readonly folder: string },
): readonly string[] {
  const anchors = path.join(at.folder, "anchors");
  writeFileSync(anchors, `${options.anchor}\n`);
  const { address, port } = options.authority;
  const text = `
server:
    interface: ${at.address}@${at.port}
    directory: "${at.folder}"
    pidfile: "${at.folder}/pid"
    chroot: ""
    username: ""
    use-syslog: no
    verbosity: 1
    num-threads: 1
    do-ip6: no
    module-config: "validator iterator"
    trust-anchor-file: "${anchors}"
    do-not-query-localhost: no
    qname-minimisation: no
    local-zone: "test." nodefault
    val-log-level: 2
${(options.server ?? []).map((line) => `    ${line}`).join("\n")}
remote-control:
    control-enable: yes
    control-interface: ${at.address}
    control-port: ${controlPort}
    control-use-cert: no
${options.zones.map((zone) => `stub-zone:\n    name: "${zone}"\n    stub-addr: ${address}@${port}`).join("\n")}
`;
  const file = path.join(at.folder, "unbound.conf");
  writeFileSync(file, text);
  return ["-d", "-c", file];
}

/** One command in the protocol of unbound-control, without its TLS. @throws Error when it is not answered with `ok`. */
function control(port: number, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(`UBCT1 ${command}\n`));
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.on("error", reject);
    socket.on("close", () => {
      if (answer.startsWith("ok")) resolve();
      else reject(new Error(`unbound-control ${command}: ${answer}`));
    });
  });
}
