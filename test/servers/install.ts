import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Debian's package for each DNS program that the tests start, with what it needs beside it. */
const servers = new Map([
  ["/usr/sbin/named", ["bind9", "bind9-utils", "bind9-dnsutils"]],
  ["/usr/bin/dig", ["bind9-dnsutils"]],
  ["/usr/sbin/knotd", ["knot"]],
  ["/usr/sbin/nsd", ["nsd"]],
  ["/usr/sbin/unbound", ["unbound"]],
  ["/usr/bin/dnssec-signzone", ["bind9-utils"]],
  ["/usr/bin/delv", ["bind9-dnsutils"]],
  ["/usr/bin/ldns-signzone", ["ldnsutils"]],
  ["/usr/bin/kzonesign", ["knot-dnssecutils"]],
  ["/usr/sbin/pdns_server", ["pdns-server", "pdns-backend-sqlite3"]],
  ["/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql", ["pdns-backend-sqlite3"]],
]);

/** Other programs, which only some tests start. */
const tools = new Map([
  ["/usr/bin/ssh-keygen", ["openssh-client"]],
  ["/usr/bin/chromium", ["chromium"]],
]);
export type Tool = "/usr/bin/ssh-keygen" | "/usr/bin/chromium";

const policyFile = "/usr/sbin/policy-rc.d";

/** Packages that are not here; empty when the tests on real servers can run. */
export function missingPackages(): readonly string[] {
  return missingOf([...servers]);
}

/** Packages of these tools that are not here. */
export function missingTools(wanted: readonly string[] = [...tools.keys()]): readonly string[] {
  return missingOf([...tools].filter(([file]) => wanted.includes(file)));
}

function missingOf(programs: readonly (readonly [string, readonly string[]])[]): readonly string[] {
  const missing = programs.filter(([file]) => !existsSync(file)).flatMap(([, names]) => names);
  return [...new Set(missing)];
}

/** What a reader types to bring the servers. */
export function aptLine(names: readonly string[]): string {
  return `apt-get install --no-install-recommends ${names.join(" ")}`;
}

/**
 * Brings the missing servers by apt, as root, without starting any of them: while it runs, `policy-rc.d` forbids it
 * (invoke-rc.d(8): exit code 101), and afterwards that file is what it was. Returns why it could not, or `undefined`.
 */
export function installServers(): string | undefined {
  const missing = [...missingPackages(), ...missingTools()];
  if (missing.length === 0) return undefined;
  const line = aptLine(missing);
  if (process.getuid?.() !== 0) return `Programs for the tests are missing, and only root may install them: ${line}`;
  if (!existsSync("/usr/bin/apt-get")) return `Programs for the tests are missing, and there is no apt: ${line}`;
  const release = forbidDaemons();
  try {
    if (!apt("update") || !apt("install", "--yes", "--no-install-recommends", ...missing))
      return `This failed: ${line}`;
  } finally {
    release();
  }
  const still = [...missingPackages(), ...missingTools()];
  return still.length === 0 ? undefined : `Still missing after the installation: ${still.join(" ")}`;
}

function apt(...args: readonly string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // Standard output belongs to the test report; apt's own goes beside it.
  return (
    spawnSync("/usr/bin/apt-get", ["--quiet", ...args], { env: environment, stdio: ["ignore", 2, 2] }).status === 0
  );
}

const stopping = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const waitForApt = (): void => undefined;

function forbidDaemons(): () => void {
  const aside = `${policyFile}.before-pointsman`;
  if (existsSync(policyFile)) renameSync(policyFile, aside);
  const release = () => {
    if (existsSync(aside)) renameSync(aside, policyFile);
    else rmSync(policyFile, { force: true });
    for (const signal of stopping) process.off(signal, waitForApt);
  };
  // With a handler, a signal ends apt and then us, by way of `release`; without one, the file would stay.
  for (const signal of stopping) process.on(signal, waitForApt);
  writeFileSync(policyFile, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  return release;
}
