import { createPublicKey, type KeyObject } from "node:crypto";
import { toHex } from "../../values/octets.ts";
import { algorithmOf } from "./algorithms.ts";
import { rsaExponentOctetsMax } from "./limits.ts";
import type { DnsKey } from "./records.ts";

/**
 * A DNSKEY as the cryptographic library has it. `beyond-limits`: an RSA key that this validator does not take on, as if
 * its algorithm were unsupported. `malformed`: no key of its algorithm.
 */
export type PublicKey =
  | { readonly outcome: "usable"; readonly key: KeyObject; readonly bits: number; readonly signatureOctets: number }
  | { readonly outcome: "beyond-limits"; readonly bits: number }
  | { readonly outcome: "malformed" };

/** Building a key costs three quarters of a signature check. Hundreds of zones have their keys in here. */
const cachedKeysMax = 1024;
const cache = new Map<string, PublicKey>();

const malformed: PublicKey = { outcome: "malformed" };

/** Reads the key of a DNSKEY (RFC 3110, 6605, 8080). Cached by its octets, the least recently used forgotten. Never throws. */
export function publicKeyOf(dnskey: DnsKey): PublicKey {
  const cacheKey = `${dnskey.algorithm}/${toHex(dnskey.publicKey)}`;
  const cached = cache.get(cacheKey);
  if (cached !== undefined) cache.delete(cacheKey);
  const key = cached ?? read(dnskey);
  cache.set(cacheKey, key);
  if (cache.size > cachedKeysMax) {
    const [oldest = ""] = cache.keys();
    cache.delete(oldest);
  }
  return key;
}

/** Bits of the modulus for RSA, of the curve otherwise; null where the key cannot be read. Builds nothing. */
export function keyBits(dnskey: DnsKey): number | null {
  return shapeOf(dnskey)?.bits ?? null;
}

function read(dnskey: DnsKey): PublicKey {
  const shape = shapeOf(dnskey);
  if (shape === undefined) return malformed;
  const { bits, signatureOctets, build } = shape;
  if (build === null) return { outcome: "beyond-limits", bits };
  try {
    return { outcome: "usable", key: build(), bits, signatureOctets };
  } catch {
    // A point that is not on its curve, for one.
    return malformed;
  }
}

/** What the octets alone say. */
interface Shape {
  readonly bits: number;
  readonly signatureOctets: number;
  /** Null: beyond the limits. It throws when the octets are no key after all. */
  readonly build: (() => KeyObject) | null;
}

function shapeOf({ algorithm, publicKey }: DnsKey): Shape | undefined {
  const family = algorithmOf(algorithm)?.family;
  if (family === undefined) return undefined;
  return family === "rsa" ? rsaShape(algorithm, publicKey) : curveShape(curves[family], publicKey);
}

interface Curve {
  /** What stands before the key in a SubjectPublicKeyInfo (RFC 5480, RFC 8410), in hexadecimal. */
  readonly prefix: string;
  readonly keyOctets: number;
  readonly bits: number;
  readonly signatureOctets: number;
}

const curves: { readonly [family in "p256" | "p384" | "ed25519" | "ed448"]: Curve } = {
  // The last octet of the first two says that the point is not compressed, as it never is in a DNSKEY (RFC 6605 §4).
  p256: {
    prefix: "3059301306072a8648ce3d020106082a8648ce3d03010703420004",
    keyOctets: 64,
    bits: 256,
    signatureOctets: 64,
  },
  p384: { prefix: "3076301006072a8648ce3d020106052b8104002203620004", keyOctets: 96, bits: 384, signatureOctets: 96 },
  ed25519: { prefix: "302a300506032b6570032100", keyOctets: 32, bits: 256, signatureOctets: 64 },
  ed448: { prefix: "3043300506032b6571033a00", keyOctets: 57, bits: 456, signatureOctets: 114 },
};

function curveShape({ prefix, keyOctets, bits, signatureOctets }: Curve, publicKey: Uint8Array): Shape | undefined {
  if (publicKey.length !== keyOctets) return undefined;
  const build = (): KeyObject => {
    const der = Buffer.concat([Buffer.from(prefix, "hex"), publicKey]);
    return createPublicKey({ key: der, format: "der", type: "spki" });
  };
  return { bits, signatureOctets, build };
}

const modulusBitsMax = 4096;
/** RFC 5702 §2: a modulus of 512 to 4096 bits for SHA-256, of 1024 at least for SHA-512. RFC 3110 §2 for SHA-1. */
const rsaSha512 = 10;
const modulusBitsMin = (algorithm: number): number => (algorithm === rsaSha512 ? 1024 : 512);

/** RFC 3110 §2: the length of the exponent in one octet, or in two behind a zero; no zeros in front of either number. */
function rsaShape(algorithm: number, publicKey: Uint8Array): Shape | undefined {
  const [first = 0, high = 0, low = 0] = publicKey;
  const exponentAt = first === 0 ? 3 : 1;
  const modulusAt = exponentAt + (first === 0 ? (high << 8) | low : first);
  const exponent = publicKey.subarray(exponentAt, modulusAt);
  const modulus = publicKey.subarray(modulusAt);
  const areOdd = ((exponent.at(-1) ?? 0) & (modulus.at(-1) ?? 0) & 1) === 1;
  // An even number is no modulus and no exponent; with exponent 1 everybody could sign.
  if (!areOdd || exponent[0] === 0 || modulus[0] === 0 || (exponent.length === 1 && exponent[0] === 1))
    return undefined;
  const bits = modulus.length * 8 + 24 - Math.clz32(modulus[0] ?? 0);
  const isWithinLimits =
    exponent.length <= rsaExponentOctetsMax && bits >= modulusBitsMin(algorithm) && bits <= modulusBitsMax;
  const build = (): KeyObject => {
    const jwk = { kty: "RSA", n: toBase64Url(modulus), e: toBase64Url(exponent) };
    return createPublicKey({ key: jwk, format: "jwk" });
  };
  return { bits, signatureOctets: modulus.length, build: isWithinLimits ? build : null };
}

function toBase64Url(octets: Uint8Array): string {
  return Buffer.from(octets).toString("base64url");
}
