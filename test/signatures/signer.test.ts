import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { sshSigner, type KeySource, type SigningFault } from "../../src/signatures/signer.ts";
import { statementVerifier } from "../../src/signatures/statement-verifier.ts";
import { PointsmanError } from "../../src/values/refusal.ts";
import { describeWithTools } from "../servers/available.ts";
import { makeKey, startAgent, temporaryFolder } from "./ssh-keygen.ts";

const namespace = "approve@pointsman";
const passphrase = "correct horse battery staple";

describeWithTools(["/usr/bin/ssh-keygen"], "the signer", () => {
  const { folder, remove } = temporaryFolder();
  const key = makeKey(folder, "ed25519");
  const locked = makeKey(folder, "ed25519", 256, passphrase);
  afterAll(remove);

  /** Asks for passphrases by a program instead of the terminal, which is what a desktop does. */
  const answering = (answer: string): NodeJS.ProcessEnv => {
    const program = path.join(mkdtempSync(path.join(folder, "askpass-")), "answer");
    writeFileSync(program, `#!/bin/sh\n${answer}\n`);
    chmodSync(program, 0o700);
    const { SSH_AUTH_SOCK: _, ...environment } = process.env;
    return { ...environment, SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: "force", DISPLAY: ":none" };
  };

  /** The public half of a key that nobody has any more. */
  const lost = (): string => {
    const { file } = makeKey(folder, "ed25519");
    rmSync(file);
    return `${file}.pub`;
  };

  it("signs with a key under a passphrase, which OpenSSH asks for itself", async () => {
    const signature = await sshSigner(answering(`echo "${passphrase}"`)).sign("text", namespace, {
      kind: "file",
      file: locked.file,
    });
    const signed = { statement: "text", proof: { method: "sshsig", signature } } as const;
    const check = await statementVerifier().verify(signed, { method: "sshsig", line: locked.line }, namespace);
    expect(check).toEqual({ valid: true, userVerified: null });
  });

  it("signs exactly the octets that it is given: no line end, no locale", async () => {
    const text = '{"says":["ñandú — 指差喚呼"]}';
    const signer = sshSigner({ ...process.env, LC_ALL: "C" });
    const signature = await signer.sign(text, namespace, { kind: "file", file: key.file });
    const signed = { statement: text, proof: { method: "sshsig", signature } } as const;
    const check = await statementVerifier().verify(signed, { method: "sshsig", line: key.line }, namespace);
    expect(check.valid).toBe(true);
  });

  it("passes file names and namespaces as they are, and no shell reads them", async () => {
    const touched = path.join(folder, "touched");
    const file = `${key.file}; touch $TOUCHED #`;
    writeFileSync(file, readFileSync(key.file), { mode: 0o600 });
    const signer = sshSigner({ ...process.env, TOUCHED: touched });
    await signer.sign("text", "$(touch $TOUCHED)@pointsman", { kind: "file", file });
    expect(existsSync(touched)).toBe(false);
  });

  it("leaves no file behind when it signs by the agent", async () => {
    const temporary = mkdtempSync(path.join(folder, "tmp-"));
    const agent = await startAgent(folder, [key]);
    const before = process.env["TMPDIR"];
    process.env["TMPDIR"] = temporary;
    try {
      await sshSigner(agent.environment).sign("text", namespace, { kind: "agent", line: key.line });
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
      await agent.stop();
    }
  });

  it("finds the public key of a private one without its .pub file", async () => {
    const alone = path.join(folder, "alone");
    writeFileSync(alone, readFileSync(key.file), { mode: 0o600 });
    expect(await sshSigner(process.env).publicKey({ kind: "file", file: alone })).toBe(key.line);
  });

  it.each<[string, SigningFault, () => readonly [NodeJS.ProcessEnv, KeySource]]>([
    ["there is no ssh-keygen", "signer-unavailable", () => [{ PATH: folder }, { kind: "file", file: key.file }]],
    ["there is no key file", "key-unavailable", () => [process.env, { kind: "file", file: `${folder}/none` }]],
    ["the line is no key", "key-unavailable", () => [process.env, { kind: "agent", line: "ssh-dss AAAA" }]],
    ["the passphrase is wrong", "signer-refused", () => [answering("echo wrong"), { kind: "file", file: locked.file }]],
    ["nobody answers", "signer-refused", () => [answering("exit 1"), { kind: "file", file: locked.file }]],
    ["there is no agent", "signer-refused", () => [answering("exit 1"), { kind: "agent", line: key.line }]],
    ["the private half is nowhere", "signer-refused", () => [answering("exit 1"), { kind: "file", file: lost() }]],
  ])("tells a person what to do when %s", async (_, code, given) => {
    const [environment, source] = given();
    const { message, ...failure } = await failureOf(sshSigner(environment).sign("text", namespace, source));
    expect(failure.code).toBe(code);
    expect(message).not.toContain(passphrase);
    expect(message).not.toMatch(/undefined|\n/);
  });

  it("says that there is no agent when it is asked for its keys", async () => {
    const { code } = await failureOf(sshSigner(answering("exit 1")).agentKeys());
    expect(code).toBe("signer-unavailable");
  });
});

async function failureOf(signing: Promise<unknown>): Promise<{ code: string; message: string }> {
  const failure: unknown = await signing.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof PointsmanError)) throw new Error("it fails with a code", { cause: failure });
  return { code: failure.refusal.code, message: failure.message };
}
