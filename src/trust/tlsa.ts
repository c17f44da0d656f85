import { createHash, X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, PeerCertificate } from "node:tls";
import { equalOctets, fromHex } from "../values/octets.ts";

/** A TLSA record (RFC 6698 §2.1) that can be used. */
export interface Tlsa {
  /** 0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE (RFC 7218). */
  readonly usage: 0 | 1 | 2 | 3;
  /** 0 the certificate, 1 its SubjectPublicKeyInfo. */
  readonly selector: 0 | 1;
  /** 0 the data itself, 1 SHA-256, 2 SHA-512. */
  readonly matching: 0 | 1 | 2;
  readonly data: Uint8Array;
}

/**
 * The usable ones of records as master-file text: others are left out, as if they were not there (RFC 6698 §4.1). Of one
 * usage and selector, digests other than the strongest do not count (RFC 7671 §9); whole data always does.
 */
export function usableTlsa(rdata: readonly string[]): readonly Tlsa[] {
  const all = rdata.flatMap((text) => readTlsa(text) ?? []);
  return all.filter(
    ({ usage, selector, matching }) =>
      matching !== 1 ||
      !all.some((other) => other.usage === usage && other.selector === selector && other.matching === 2),
  );
}

const digestOctets = { 1: 32, 2: 64 } as const;

function readTlsa(text: string): Tlsa | undefined {
  const [, usage, selector, matching, hex = ""] = /^([0-3]) ([01]) ([012]) ([0-9A-Fa-f ]+)$/.exec(text) ?? [];
  const data = fromHex(hex.replaceAll(" ", "").toLowerCase());
  const kind = matching === "0" ? 0 : matching === "1" ? 1 : 2;
  if (usage === undefined || data === undefined || data.length === 0) return undefined;
  if (kind !== 0 && data.length !== digestOctets[kind]) return undefined;
  const use = usage === "0" ? 0 : usage === "1" ? 1 : usage === "2" ? 2 : 3;
  return { usage: use, selector: selector === "0" ? 0 : 1, matching: kind, data };
}

/** Whether a certificate, or its key, is the one that the record names. */
export function matches({ selector, matching, data }: Tlsa, certificate: X509Certificate): boolean {
  const selected = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: "spki", format: "der" });
  const presented =
    matching === 0
      ? selected
      : createHash(matching === 1 ? "sha256" : "sha512")
          .update(selected)
          .digest();
  return equalOctets(presented, data);
}

/**
 * The certificate of a peer and those that signed it, as far as each signature holds: as the peer sent them, and then as
 * this side has them among its authorities.
 */
export function pathOf(peer: PeerCertificate): readonly X509Certificate[] {
  let last = new X509Certificate(peer.raw);
  const path = [last];
  for (let at = issuerOf(peer); at !== undefined && path.length < pathMax; at = issuerOf(at)) {
    const issuer = new X509Certificate(at.raw);
    if (issuer.fingerprint512 === last.fingerprint512 || !last.verify(issuer.publicKey)) break;
    path.push(issuer);
    last = issuer;
  }
  return path;
}

/** Longer ones are nobody's: OpenSSL's own limit is near. */
const pathMax = 16;

function issuerOf(certificate: PeerCertificate | DetailedPeerCertificate): DetailedPeerCertificate | undefined {
  return "issuerCertificate" in certificate ? certificate.issuerCertificate : undefined;
}
