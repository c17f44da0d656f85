import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { encodeSshsig, sshsigSignedOctets } from "../../src/signatures/sshsig.ts";
import { concat, toBase64, utf8 } from "../../src/values/octets.ts";
import { sshString, sshUint32 } from "../../src/values/ssh-wire.ts";

export const hardwareKinds = ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"] as const;
export type HardwareKind = (typeof hardwareKinds)[number];

/** What one signing by a hardware key says, beside the message. */
interface Touch {
  /** 1: touched; 4: the user was verified (WebAuthn Level 3 §6.1). */
  readonly flags: number;
  readonly counter?: number;
  /** The application in what is signed; the key's own unless given. */
  readonly application?: string;
}

/** A hardware key in software: it signs as OpenSSH's PROTOCOL.u2f says, with the flags that a test asks for. */
export interface SoftwareKey {
  readonly line: string;
  /** An SSHSIG blob in base64. */
  sign(text: string, namespace: string, touch: Touch): string;
}

export function softwareKey(kind: HardwareKind, application = "ssh:"): SoftwareKey {
  const { privateKey, point } = kind === "sk-ssh-ed25519@openssh.com" ? ed25519() : p256();
  const blob = concat(sshString(utf8(kind)), point, sshString(utf8(application)));
  return {
    line: `${kind} ${toBase64(blob)}`,
    sign: (text, namespace, { flags, counter = 7, application: signedFor = application }) => {
      const message = sshsigSignedOctets(namespace, "sha512", utf8(text));
      const said = concat(Uint8Array.of(flags), sshUint32(counter));
      const value = valueOf(privateKey, concat(digest(utf8(signedFor)), said, digest(message)));
      const signature = concat(sshString(utf8(kind)), sshString(value), said);
      return toBase64(encodeSshsig({ publicKey: blob, namespace, hash: "sha512", signature }));
    },
  };
}

function ed25519() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, point: sshString(coordinate(publicKey.export({ format: "jwk" }).x)) };
}

function p256() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  const point = concat(Uint8Array.of(4), coordinate(x), coordinate(y));
  return { privateKey, point: concat(sshString(utf8("nistp256")), sshString(point)) };
}

function valueOf(key: KeyObject, octets: Uint8Array): Uint8Array {
  if (key.asymmetricKeyType === "ed25519") return sign(null, octets, key);
  const raw = sign("sha256", octets, { key, dsaEncoding: "ieee-p1363" });
  return concat(mpint(raw.subarray(0, 32)), mpint(raw.subarray(32)));
}

/** RFC 4251 §5. */
function mpint(octets: Uint8Array): Uint8Array {
  const begins = octets.findIndex((octet) => octet !== 0);
  const short = octets.subarray(begins);
  return sshString((short[0] ?? 0) > 127 ? concat(Uint8Array.of(0), short) : short);
}

function coordinate(text: string | undefined): Uint8Array {
  return Uint8Array.fromBase64(text ?? "", { alphabet: "base64url" });
}

function digest(octets: Uint8Array): Uint8Array {
  return createHash("sha256").update(octets).digest();
}
