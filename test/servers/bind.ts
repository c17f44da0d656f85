import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startServer, type RunningServer } from "./process.ts";
import { askSoa, isSigned } from "./soa.ts";
import { readerKey, updateKey, writeZoneFile, type ServerAddress, type TestKey, type TestZone } from "./zone.ts";

export interface BindOptions {
  readonly zones: readonly TestZone[];
  /** Views before the one of all others, which has `zones`; told apart by the address of who asks. */
  readonly views?: readonly BindView[];
  /** May update every zone; {@link updateKey} unless given. */
  readonly tsigKey?: TestKey;
  /** Secondaries that it notifies itself. */
  readonly notifyTo?: readonly ServerAddress[];
  /** `dnssec-policy default`; ready only once the zones are signed. */
  readonly signed?: boolean;
}

interface BindView {
  readonly name: string;
  readonly clients: readonly string[];
  readonly zones: readonly TestZone[];
}

const program = "/usr/sbin/named";

/** BIND 9 as a primary that takes TSIG-signed UPDATEs and gives IXFR from its journal. */
export function startBind(options: BindOptions): Promise<RunningServer> {
  return startServer({
    kind: "bind",
    program: bindProgram(),
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

function configure(options: BindOptions, at: ServerAddress & { readonly folder: string }): readonly string[] {
  const key = options.tsigKey ?? updateKey;
  const notify = (options.notifyTo ?? []).map((server) => `${server.address} port ${server.port};`).join(" ");
  mkdirSync(path.join(at.folder, "keys"));
  const clause = (zone: TestZone, folder: string): string =>
    zoneClause(zone, writeZoneFile(folder, zone), key, options.signed);
  const inView = ({ name, clients, zones }: BindView): string => {
    const folder = path.join(at.folder, name);
    mkdirSync(folder, { recursive: true });
    const clauses = zones.map((zone) => clause(zone, folder)).join("\n");
    return `view "${name}" { match-clients { ${clients.map((client) => `${client};`).join(" ")} };\n${clauses}\n};`;
  };
  const zones = options.zones.map((zone) => clause(zone, at.folder)).join("\n");
  const text = `
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
  notify ${notify === "" ? "no" : "explicit"};
  ${notify === "" ? "" : `also-notify { ${notify} };`}
};
controls { };
logging { category default { default_stderr; }; };
${[key, readerKey].map(keyClause).join("\n")}
${options.views === undefined ? zones : [...options.views.map(inView), `view "all" { match-clients { any; };\n${zones}\n};`].join("\n")}
`;
  const file = path.join(at.folder, "named.conf");
  writeFileSync(file, text);
  return ["-g", "-n", "1", "-c", file];
}

function keyClause(key: TestKey): string {
  return `key "${key.name}" { algorithm ${key.algorithm}; secret "${key.secret}"; };`;
}

function zoneClause(zone: TestZone, file: string, key: TestKey, signed: boolean | undefined): string {
  const policy = signed === true ? "dnssec-policy default;" : "";
  return `zone "${zone.name}" { type primary; file "${file}"; allow-update { key "${key.name}"; }; ${policy} };`;
}

/** Ubuntu confines /usr/sbin/named by its path, away from the folders of a test; a copy of the program is not confined. */
export function bindProgram(): string {
  const profiles = "/sys/kernel/security/apparmor/profiles";
  if (!existsSync(profiles) || !readFileSync(profiles, "utf8").includes("named (enforce)")) return program;
  const copy = path.join(process.env["TMPDIR"] ?? "/tmp", `pointsman-named-${process.pid}`);
  if (!existsSync(copy)) {
    copyFileSync(program, copy);
    process.on("exit", () => rmSync(copy, { force: true }));
  }
  return copy;
}
