import { hash } from "node:crypto";
import { concat, equalOctets } from "../../values/octets.ts";
import { canonicalName } from "../wire/name.ts";
import { digestHashOf, isSupportedAlgorithm, isSupportedDigest, type AlgorithmOptions } from "./algorithms.ts";
import type { DelegationSigner, DnsKey } from "./records.ts";

/**
 * Whether a DS is the digest of a DNSKEY (RFC 4034 §5.1.4, RFC 4509). `unsupported`: its digest type or its algorithm is,
 * whatever the key. It does not say that the key may sign: that is for the check of a signature by it.
 */
export function dsMatches(
  ds: DelegationSigner,
  key: DnsKey,
  options: AlgorithmOptions,
): "match" | "differs" | "unsupported" {
  const isSupported = isSupportedDigest(ds.digestType, options) && isSupportedAlgorithm(ds.algorithm, options);
  if (!isSupported) return "unsupported";
  if (ds.tag !== key.tag || ds.algorithm !== key.algorithm) return "differs";
  const digest = digestOf(ds.digestType, key);
  return digest !== undefined && equalOctets(digest, ds.digest) ? "match" : "differs";
}

/** The digest of a DNSKEY for a DS (RFC 4034 §5.1.4); `undefined` for a digest type that is not known here. */
export function digestOf(digestType: number, key: DnsKey): Uint8Array | undefined {
  const name = digestHashOf(digestType);
  return name === undefined ? undefined : hash(name, concat(canonicalName(key.owner), key.rdata), "buffer");
}
