import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isatty } from "node:tty";
import { readPublicKey } from "../core/policy/ssh-key.ts";
import { toBase64 } from "../values/octets.ts";
import type { Refusal } from "../values/refusal.ts";
import { PointsmanError } from "../values/refusal.ts";
import { decodeSshsig, readArmour } from "./sshsig.ts";

/** Where the signer's key is. */
export type KeySource =
  /** A private key file, of a hardware key too; or a `.pub` file whose private half an agent holds. */
  | { readonly kind: "file"; readonly file: string }
  /** A key of the running ssh-agent, named by its public key line. */
  | { readonly kind: "agent"; readonly line: string };

export type SigningFault =
  /** There is no ssh-keygen, or no agent. */
  | "signer-unavailable"
  /** The key's file cannot be read, or is none of ours. */
  | "key-unavailable"
  /** ssh-keygen would not: a wrong passphrase, no touch, a key that the agent lacks. */
  | "signer-refused"
  /** It ended without a signature of this namespace. */
  | "signature-malformed";

export interface Signer {
  /**
   * Signs the text's octets by `ssh-keygen -Y sign`; the SSHSIG blob in base64, as a proof holds it. A passphrase or a
   * touch is asked for on the terminal.
   * @throws PointsmanError with a {@link SigningFault}.
   */
  sign(text: string, namespace: string, key: KeySource): Promise<string>;
  /** The public key of a source, in normal form, for the statement to name. @throws PointsmanError likewise. */
  publicKey(key: KeySource): Promise<string>;
  /** Lines of the keys that the running agent holds, those of kinds that we take. @throws PointsmanError likewise. */
  agentKeys(): Promise<readonly string[]>;
}

/** Signs with the OpenSSH programs of this machine, found by `PATH` of `environment`; nothing is written to a log. */
export function sshSigner(environment: NodeJS.ProcessEnv): Signer {
  return {
    sign: (text, namespace, key) =>
      withKeyFile(key, async (file) => {
        const armour = await run("ssh-keygen", ["-q", "-Y", "sign", "-f", file, "-n", namespace], text, environment);
        const blob = readArmour(armour);
        if (blob === undefined || decodeSshsig(blob)?.namespace !== namespace) throw noSignature(namespace);
        return toBase64(blob);
      }),
    publicKey: async (key) => {
      if (key.kind === "agent") return lineOf(key.line, "the agent");
      const beside = key.file.endsWith(".pub") ? key.file : `${key.file}.pub`;
      const found = existsSync(beside)
        ? read(beside)
        : await run("ssh-keygen", ["-y", "-f", existing(key.file)], "", environment);
      return lineOf(found.trim(), key.file);
    },
    agentKeys: async () => {
      const lines = await run("ssh-add", ["-L"], "", environment);
      return lines.split("\n").flatMap((line) => {
        const key = readPublicKey(line.trim());
        return key.kind === "key" ? [key.line] : [];
      });
    },
  };
}

/** ssh-keygen knows a key of the agent by a file with its public half. */
async function withKeyFile<Result>(key: KeySource, use: (file: string) => Promise<Result>): Promise<Result> {
  if (key.kind === "file") return use(existing(key.file));
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-key-"));
  try {
    const file = path.join(folder, "key.pub");
    writeFileSync(file, `${lineOf(key.line, "the agent")}\n`, { mode: 0o600 });
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program without a shell and gives its standard output. Where there is a terminal, its messages go there. */
function run(program: string, args: readonly string[], input: string, environment: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    // ssh-keygen asks for a touch on standard error, and only when that is a terminal; a passphrase on /dev/tty.
    const messages = isatty(2) ? "inherit" : "pipe";
    const child = spawn(program, args, { env: environment, stdio: ["pipe", "pipe", messages] });
    let output = "";
    let said = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.stdin?.on("error", () => undefined); // it may end before it has read; its status tells
    child.stdin?.end(input);
    child.on("error", () => reject(unavailable(program)));
    child.on("close", (status) => {
      if (status === 0) resolve(output);
      else reject(program === "ssh-add" && status === 2 ? noAgent() : refusedBy(program, said));
    });
  });
}

function lineOf(text: string, from: string): string {
  const key = readPublicKey(text.split("\n")[0] ?? "");
  if (key.kind === "key") return key.line;
  throw failure("key-unavailable", {
    says: `The public key of ${from} cannot be used: ${key.why}.`,
    figures: { from },
    mend: "Sign with a key that is enrolled; `pointsman authority` lists them.",
  });
}

function existing(file: string): string {
  if (existsSync(file)) return file;
  throw noFile(file);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw noFile(file);
  }
}

function noFile(file: string): PointsmanError {
  return failure("key-unavailable", {
    says: `The key file ${file} is not there, or may not be read.`,
    figures: { file },
    mend: "Name the file of your private key, or of the public key of one that your ssh-agent holds.",
  });
}

function unavailable(program: string): PointsmanError {
  return failure("signer-unavailable", {
    says: `The program ${program} cannot be started.`,
    figures: { program },
    mend: "Install the OpenSSH client, or sign on another machine: `pointsman statement make`, then `ssh-keygen -Y sign`.",
  });
}

function noAgent(): PointsmanError {
  return failure("signer-unavailable", {
    says: "No ssh-agent can be reached.",
    figures: {},
    mend: "Start one, and add your key with ssh-add; or name the key's file.",
  });
}

function refusedBy(program: string, said: string): PointsmanError {
  const reason = said.trim().split("\n").at(-1) ?? "";
  return failure("signer-refused", {
    says: `${program} did not sign${reason === "" ? "" : `: ${reason.slice(0, 200)}`}.`,
    figures: { program },
    mend: "Look whether the passphrase is right, the hardware key was touched, and the agent holds this key.",
  });
}

function noSignature(namespace: string): PointsmanError {
  return failure("signature-malformed", {
    says: `ssh-keygen ended well, and gave no signature for the namespace ${namespace}.`,
    figures: { namespace },
    mend: "OpenSSH 8.1 or later is needed; `ssh -V` tells which this is.",
  });
}

function failure(code: SigningFault, refusal: Omit<Refusal, "code">): PointsmanError {
  return new PointsmanError({ code, ...refusal });
}
