/**
 * Algorithms of DNSKEY and DS that nobody should sign with any more: RFC 8624 and 9904, and RFC 9905 for SHA-1. By the
 * registry's number.
 */
const retiredAlgorithms: ReadonlyMap<number, string> = new Map([
  [1, "RSA/MD5"],
  [3, "DSA/SHA-1"],
  [5, "RSA/SHA-1"],
  [6, "DSA/SHA-1 with NSEC3"],
  [7, "RSA/SHA-1 with NSEC3"],
  [12, "GOST R 34.10-2001"],
]);
const notRecommended: ReadonlyMap<number, string> = new Map([[10, "RSA/SHA-512"]]);
const retiredDigests: ReadonlyMap<number, string> = new Map([
  [1, "SHA-1"],
  [3, "GOST R 34.11-94"],
]);
const rsa: ReadonlySet<number> = new Set([1, 5, 7, 8, 10]);
/** NIST SP 800-57 part 1: fewer bits are not enough beyond 2013. */
const rsaBitsMin = 2048;

/** Why a key of this algorithm and size should be replaced; undefined: it need not be. */
export function weakness(algorithm: number, bits: number | null): string | undefined {
  const retired = retiredAlgorithms.get(algorithm);
  if (retired !== undefined) return `${retired} must not be used for signing any more (RFC 9904, RFC 9905)`;
  if (rsa.has(algorithm) && bits !== null && bits < rsaBitsMin)
    return `RSA of ${bits} bits is weak; ${rsaBitsMin} is the least`;
  const better = notRecommended.get(algorithm);
  return better === undefined ? undefined : `${better} is not recommended for signing (RFC 9904)`;
}

/** Why a DS of this digest should be replaced; undefined: it need not be. */
export function digestWeakness(digestType: number): string | undefined {
  const retired = retiredDigests.get(digestType);
  return retired === undefined ? undefined : `digests of ${retired} must not be used any more (RFC 9904, RFC 9905)`;
}
