/**
 * What counts as supported beyond RFC 8624 and RFC 9905. `for-test-corpora`: RSA with SHA-1 (5 and 7) and DS digest 1 as
 * well, which the examples of RFC 4034, 4035 and 5155 have; nothing may be trusted by them.
 */
export interface AlgorithmOptions {
  readonly legacy: "unsupported" | "for-test-corpora";
}

/** A DNSKEY algorithm as it is checked here. */
export interface Algorithm {
  readonly family: "rsa" | "p256" | "p384" | "ed25519" | "ed448";
  /** Of the data before it is signed; null where the algorithm has its own (RFC 8032). */
  readonly hash: "sha1" | "sha256" | "sha384" | "sha512" | null;
  readonly legacy: boolean;
}

/** By the IANA registry "DNS Security Algorithm Numbers" (RFC 6725). Those without an entry count as unsupported. */
const algorithms: ReadonlyMap<number, Algorithm> = new Map([
  [5, { family: "rsa", hash: "sha1", legacy: true }],
  [7, { family: "rsa", hash: "sha1", legacy: true }],
  [8, { family: "rsa", hash: "sha256", legacy: false }],
  [10, { family: "rsa", hash: "sha512", legacy: false }],
  [13, { family: "p256", hash: "sha256", legacy: false }],
  [14, { family: "p384", hash: "sha384", legacy: false }],
  [15, { family: "ed25519", hash: null, legacy: false }],
  [16, { family: "ed448", hash: null, legacy: false }],
]);

interface DsDigest {
  readonly hash: "sha1" | "sha256" | "sha384";
  readonly legacy: boolean;
}

/** By the IANA registry "DS RR Type Digest Algorithms" (RFC 4509, RFC 6605 §2). */
const digests: ReadonlyMap<number, DsDigest> = new Map([
  [1, { hash: "sha1", legacy: true }],
  [2, { hash: "sha256", legacy: false }],
  [4, { hash: "sha384", legacy: false }],
]);

/** The algorithm of this number, whatever the options; `undefined` when it is never supported. */
export function algorithmOf(number: number): Algorithm | undefined {
  return algorithms.get(number);
}

/** The hash of this DS digest type, whatever the options; `undefined` when it is never supported. */
export function digestHashOf(digestType: number): DsDigest["hash"] | undefined {
  return digests.get(digestType)?.hash;
}

export function isSupportedAlgorithm(number: number, options: AlgorithmOptions): boolean {
  return isSupported(algorithms.get(number), options);
}

export function isSupportedDigest(digestType: number, options: AlgorithmOptions): boolean {
  return isSupported(digests.get(digestType), options);
}

function isSupported(known: { readonly legacy: boolean } | undefined, options: AlgorithmOptions): boolean {
  return known !== undefined && (!known.legacy || options.legacy === "for-test-corpora");
}
