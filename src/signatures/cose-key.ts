/** COSE algorithm ids that passkeys may have: EdDSA with Ed25519, and ES256 (RFC 9053 §2). Ask a browser for these. */
export const passkeyAlgorithms: readonly number[] = [-8, -7];

const coordinate = 32;

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
