import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { EnrolledKey } from "../../src/core/authority/keys.ts";
import { fingerprintOf, readPublicKey } from "../../src/core/policy/ssh-key.ts";
import { writeArmour } from "../../src/signatures/sshsig.ts";
import { fromBase64 } from "../../src/values/octets.ts";
import { asSha256 } from "../../src/values/sha256.ts";
import { instant, parseInstant, type Instant } from "../../src/values/time.ts";

/** A folder for keys and signatures. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-signatures-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A key that ssh-keygen has made, without a passphrase unless one is given. */
export interface KeyFile {
  readonly file: string;
  readonly line: string;
}

export function makeKey(folder: string, type: "ed25519" | "ecdsa" | "rsa", bits = 256, passphrase = ""): KeyFile {
  const file = path.join(mkdtempSync(path.join(folder, "key-")), "id");
  must("ssh-keygen", ["-q", "-t", type, "-b", String(bits), "-N", passphrase, "-C", "a comment", "-f", file]);
  return { file, line: readFileSync(`${file}.pub`, "utf8").trim().split(" ").slice(0, 2).join(" ") };
}

/** What `ssh-keygen -Y sign` writes for a text. */
export function signedBySshKeygen(key: KeyFile, namespace: string, text: string, hash = "sha512"): string {
  return must("ssh-keygen", ["-q", "-Y", "sign", "-f", key.file, "-n", namespace, "-O", `hashalg=${hash}`], text);
}

/** Whether `ssh-keygen -Y verify` takes it, at a time such as `20260701000000Z`. */
export function acceptedBySshKeygen(
  folder: string,
  asked: {
    readonly signers: string;
    readonly person: string;
    readonly namespace: string;
    readonly text: string;
    /** The blob in base64. */
    readonly signature: string;
    readonly time?: string;
  },
): boolean {
  const place = mkdtempSync(path.join(folder, "verify-"));
  const [signers, signature] = [path.join(place, "allowed_signers"), path.join(place, "x.sig")];
  writeFileSync(signers, asked.signers);
  writeFileSync(signature, writeArmour(fromBase64(asked.signature) ?? new Uint8Array()));
  const time = asked.time === undefined ? [] : ["-O", `verify-time=${asked.time}`];
  const args = ["-Y", "verify", "-f", signers, "-I", asked.person, "-n", asked.namespace, "-s", signature, ...time];
  return spawnSync("/usr/bin/ssh-keygen", args, { input: asked.text }).status === 0;
}

/** A real ssh-agent with these keys, in the foreground, at a socket of its own. */
export async function startAgent(folder: string, keys: readonly KeyFile[]): Promise<RunningAgent> {
  const socket = path.join(mkdtempSync(path.join(folder, "agent-")), "socket");
  const child = spawn("/usr/bin/ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
  // It names its socket once it listens.
  await once(child.stdout, "data");
  const environment = { ...process.env, SSH_AUTH_SOCK: socket };
  for (const { file } of keys) must("ssh-add", ["-q", file], "", environment);
  return {
    environment,
    stop: async () => {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

export interface RunningAgent {
  readonly environment: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** An SSH key as the journal holds it, enrolled at the start of 2026 unless said otherwise. */
export function enrolled(
  line: string,
  { person = "ana", at = at2026, revokedAt = null }: Partial<Pick<EnrolledKey, "person" | "at" | "revokedAt">> = {},
): EnrolledKey {
  const key = readPublicKey(line);
  if (key.kind !== "key") throw new Error(key.why);
  return {
    fingerprint: fingerprintOf(key.line) ?? "",
    person,
    key: { method: "sshsig", line: key.line },
    statement: asSha256("0".repeat(64)),
    at,
    revokedAt,
  };
}

export function timeOf(text: string): Instant {
  return parseInstant(text) ?? instant(Number.NaN);
}

const at2026 = timeOf("2026-01-01T00:00:00Z");

function must(program: string, args: readonly string[], input = "", environment = process.env): string {
  const { status, stdout, stderr } = spawnSync(`/usr/bin/${program}`, args, {
    input,
    encoding: "utf8",
    env: environment,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return stdout;
}
