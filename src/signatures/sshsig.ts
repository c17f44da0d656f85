import { hash } from "node:crypto";
import { concat, fromBase64, fromUtf8, toBase64, utf8 } from "../values/octets.ts";
import { sshReader, sshString, sshUint32 } from "../values/ssh-wire.ts";

/** The parts of an SSHSIG blob (OpenSSH PROTOCOL.sshsig §2). Its reserved field is empty. */
export interface SshSignature {
  /** The signer's public key, as OpenSSH's blob. */
  readonly publicKey: Uint8Array;
  readonly namespace: string;
  /** What the message was hashed with: `sha256` or `sha512`, or a name that is not supported. */
  readonly hash: string;
  /** The signature itself: its algorithm, and what that algorithm puts there. */
  readonly signature: Uint8Array;
}

export const sshsigHashes = ["sha256", "sha512"] as const;
export type SshsigHash = (typeof sshsigHashes)[number];

/** Octets of a blob at most: an RSA key and signature of 16 384 bits take less than 5 KiB. */
const sshsigOctetsMax = 8192;

const magic = utf8("SSHSIG");
const version = 1;
const header = "-----BEGIN SSH SIGNATURE-----";
const footer = "-----END SSH SIGNATURE-----";
const lineLength = 70; // as ssh-keygen breaks it; §1 allows 76

/**
 * Reads a blob strictly: version 1, a namespace, nothing reserved, nothing after the signature. `undefined` otherwise.
 * PROTOCOL.sshsig lets a verifier ignore what is reserved; nobody writes it yet, and what is not understood is not accepted.
 */
export function decodeSshsig(octets: Uint8Array): SshSignature | undefined {
  if (octets.length > sshsigOctetsMax) return undefined;
  const reader = sshReader(octets);
  const begins = reader.octets(magic.length);
  if (begins?.every((octet, index) => octet === magic[index]) !== true || reader.uint32() !== version) return undefined;
  const publicKey = reader.string();
  const namespace = text(reader.string());
  const reserved = reader.string();
  const hashName = text(reader.string());
  const signature = reader.string();
  if (publicKey === undefined || namespace === undefined || hashName === undefined || signature === undefined)
    return undefined;
  if (namespace === "" || reserved?.length !== 0 || !reader.atEnd()) return undefined;
  return { publicKey, namespace, hash: hashName, signature };
}

export function encodeSshsig(parts: SshSignature): Uint8Array<ArrayBuffer> {
  return concat(
    magic,
    sshUint32(version),
    sshString(parts.publicKey),
    sshString(utf8(parts.namespace)),
    sshString(new Uint8Array()),
    sshString(utf8(parts.hash)),
    sshString(parts.signature),
  );
}

/** The octets that the key signs for a message (PROTOCOL.sshsig §3). */
export function sshsigSignedOctets(namespace: string, hashName: SshsigHash, message: Uint8Array): Uint8Array {
  const digest = hash(hashName, message, "buffer");
  return concat(
    magic,
    sshString(utf8(namespace)),
    sshString(new Uint8Array()),
    sshString(utf8(hashName)),
    sshString(digest),
  );
}

/**
 * The blob in the file that `ssh-keygen -Y sign` writes (PROTOCOL.sshsig §1); `undefined` when it is none. Mail may have
 * changed its line ends, or put blank space around it.
 */
export function readArmour(file: string): Uint8Array | undefined {
  if (file.length > 2 * sshsigOctetsMax) return undefined;
  const lines = file.trim().split(/[ \t]*\r?\n/);
  if (lines.length < 3 || lines[0] !== header || lines.at(-1) !== footer) return undefined;
  return fromBase64(lines.slice(1, -1).join(""));
}

/** The file as `ssh-keygen -Y verify -s FILE` reads it. */
export function writeArmour(blob: Uint8Array): string {
  const lines = toBase64(blob).match(new RegExp(`.{1,${lineLength}}`, "g")) ?? [];
  return [header, ...lines, footer, ""].join("\n");
}

function text(octets: Uint8Array | undefined): string | undefined {
  return octets === undefined ? undefined : fromUtf8(octets);
}
