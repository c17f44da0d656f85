import type { Name } from "../wire/name.ts";

/** A DNSKEY (RFC 4034 §2). */
export interface DnsKey {
  readonly owner: Name;
  readonly flags: number;
  readonly protocol: number;
  readonly algorithm: number;
  readonly publicKey: Uint8Array;
  /** As received: the digest of a DS and the tag are over these. */
  readonly rdata: Uint8Array;
  /** RFC 4034 appendix B. */
  readonly tag: number;
}

/** A DS (RFC 4034 §5), or a trust anchor of that form. */
export interface DelegationSigner {
  readonly tag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: Uint8Array;
}

/** An RRSIG (RFC 4034 §3). */
export interface Signature {
  readonly typeCovered: number;
  readonly algorithm: number;
  readonly labels: number;
  readonly originalTtl: number;
  /** Seconds since 1970 modulo 2^32: compared by RFC 1982 alone. */
  readonly expiration: number;
  readonly inception: number;
  readonly tag: number;
  readonly signer: Name;
  readonly signature: Uint8Array;
  /** The RDATA up to the signature, signer in lower case: the first part of what is signed (RFC 4034 §3.1.8.1). */
  readonly head: Uint8Array;
}

/** An NSEC (RFC 4034 §4). */
export interface Nsec {
  readonly owner: Name;
  readonly next: Name;
  readonly types: ReadonlySet<number>;
}

/** An NSEC3 (RFC 5155 §3). */
export interface Nsec3 {
  readonly owner: Name;
  /** The hash in the first label of the owner, 20 octets. */
  readonly hash: Uint8Array;
  /** The name under that label: the zone that it claims to deny for. */
  readonly zone: Name;
  readonly algorithm: number;
  readonly optOut: boolean;
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly next: Uint8Array;
  readonly types: ReadonlySet<number>;
}

/** The records of one owner and type in class IN, without duplicates, and the signatures that claim to cover them. */
export interface SignedRRset {
  readonly name: Name;
  readonly type: number;
  /** The least TTL among them (RFC 2181 §5.2), the signatures included (RFC 4035 §5.3.3). */
  readonly ttl: number;
  /** In canonical order and form (RFC 4034 §6). */
  readonly rdata: readonly Uint8Array[];
  readonly signatures: readonly Signature[];
  /** RRSIGs that say that they cover it, and cannot be read. */
  readonly malformedSignatures: number;
}
