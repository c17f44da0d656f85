import { createPublicKey, type JsonWebKeyInput, type KeyObject } from "node:crypto";
import { readPublicKey } from "../core/policy/ssh-key.ts";
import { invariant } from "../values/invariant.ts";
import { fromBase64 } from "../values/octets.ts";
import { sshReader, type SshReader } from "../values/ssh-wire.ts";

/** An OpenSSH public key, ready to check signatures with. */
export interface SshPublicKey {
  readonly type: string;
  /** The key as it stands in a signature. */
  readonly blob: Uint8Array;
  readonly key: KeyObject;
  /** Of a hardware key, what it was made for (OpenSSH PROTOCOL.u2f): `ssh:`, or `ssh:` and a name. Null: no hardware key. */
  readonly application: Uint8Array | null;
}

const curves = new Map([
  ["ecdsa-sha2-nistp256", "P-256"],
  ["ecdsa-sha2-nistp384", "P-384"],
  ["ecdsa-sha2-nistp521", "P-521"],
  ["sk-ecdsa-sha2-nistp256@openssh.com", "P-256"],
]);

/** Keys kept ready at most; the one that was first in goes first. */
const cachedMax = 1024;

/** Gives the key of a line, `undefined` when it is none or its point is not on its curve. Lines seen before cost a look-up. */
export function sshPublicKeys(): (line: string) => SshPublicKey | undefined {
  const cache = new Map<string, SshPublicKey | undefined>();
  return (line) => {
    if (cache.has(line)) return cache.get(line);
    const key = importKey(line);
    const [oldest] = cache.keys();
    if (cache.size >= cachedMax && oldest !== undefined) cache.delete(oldest);
    cache.set(line, key);
    return key;
  };
}

function importKey(line: string): SshPublicKey | undefined {
  const read = readPublicKey(line);
  const blob = read.kind === "key" ? fromBase64(read.blob) : undefined;
  if (read.kind !== "key" || blob === undefined) return undefined;
  const reader = sshReader(blob);
  reader.string(); // the type, which readPublicKey has compared
  const jwk = webKey(read.type, reader);
  const application = read.type.startsWith("sk-") ? (reader.string() ?? null) : null;
  try {
    return { type: read.type, blob, key: createPublicKey({ format: "jwk", key: jwk }), application };
  } catch {
    return undefined; // such as a point off its curve
  }
}

/** The key's numbers as a JSON Web Key (RFC 7518 §6, RFC 8037 §2). The layout was checked by readPublicKey. */
function webKey(type: string, reader: SshReader): JsonWebKeyInput["key"] {
  if (type === "ssh-rsa") {
    const [e, n] = [reader.positive(), reader.positive()];
    return { kty: "RSA", e: base64url(e), n: base64url(n) };
  }
  const curve = curves.get(type);
  if (curve === undefined) return { kty: "OKP", crv: "Ed25519", x: base64url(reader.string()) };
  reader.string(); // the curve's name
  const point = reader.string();
  const half = ((point?.length ?? 1) - 1) / 2;
  return { kty: "EC", crv: curve, x: base64url(point?.slice(1, 1 + half)), y: base64url(point?.slice(1 + half)) };
}

function base64url(octets: Uint8Array | undefined): string {
  invariant(octets !== undefined, "a key that was read has its numbers");
  return octets.toBase64({ alphabet: "base64url", omitPadding: true });
}
