import { concat, equalOctets } from "../values/octets.ts";

/** COSE algorithm ids that passkeys may have: EdDSA with Ed25519, and ES256 (RFC 9053 §2). Ask a browser for these. */
export const passkeyAlgorithms: readonly number[] = [-8, -7];

// The one encoding of each kind (CTAP2 canonical CBOR): kty OKP, alg -8, crv Ed25519, x; kty EC2, alg -7, crv P-256, x, y.
const okpHead = Uint8Array.of(0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20);
const ec2Head = Uint8Array.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20);
const ec2Middle = Uint8Array.of(0x22, 0x58, 0x20);
const coordinate = 32;

/**
 * The kind of a COSE key (RFC 9052 §7), `undefined` for one that we do not check, or that is not in its only encoding
 * (WebAuthn Level 3 §6.5.1.1): otherwise one key could have two fingerprints, and be in two hands unseen.
 */
export function passkeyKind(octets: Uint8Array): "Ed25519" | "ES256" | undefined {
  const x = octets.subarray(okpHead.length, okpHead.length + coordinate);
  const y = octets.subarray(-coordinate);
  if (equalOctets(octets, concat(okpHead, x))) return "Ed25519";
  return equalOctets(octets, concat(ec2Head, x, ec2Middle, y)) ? "ES256" : undefined;
}

/**
 * Whether octets are an ECDSA signature on P-256 in DER (X.690 §10, RFC 3279 §2.2.3), as WebAuthn Level 3 §6.5.5 has it.
 * The library also reads other lengths and tags, so that one signature had many forms.
 */
export function isDerSignature(octets: Uint8Array): boolean {
  const [tag, length] = octets;
  if (tag !== 0x30 || length !== octets.length - 2) return false;
  const afterR = afterInteger(octets, 2);
  return afterR !== undefined && afterInteger(octets, afterR) === octets.length;
}

/** Where a positive INTEGER of 33 octets at most ends, in its shortest form; `undefined` when there is none. */
function afterInteger(octets: Uint8Array, at: number): number | undefined {
  const [tag, length = 0, first = 0, second = 0] = octets.subarray(at);
  if (tag !== 0x02 || length < 1 || length > coordinate + 1 || first > 127) return undefined;
  return first === 0 && second < 128 ? undefined : at + 2 + length;
}
