import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { automationNamespace, type AutomationSigner } from "../ports/automation.ts";
import { invariant } from "../values/invariant.ts";
import { concat, fromBase64, toBase64, utf8 } from "../values/octets.ts";
import { PointsmanError } from "../values/refusal.ts";
import { sshString } from "../values/ssh-wire.ts";
import { encodeSshsig, sshsigSignedOctets } from "./sshsig.ts";

/** In the data folder, readable by the controller's own user alone. */
export const automationKeyFile = "automation.key";

const type = "ssh-ed25519";

/**
 * The automation's Ed25519 key: made at the first start, PKCS #8 in PEM, mode 0600.
 * @throws PointsmanError `automation-key-readable-by-others` or `automation-key-unusable`.
 */
export function openAutomationKey(folder: string): AutomationSigner {
  const file = path.join(folder, automationKeyFile);
  return automationSigner(read(file) ?? make(folder, file));
}

/** Signs with an Ed25519 key: such signatures are a function of the key and the octets (RFC 8032 §5.1.6). */
export function automationSigner(key: KeyObject): AutomationSigner {
  invariant(key.asymmetricKeyType === "ed25519", "the automation's key is an Ed25519 key");
  const publicKey = concat(sshString(utf8(type)), sshString(publicOctets(key)));
  return {
    key: `${type} ${toBase64(publicKey)}`,
    sign: (octets) => {
      const raw = sign(null, sshsigSignedOctets(automationNamespace, "sha512", octets), key);
      const signature = concat(sshString(utf8(type)), sshString(raw));
      return toBase64(encodeSshsig({ publicKey, namespace: automationNamespace, hash: "sha512", signature }));
    },
  };
}

function publicOctets(key: KeyObject): Uint8Array {
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  const octets = fromBase64(`${x.replaceAll("-", "+").replaceAll("_", "/")}=`);
  invariant(octets?.length === 32, "an Ed25519 public key has 32 octets");
  return octets;
}

function read(file: string): KeyObject | undefined {
  let pem: string;
  try {
    if ((statSync(file).mode & 0o077) !== 0) throw readableByOthers(file);
    pem = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof PointsmanError) throw error;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw unusable(file, "it cannot be read");
  }
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // What is wrong with a key's octets is nobody's business in an error.
  }
  throw unusable(file, "it is no Ed25519 key in PEM");
}

function make(folder: string, file: string): KeyObject {
  const { privateKey } = generateKeyPairSync("ed25519");
  try {
    mkdirSync(folder, { recursive: true });
    // `wx`: a key that another process has just made is never written over.
    writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx", flush: true });
    chmodSync(file, 0o600);
  } catch {
    throw unusable(file, "it cannot be made");
  }
  return privateKey;
}

function readableByOthers(file: string): PointsmanError {
  return new PointsmanError({
    code: "automation-key-readable-by-others",
    says: `Other users can read ${file}, and could sign as the automation.`,
    figures: { file },
    mend: `chmod 600 ${file}`,
  });
}

function unusable(file: string, why: string): PointsmanError {
  return new PointsmanError({
    code: "automation-key-unusable",
    says: `The automation's key ${file} cannot be used: ${why}.`,
    figures: { file, why },
    mend: "Restore it from the backup of the data folder, and see that the controller's user owns the folder.",
  });
}
