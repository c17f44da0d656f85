import { hash } from "node:crypto";

/** SHA-256(0x01, left, right): the hash of an inner node (RFC 6962 §2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const octets = new Uint8Array(65);
  octets[0] = 0x01;
  octets.set(left, 1);
  octets.set(right, 33);
  return hash("sha256", octets, "buffer");
}
