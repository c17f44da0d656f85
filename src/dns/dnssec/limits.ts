/** Limits of the design's §10, on every path of validation: KeyTrap and its kind cost bounded work. */

/** Signature checks a CNAME hop. */
export const signaturesPerHopMax = 32;
/** NSEC3 hashes a CNAME hop. */
export const hashesPerHopMax = 32;
/** Signature checks and NSEC3 hashes in all, for one question. */
export const workMax = 128;
/** Signature checks for one step of the chain: a DNSKEY set or a DS set. */
export const signaturesPerStepMax = 16;
/** Failed signature checks for one step of the chain. */
export const failuresPerStepMax = 2;
/** Keys of one tag and algorithm that are tried. */
export const keysPerTagMax = 2;
/** DS records that are looked at. */
export const dsMax = 8;
/** Signatures of one RRset that are looked at. */
export const signaturesPerRRsetMax = 8;
/** Keys of one zone that are looked at. */
export const keysPerZoneMax = 64;
/** Octets of an RSA public exponent. */
export const rsaExponentOctetsMax = 5;
/** NSEC3 iterations above which a zone counts as insecure (RFC 9276 §3.2). */
export const nsec3IterationsMax = 50;
/** CNAME and DNAME hops of one answer. */
export const aliasesMax = 12;
/** Zone cuts below an anchor that are followed. */
export const zonesPerChainMax = 32;
/** Queries for one question: the names and cuts of a long alias chain are that many at most. */
export const queriesMax = 192;
/** Octets of trust anchors as text. */
export const anchorOctetsMax = 1_000_000;
