import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startStatementListener } from "../src/api/routes/statement-listener.ts";
import { dutiesOfAct } from "../src/core/authority/acts.ts";
import { saysOf } from "../src/core/authority/says.ts";
import { shownIn } from "../src/core/authority/shown.ts";
import { namespaceOf, statementText, type SignedStatement, type Statement } from "../src/core/authority/statement.ts";
import { termsOf } from "../src/core/authority/terms.ts";
import { fingerprintOf } from "../src/core/policy/ssh-key.ts";
import { listenerKey } from "../src/credentials/listener-key.ts";
import { systemClock } from "../src/platform/clock.ts";
import { systemEntropy } from "../src/platform/entropy.ts";
import type { NameserverEndpoint } from "../src/ports/records.ts";
import type { CommandResult } from "../src/ports/operations.ts";
import { invariant } from "../src/values/invariant.ts";
import { toHex } from "../src/values/octets.ts";
import { add, minute } from "../src/values/time.ts";
import { postPinned } from "../src/wiring/signing.ts";
import { startBind } from "../test/servers/bind.ts";
import { startNsd } from "../test/servers/nsd.ts";
import { freePort } from "../test/servers/ports.ts";
import { softwareKey, type SoftwareKey } from "../test/signatures/software-key.ts";
import { addresses, startInstallation, zone, type Installation, type SiteId } from "./overhead/installation.ts";
import { spreadOf } from "./table.ts";

export interface StatementsRow {
  readonly what: string;
  readonly ms: string;
  readonly junk: string;
}

const runs = 9;
const junkFile = fileURLToPath(new URL("statements/junk.ts", import.meta.url));

/** An approval's way to DNS: by the socket's lane and by the listener, alone and beside junk at one core's full rate. */
export async function benchStatements(): Promise<readonly StatementsRow[]> {
  const zones = [{ name: zone, records: [`login 1 IN A ${addresses.fra}`] }];
  const bind = await startBind({ zones });
  const nsd = await startNsd({ zones, primary: bind, port: await freePort() });
  const bench = await startBench(
    { name: "ns1.example.net", address: bind.address, port: bind.port },
    { name: "ns2.example.net", address: nsd.address, port: nsd.port },
  );
  try {
    const quiet = await bench.round("socket", runs);
    const listened = await bench.round("listener", runs);
    const junk = await startJunk(bench);
    const besideSocket = await bench.round("socket", runs);
    const besideListener = await bench.round("listener", runs);
    const refused = bench.refused();
    junk.kill("SIGKILL");
    return [
      row("by the socket's lane", quiet, "none"),
      row("by the TLS listener", listened, "none"),
      row("by the socket's lane", besideSocket, refused),
      row("by the TLS listener, from another address", besideListener, refused),
    ];
  } finally {
    await bench.stop();
    await Promise.all([bind.stop(), nsd.stop()]);
  }
}

function row(what: string, list: readonly number[], junk: string): StatementsRow {
  const { minimum, median, maximum } = spreadOf(list);
  return { what, ms: `${median.toFixed(1)} (${minimum.toFixed(1)}-${maximum.toFixed(1)})`, junk };
}

type Way = "socket" | "listener";

interface Bench {
  readonly port: number;
  /** A statement under the approver's fingerprint whose signature is nobody's. */
  readonly forged: SignedStatement;
  round(way: Way, many: number): Promise<readonly number[]>;
  refused(): string;
  stop(): Promise<void>;
}

async function startBench(primary: NameserverEndpoint, secondary: NameserverEndpoint): Promise<Bench> {
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-bench-"));
  const keys = { ana: softwareKey("sk-ssh-ed25519@openssh.com"), ben: softwareKey("sk-ssh-ed25519@openssh.com") };
  let reached: ((at: number) => void) | undefined;
  const installation = await startInstallation(primary, secondary, {
    people: { approver: keys.ana.line, declarer: keys.ben.line },
    onWrite: () => reached?.(performance.now()),
  });
  const { controller } = installation;
  const clock = systemClock();
  const { pin, ...secrets } = listenerKey(folder, null, clock);
  const listener = await startStatementListener({
    operations: controller,
    address: "127.0.0.1",
    port: 0,
    ...secrets,
    passkeys: null,
    clock,
    log: { write: () => undefined },
  });
  installation.see("none");
  await until(() => controller.state("login")?.placement !== null);
  for (const [person, key] of Object.entries(keys)) {
    const id = fingerprintOf(key.line) ?? "";
    const terms = { key: key.line };
    const enrolment = sign(installation, person, key, "enrol", { type: "key", id, hash: null }, terms);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    accepted(await bySocket(installation, enrolment));
  }
  invariant(controller.world().authority.mode === "signed", "everybody is enrolled");

  async function approveBy(way: Way): Promise<number> {
    await until(() => controller.state("login")?.failover === null);
    const to: SiteId = JSON.stringify(controller.state("login")?.placement).includes('"fra"') ? "iad" : "fra";
    installation.see("none");
    const login = { type: "service", id: "login", hash: null };
    accepted(
      await bySocket(
        installation,
        sign(installation, "ben", keys.ben, "declare", login, { move: { kind: "to", site: to } }),
      ),
    );
    const failover = controller.state("login")?.failover;
    invariant(failover !== null && failover !== undefined, "what was declared is open");
    const subject = { type: "plan", id: failover.id, hash: failover.planHash };
    const approval = sign(installation, "ana", keys.ana, "approve", subject, {});
    const written = new Promise<number>((resolve) => (reached = resolve));
    const start = performance.now();
    if (way === "socket") accepted(await bySocket(installation, approval));
    else await byListener(approval);
    return (await written) - start;
  }

  async function byListener(signed: SignedStatement): Promise<void> {
    const body = JSON.stringify({ v: 1, ...signed });
    const { ok, text } = await postPinned({ host: "127.0.0.1", port: listener.port, path: "/statements", pin }, body);
    invariant(ok, `the approver's own statement is taken: ${text}`);
  }

  const forged = sign(
    installation,
    "ana",
    keys.ben,
    "stop",
    { type: "service", id: "login", hash: null },
    {},
    keys.ana,
  );
  return {
    port: listener.port,
    forged,
    async round(way, many) {
      const took: number[] = [];
      for (let run = -1; run < many; run += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one move after the other
        const ms = await approveBy(way);
        if (run >= 0) took.push(ms);
      }
      return took;
    },
    refused: () =>
      controller
        .statementCounts()
        .filter(({ code }) => code !== null)
        .map(({ code, count }) => `${count} ${code}`)
        .join(", "),
    async stop() {
      await listener.close();
      await installation.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function bySocket({ controller }: Installation, signed: SignedStatement): Promise<CommandResult> {
  return controller.submitStatement(signed, null, { lane: "socket", from: "socket" });
}

function accepted(result: CommandResult): void {
  invariant(result.accepted, `it is accepted: ${JSON.stringify(result)}`);
}

/** As a person's machine makes and signs it; `named`: the key that it claims. */
function sign(
  { controller }: Installation,
  person: string,
  key: SoftwareKey,
  kind: "enrol" | "declare" | "approve" | "stop",
  subject: Statement["subject"],
  terms: Statement["terms"],
  named: SoftwareKey = key,
): SignedStatement {
  const { now, installation, policy, log } = controller.basis();
  const duty = dutiesOfAct[kind][0];
  const plain: Statement = {
    v: 1,
    kind,
    installation,
    nonce: toHex(systemEntropy().octets(16)),
    by: { person, key: fingerprintOf(named.line) ?? "" },
    as: { duty, role: duty === null ? null : person === "ana" ? "owner" : "operator", delegation: null },
    subject,
    terms,
    says: [""],
    basis: null,
    policy: { ...policy },
    log: { ...log },
    incident: null,
    reason: null,
    notBefore: now,
    expires: add(now, 5 * minute),
  };
  const read = termsOf(plain);
  const says = read && saysOf(read, shownIn(controller.world(), read, now));
  const statement = statementText({ ...plain, says: [...(says ?? [""])] });
  return { statement, proof: { method: "sshsig", signature: key.sign(statement, namespaceOf(kind), { flags: 1 }) } };
}

async function startJunk({ port, forged }: Bench): Promise<ChildProcess> {
  const signature = "signature" in forged.proof ? forged.proof.signature : "";
  const child = fork(junkFile, [String(port), forged.statement, signature], { stdio: "inherit" });
  await once(child, "message");
  return child;
}

async function until(condition: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!condition()) {
    invariant(performance.now() - startedAt < 60_000, "the controller gets there within a minute");
    // oxlint-disable-next-line no-await-in-loop -- polling
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
