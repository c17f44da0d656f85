import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { bindProgram } from "../servers/bind.ts";
import { freePort } from "../servers/ports.ts";
import { startServer, type RunningServer } from "../servers/process.ts";
import { askSoa, isSigned } from "../servers/soa.ts";
import type { ServerAddress } from "../servers/zone.ts";
import { zoneName } from "./world.ts";

const execute = promisify(execFile);

type Algorithm = "ECDSAP256SHA256" | "ED25519";
export type Role = "ksk" | "zsk";

export interface SignerOptions {
  readonly records: readonly string[];
  readonly secondaries: readonly ServerAddress[];
  readonly parent: ServerAddress;
  /** The role whose keys live for seconds; null: all live for months. */
  readonly rolls: Role | null;
}

/** A primary that signs, and rolls its keys by itself. */
export interface RollingSigner extends RunningServer {
  /** From now on it signs with this algorithm, and so rolls. */
  changeAlgorithm(to: Algorithm): void;
  /** Told by the parent agent, where the signer does not look itself. */
  dsSeen(tag: number, is: "published" | "withdrawn"): Promise<void>;
}

const first: Algorithm = "ECDSAP256SHA256";

/** Seconds: what caches and nameservers take, by the signers' own policies. */
const timing = { keysTtl: 1, propagation: 1, safety: 2 } as const;

type Place = ServerAddress & { readonly folder: string };

function zoneText({ records }: SignerOptions): string {
  return `${["$TTL 1", "@ IN SOA ns1 hostmaster 1 3600 600 86400 1", ...records].join("\n")}\n`;
}

async function isReady(at: ServerAddress): Promise<boolean> {
  return (await askSoa(at.address, at.port, zoneName)) !== undefined && (await isSigned(at.address, at.port, zoneName));
}

/** BIND with a dnssec-policy, at 127.0.0.1: it listens on addresses of interfaces alone. */
export async function startRollingBind(options: SignerOptions): Promise<RollingSigner> {
  const controlPort = await freePort();
  const write = (at: Place, algorithm: Algorithm) =>
    writeFileSync(path.join(at.folder, "named.conf"), bindText(options, at, controlPort, algorithm));
  const server = await startServer({
    kind: "bind",
    program: bindProgram(),
    async configure(at) {
      mkdirSync(path.join(at.folder, "keys"));
      writeFileSync(path.join(at.folder, "zone"), zoneText(options));
      writeFileSync(path.join(at.folder, "rndc.conf"), controlKey);
      if (options.rolls === "zsk") await agedZoneKey(path.join(at.folder, "keys"));
      write(at, first);
      return ["-g", "-n", "1", "-c", path.join(at.folder, "named.conf")];
    },
    ready: isReady,
  });
  return Object.assign(server, {
    changeAlgorithm(to: Algorithm) {
      write(server, to);
      process.kill(server.pid, "SIGHUP");
    },
    async dsSeen(tag: number, is: "published" | "withdrawn") {
      const control = ["-s", server.address, "-p", `${controlPort}`, "-c", path.join(server.folder, "rndc.conf")];
      await execute("/usr/sbin/rndc", [...control, "dnssec", "-checkds", "-key", `${tag}`, is, zoneName]);
    },
  });
}

/**
 * The least that named takes for a ZSK, which lives longer than its rollover takes. Its signatures begin an hour before
 * they are made; of such a life more than a tenth is left when they are renewed.
 */
const zoneKeyLife = 75;
const signatureLife = 500;
const renewBefore = 445;

/** A zone key that is as old already as it may become, but for some seconds. */
async function agedZoneKey(folder: string): Promise<void> {
  const age = zoneKeyLife - 12;
  const times = ["-P", `now-${age}`, "-A", `now-${age}`];
  await execute("/usr/bin/dnssec-keygen", [
    "-q",
    "-K",
    folder,
    "-a",
    first,
    "-L",
    `${timing.keysTtl}`,
    ...times,
    zoneName,
  ]);
}

const controlKey = `key "control" { algorithm hmac-sha256; secret "cG9pbnRzbWFuIHRlc3Qga2V5LCBub3QgYSBzZWNyZXQ="; };
options { default-key "control"; };
`;

function bindText({ rolls, secondaries }: SignerOptions, at: Place, controlPort: number, algorithm: Algorithm): string {
  const { keysTtl, propagation, safety } = timing;
  const lives = { ksk: rolls === "ksk" ? "PT20S" : "P60D", zsk: rolls === "zsk" ? `PT${zoneKeyLife}S` : "P60D" };
  return `
${controlKey.split("\n")[0]}
controls { inet 127.0.0.1 port ${controlPort} allow { any; } keys { control; }; };
options {
  directory "${at.folder}";
  listen-on port ${at.port} { ${at.address}; };
  listen-on-v6 { none; };
  pid-file none;
  lock-file none;
  session-keyfile "${at.folder}/session.key";
  key-directory "${at.folder}/keys";
  recursion no;
  dnssec-validation no;
  allow-transfer { any; };
  notify explicit;
  notify-delay 0;
  also-notify { ${secondaries.map((server) => `${server.address} port ${server.port};`).join(" ")} };
};
logging { category default { default_stderr; }; };
dnssec-policy quick {
  keys { ksk lifetime ${lives.ksk} algorithm ${algorithm}; zsk lifetime ${lives.zsk} algorithm ${algorithm}; };
  dnskey-ttl ${keysTtl};
  max-zone-ttl 1;
  zone-propagation-delay ${propagation};
  publish-safety ${safety};
  retire-safety ${safety};
  purge-keys 0;
  parent-ds-ttl 1;
  parent-propagation-delay 1;
  signatures-validity ${signatureLife};
  signatures-validity-dnskey ${signatureLife};
  signatures-refresh ${renewBefore};
  signatures-jitter 0;
};
zone "${zoneName}" { type primary; file "zone"; dnssec-policy quick; inline-signing yes; };
`;
}

/** Knot, which asks the parent itself whether the DS is there. */
export async function startRollingKnot(options: SignerOptions): Promise<RollingSigner> {
  const write = (at: Place, algorithm: Algorithm) =>
    writeFileSync(path.join(at.folder, "knot.conf"), knotText(options, at, algorithm));
  const server = await startServer({
    kind: "knot",
    program: "/usr/sbin/knotd",
    configure(at) {
      mkdirSync(path.join(at.folder, "db"));
      writeFileSync(path.join(at.folder, "zone"), zoneText(options));
      write(at, first);
      return ["-c", path.join(at.folder, "knot.conf")];
    },
    ready: isReady,
  });
  return Object.assign(server, {
    changeAlgorithm(to: Algorithm) {
      write(server, to);
      process.kill(server.pid, "SIGHUP");
    },
    dsSeen: () => Promise.resolve(),
  });
}

function knotText({ rolls, secondaries, parent }: SignerOptions, at: Place, algorithm: Algorithm): string {
  const { keysTtl, propagation, safety } = timing;
  const remotes = secondaries.map(
    ({ address, port }, index) => `  - id: secondary${index}\n    address: ${address}@${port}`,
  );
  const seconds = { ksk: rolls === "ksk" ? 12 : 0, zsk: rolls === "zsk" ? 12 : 0 };
  return `
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
remote:
  - id: parent
    address: ${parent.address}@${parent.port}
${remotes.join("\n")}
acl:
  - id: transfer
    address: 127.0.0.0/8
    action: transfer
submission:
  - id: parent
    parent: parent
    check-interval: 3
policy:
  - id: quick
    algorithm: ${algorithm}
    dnskey-ttl: ${keysTtl}
    zone-max-ttl: 1
    propagation-delay: ${propagation + safety}
    zsk-lifetime: ${seconds.zsk}
    ksk-lifetime: ${seconds.ksk}
    ksk-submission: parent
zone:
  - domain: ${zoneName}
    file: "${at.folder}/zone"
    acl: transfer
    notify: [${secondaries.map((_, index) => `secondary${index}`).join(", ")}]
    dnssec-signing: on
    dnssec-policy: quick
    zonefile-sync: -1
    zonefile-load: difference
    journal-content: all
`;
}
