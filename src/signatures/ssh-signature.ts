import { hash, verify } from "node:crypto";
import type { SignatureCheck, SignatureFault } from "../ports/statements.ts";
import { concat, fromUtf8 } from "../values/octets.ts";
import { sshReader, sshUint32, type SshReader } from "../values/ssh-wire.ts";
import type { SshPublicKey } from "./ssh-public-key.ts";

/** How the signatures of one algorithm are checked. */
interface Scheme {
  /** The type of key that makes them. */
  readonly key: string;
  /** Null where the algorithm brings its own. */
  readonly digest: "sha256" | "sha384" | "sha512" | null;
  /** What `crypto.verify` takes; `undefined` when the octets have not the algorithm's form. */
  raw(value: Uint8Array, key: SshPublicKey): Uint8Array | undefined;
}

// By the name in the signature. SHA-1 (`ssh-rsa`) has no place here, nor what is signed for a browser's page (`webauthn-sk-*`).
const schemes = new Map<string, Scheme>([
  // RFC 8709 §6
  ["ssh-ed25519", { key: "ssh-ed25519", digest: null, raw: ofLength(64) }],
  // RFC 5656 §3.1.2 and §6.2.1
  ["ecdsa-sha2-nistp256", { key: "ecdsa-sha2-nistp256", digest: "sha256", raw: pair(32) }],
  ["ecdsa-sha2-nistp384", { key: "ecdsa-sha2-nistp384", digest: "sha384", raw: pair(48) }],
  ["ecdsa-sha2-nistp521", { key: "ecdsa-sha2-nistp521", digest: "sha512", raw: pair(66) }],
  // RFC 8332 §3
  ["rsa-sha2-256", { key: "ssh-rsa", digest: "sha256", raw: ofModulusLength }],
  ["rsa-sha2-512", { key: "ssh-rsa", digest: "sha512", raw: ofModulusLength }],
  // OpenSSH PROTOCOL.u2f, "SSH U2F signatures"
  ["sk-ssh-ed25519@openssh.com", { key: "sk-ssh-ed25519@openssh.com", digest: null, raw: ofLength(64) }],
  [
    "sk-ecdsa-sha2-nistp256@openssh.com",
    { key: "sk-ecdsa-sha2-nistp256@openssh.com", digest: "sha256", raw: pair(32) },
  ],
]);

// Flags of an authenticator (WebAuthn Level 3 §6.1).
const userPresent = 0x01;
const userVerified = 0x04;

/**
 * Checks a signature as SSH writes it (algorithm and value) over `message`, on libuv's threads. A hardware key must have
 * been touched: OpenSSH writes its flags into the signature, and `ssh-keygen -Y verify` does not look at them. Never rejects.
 */
export async function checkSshSignature(
  key: SshPublicKey,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<SignatureCheck> {
  const reader = sshReader(signature);
  const name = reader.string();
  const value = reader.string();
  const algorithm = name === undefined ? undefined : fromUtf8(name);
  if (algorithm === undefined || value === undefined) return refused("signature-malformed");
  const scheme = schemes.get(algorithm);
  if (scheme?.key !== key.type)
    return refused(key.type === "ssh-rsa" ? "signature-hash-unsupported" : "signature-malformed");
  const touch = key.application === null ? noTouch : readTouch(reader, key.application, message);
  const raw = scheme.raw(value, key);
  if (touch === undefined || raw === undefined || !reader.atEnd()) return refused("signature-malformed");
  if (touch.userPresent === false) return refused("user-not-present");
  const holds = await holdsOver(key, scheme, touch.signed ?? message, raw);
  return holds ? { valid: true, userVerified: touch.userVerified } : refused("signature-wrong");
}

/** What a hardware key says of its user, and the octets that it signed; nulls where the key is no hardware. */
interface Touch {
  readonly signed: Uint8Array | null;
  readonly userPresent: boolean | null;
  readonly userVerified: boolean | null;
}

const noTouch: Touch = { signed: null, userPresent: null, userVerified: null };

/** Hash of the application, flags, counter, hash of the message (PROTOCOL.u2f). The counter is signed, and trusted for nothing. */
function readTouch(reader: SshReader, application: Uint8Array, message: Uint8Array): Touch | undefined {
  const flags = reader.octet();
  const counter = reader.uint32();
  if (flags === undefined || counter === undefined) return undefined;
  const signed = concat(
    hash("sha256", application, "buffer"),
    Uint8Array.of(flags),
    sshUint32(counter),
    hash("sha256", message, "buffer"),
  );
  return { signed, userPresent: (flags & userPresent) !== 0, userVerified: (flags & userVerified) !== 0 };
}

function holdsOver(key: SshPublicKey, scheme: Scheme, signed: Uint8Array, raw: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    verify(scheme.digest, signed, { key: key.key, dsaEncoding: "ieee-p1363" }, raw, (error, holds) => {
      resolve(error === null && holds);
    });
  });
}

function ofLength(length: number): Scheme["raw"] {
  return (value) => (value.length === length ? value : undefined);
}

/** RFC 8332 §3 strips and pads nothing: the value is as long as the modulus. */
function ofModulusLength(value: Uint8Array, key: SshPublicKey): Uint8Array | undefined {
  const bits = key.key.asymmetricKeyDetails?.modulusLength ?? 0;
  return value.length === Math.ceil(bits / 8) ? value : undefined;
}

/** The numbers r and s as SSH writes them, to r and s side by side at their full length (IEEE P1363). */
function pair(length: number): Scheme["raw"] {
  return (value) => {
    const reader = sshReader(value);
    const r = reader.positive();
    const s = reader.positive();
    if (r === undefined || s === undefined || !reader.atEnd()) return undefined;
    if (r.length > length || s.length > length) return undefined;
    const raw = new Uint8Array(2 * length);
    raw.set(r, length - r.length);
    raw.set(s, 2 * length - s.length);
    return raw;
  };
}

function refused(code: SignatureFault): SignatureCheck {
  return { valid: false, code };
}
