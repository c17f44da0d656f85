import { hash } from "node:crypto";
import { concat } from "../../../values/octets.ts";
import { canonicalName, type Name } from "../../wire/name.ts";

/** Octets of every hash of algorithm 1, the only one there is. */
export const nsec3HashOctets = 20;

/**
 * The hashed name of RFC 5155 §5: SHA-1 over the canonical name and the salt, then `iterations` times over its result
 * and the salt. Callers MUST bound the iterations and count the call. (RFC 9905 retires SHA-1 for signatures and
 * digests, not here.)
 */
export function nsec3Hash(name: Name, salt: Uint8Array, iterations: number): Uint8Array {
  let digest: Uint8Array = sha1(canonicalName(name), salt);
  for (let round = 0; round < iterations; round += 1) digest = sha1(digest, salt);
  return digest;
}

function sha1(octets: Uint8Array, salt: Uint8Array): Uint8Array {
  return hash("sha1", concat(octets, salt), "buffer");
}
