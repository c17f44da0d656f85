import { readFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { connect, type TLSSocket } from "node:tls";
import { passkeyFileForm } from "../api/contract/passkey.ts";
import { keyText, type EnrolledKey } from "../core/authority/keys.ts";
import { readPublicKey } from "../core/policy/ssh-key.ts";
import { pinOf } from "../credentials/listener-key.ts";
import { systemEntropy } from "../platform/entropy.ts";
import { exportAllowedSigners } from "../signatures/export-allowed-signers.ts";
import { sshSigner, type KeySource, type Signer } from "../signatures/signer.ts";
import { checkRegistration } from "../signatures/webauthn-registration.ts";
import { readArmour, writeArmour } from "../signatures/sshsig.ts";
import { commit, saltOctets } from "../transparency/commitment.ts";
import type { Commitment } from "../values/commitment.ts";
import { fromBase64, fromHex, toBase64, toHex, utf8 } from "../values/octets.ts";
import { sha256 } from "../values/sha256.ts";
import { PointsmanError } from "../values/refusal.ts";

export type { KeySource };

/** What a person's own machine signs with: OpenSSH's programs, and the system's chance. */
export interface SigningMeans extends Signer {
  /** 128 random bits in hexadecimal. */
  readonly nonce: () => string;
  /** The commitment to a reason, and what opens it, in base64. */
  readonly seal: (reason: string) => {
    readonly commitment: Commitment;
    readonly opening: { readonly salt: string; readonly value: string };
  };
  /** Base64 of the signature in a file as ssh-keygen writes it; `undefined` when it is none. */
  readonly readSignature: (file: string) => string | undefined;
  /** The file for base64 of a signature. */
  readonly writeSignature: (signature: string) => string;
  /** The public key in a file, in its normal form. @throws PointsmanError `key-unavailable`. */
  readonly keyFile: (file: string) => string;
  /**
   * The passkey of a person in a file that the controller's page gave, as statements carry it.
   * @throws PointsmanError `key-unavailable`.
   */
  readonly passkeyFile: (file: string, person: string) => Promise<string>;
  readonly allowedSigners: (keys: readonly EnrolledKey[]) => string;
}

export function signingMeans(environment: NodeJS.ProcessEnv): SigningMeans {
  const entropy = systemEntropy();
  return {
    ...sshSigner(environment),
    nonce: () => toHex(entropy.octets(16)),
    seal: (reason) => {
      const salt = entropy.octets(saltOctets);
      const value = utf8(reason);
      return { commitment: commit(value, salt), opening: { salt: toBase64(salt), value: toBase64(value) } };
    },
    readSignature: (file) => {
      const blob = readArmour(file);
      return blob && toBase64(blob);
    },
    writeSignature: (signature) => writeArmour(fromBase64(signature) ?? new Uint8Array()),
    keyFile,
    passkeyFile,
    allowedSigners: exportAllowedSigners,
  };
}

function keyFile(file: string): string {
  const key = readPublicKey(textOf(file).trim());
  if (key.kind === "key") return key.line;
  throw unusable(file, key.why);
}

async function passkeyFile(file: string, person: string): Promise<string> {
  const read = passkeyFileForm.safeParse(parsed(textOf(file)));
  if (!read.success) throw noPasskey(file, "it is not what the page gave");
  const { relyingParty, origin, registration } = read.data;
  if (read.data.person !== person) throw noPasskey(file, `it was made for ${read.data.person}, and ${person} signs`);
  const challenge = fromHex(sha256(utf8(`passkey of ${person}`))) ?? new Uint8Array();
  const checked = await checkRegistration(registration, { challenge, relyingParty, origin });
  if (checked.kind === "refused") throw noPasskey(file, checked.code);
  return keyText(checked.key);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noPasskey(file: string, why: string): PointsmanError {
  return new PointsmanError({
    code: "key-unavailable",
    says: `The passkey in ${file} cannot be used: ${why}.`,
    figures: { file },
    mend: "Make a new one on the controller's page for passkeys, and save exactly what it shows.",
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unusable(file, error instanceof Error && "code" in error ? String(error.code) : "unknown");
  }
}

function unusable(file: string, why: string): PointsmanError {
  return new PointsmanError({
    code: "key-unavailable",
    says: `The public key in ${file} cannot be used: ${why}.`,
    figures: { file },
    mend: "Give a file such as ~/.ssh/id_ed25519.pub.",
  });
}

/** A controller's listener. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly pin: string;
}

const answerMsMax = 30_000;

/**
 * Posts JSON to a listener whose key is the pinned one; nothing is sent before that is known, and no authority is asked.
 * @throws PointsmanError `unreachable`, or `pin-differs`.
 */
export async function postPinned(
  listener: Listener,
  body: string,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  const socket = await connectPinned(listener);
  try {
    return await new Promise((resolve, reject) => {
      const outgoing = httpsRequest(
        {
          createConnection: () => socket,
          method: "POST",
          path: listener.path,
          headers: { host: listener.host, "content-type": "application/json", connection: "close" },
          timeout: answerMsMax,
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => (text += part));
          response.once("end", () => resolve({ ok: response.statusCode === 200, text }));
          response.once("error", (error) => reject(unreachable(listener, error)));
        },
      );
      outgoing.once("timeout", () => outgoing.destroy(new Error("timeout")));
      outgoing.once("error", (error) => reject(unreachable(listener, error)));
      outgoing.end(body);
    });
  } finally {
    socket.destroy();
  }
}

function connectPinned(listener: Listener): Promise<TLSSocket> {
  const { host, port, pin } = listener;
  return new Promise((resolve, reject) => {
    // The pin stands in for every authority: a certificate says nothing that matters here.
    const socket = connect({ host, port, rejectUnauthorized: false, minVersion: "TLSv1.3", timeout: answerMsMax });
    socket.once("timeout", () => socket.destroy(new Error("timeout")));
    socket.once("error", (error) => reject(unreachable(listener, error)));
    socket.once("secureConnect", () => {
      const certificate = socket.getPeerX509Certificate();
      const found = certificate === undefined ? "none" : pinOf(certificate.publicKey);
      if (found === pin) resolve(socket);
      else {
        socket.destroy();
        reject(pinDiffers(listener, found));
      }
    });
  });
}

function unreachable({ host, port }: Listener, error: unknown): PointsmanError {
  const code =
    error instanceof Error && "code" in error ? String(error.code) : error instanceof Error ? error.message : "unknown";
  return new PointsmanError({
    code: "unreachable",
    says: `The listener at ${host}:${port} cannot be reached: ${code}.`,
    figures: { host, port, error: code },
    mend: "Give the address that `pointsman status` shows, or submit by the socket or the drop folder.",
  });
}

function pinDiffers({ host, port, pin }: Listener, found: string): PointsmanError {
  return new PointsmanError({
    code: "pin-differs",
    says: `What answers at ${host}:${port} has the key ${found}, not ${pin}. Nothing was sent.`,
    figures: { host, port, pin, found },
    mend: "Compare the pin with what `pointsman status` shows on the controller's machine.",
  });
}
