import { concat, equalOctets } from "../../values/octets.ts";

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
