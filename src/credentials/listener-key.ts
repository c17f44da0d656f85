import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Clock } from "../ports/clock.ts";
import { PointsmanError } from "../values/refusal.ts";
import { sha256 } from "../values/sha256.ts";
import { add, day } from "../values/time.ts";
import { makeCertificate } from "./certificate.ts";

/** What the listener for statements speaks TLS with. */
export interface ListenerKey {
  /** PEM. */
  readonly key: string;
  readonly certificate: string;
  /** `sha256:` and the SHA-256 of the public key (SubjectPublicKeyInfo) in hexadecimal: what clients pin. */
  readonly pin: string;
}

/** Years do not matter to whoever pins the key; the form ends in 2049. */
const lifeDays = 3650;

/**
 * The listener's key: files of the settings, or one of its own in the data folder, made at the first start. The certificate
 * around one's own key is made anew each time, since nobody trusts it for what it says.
 * @throws PointsmanError `listener-key-unusable`.
 */
export function listenerKey(
  dataFolder: string,
  files: { readonly key: string; readonly certificate: string } | null,
  clock: Clock,
): ListenerKey {
  try {
    if (files === null) return ofOwn(path.join(dataFolder, "listener-key.pem"), clock);
    const key = readSecret(files.key);
    return { key, certificate: readFileSync(files.certificate, "utf8"), pin: pinOf(createPrivateKey(key)) };
  } catch (error) {
    throw error instanceof PointsmanError ? error : unusable(files?.key ?? dataFolder, codeOf(error));
  }
}

/** The pin of a TLS key. */
export function pinOf(key: KeyObject): string {
  const publicKey = key.type === "public" ? key : createPublicKey(key);
  return `sha256:${sha256(publicKey.export({ type: "spki", format: "der" }))}`;
}

function ofOwn(file: string, clock: Clock): ListenerKey {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
    chmodSync(file, 0o600);
  }
  const pem = readSecret(file);
  const key = createPrivateKey(pem);
  const from = add(clock.now(), -day);
  const certificate = makeCertificate({
    issuer: "pointsman",
    subject: "pointsman",
    publicKey: createPublicKey(key),
    signer: key,
    validity: { from, until: add(from, lifeDays * day) },
    extensions: [],
  });
  return { key: pem, certificate, pin: pinOf(key) };
}

function readSecret(file: string): string {
  const { mode } = statSync(file);
  if ((mode & 0o077) !== 0) throw unusable(file, `it has mode ${(mode & 0o777).toString(8)}, and others may read it`);
  return readFileSync(file, "utf8");
}

function unusable(file: string, why: string): PointsmanError {
  return new PointsmanError({
    code: "listener-key-unusable",
    says: `The key of the listener for statements cannot be used (${file}): ${why}.`,
    figures: { file },
    mend: "Give key and certificate under statements in the settings, in PEM, the key with mode 0600; or neither.",
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "it is no key in PEM";
}
