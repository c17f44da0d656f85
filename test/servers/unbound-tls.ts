import { writeFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "./ports.ts";
import { startServer, type RunningServer } from "./process.ts";
import { askSoa } from "./soa.ts";
import type { ServerAddress } from "./zone.ts";

export interface UnboundTlsOptions {
  /** The one zone that it resolves, from there. */
  readonly zone: string;
  readonly authority: ServerAddress;
  /** DNSKEY or DS as a line of a master file. */
  readonly anchor: string;
  /** PEM. */
  readonly certificate: { readonly cert: string; readonly key: string };
}

/** A validating resolver that is also spoken to over TLS and HTTPS. */
export interface UnboundTls extends RunningServer {
  readonly tlsPort: number;
  /** Its resource is `/dns-query`. */
  readonly httpsPort: number;
}

export async function startUnboundTls(options: UnboundTlsOptions): Promise<UnboundTls> {
  const ports = { tlsPort: await freePort(), httpsPort: await freePort() };
  const server = await startServer({
    kind: "unbound",
    program: "/usr/sbin/unbound",
    configure: (at) => configure(options, ports, at),
    // Its local zone: an answer with authority that needs nobody else.
    ready: async (at) => (await askSoa(at.address, at.port, "localhost.")) !== undefined,
  });
  return Object.assign(server, ports);
}

function configure(
  { zone, authority, anchor, certificate }: UnboundTlsOptions,
  { tlsPort, httpsPort }: { readonly tlsPort: number; readonly httpsPort: number },
  at: ServerAddress & { readonly folder: string },
): readonly string[] {
  const written = (name: string, text: string): string => {
    const file = path.join(at.folder, name);
    writeFileSync(file, text);
    return file;
  };
  const config = `
server:
    interface: ${at.address}@${at.port}
    interface: ${at.address}@${tlsPort}
    interface: ${at.address}@${httpsPort}
    tls-port: ${tlsPort}
    https-port: ${httpsPort}
    tls-service-pem: "${written("cert.pem", certificate.cert)}"
    tls-service-key: "${written("key.pem", certificate.key)}"
    trust-anchor-file: "${written("anchor", `${anchor}\n`)}"
    directory: "${at.folder}"
    pidfile: "${at.folder}/pid"
    chroot: ""
    username: ""
    use-syslog: no
    num-threads: 1
    do-ip6: no
    module-config: "validator iterator"
    do-not-query-localhost: no
    local-zone: "test." nodefault
stub-zone:
    name: "${zone}"
    stub-addr: ${authority.address}@${authority.port}
`;
  return ["-d", "-c", written("unbound.conf", config)];
}
