import { X509Certificate } from "node:crypto";
import {
  createSecureContext,
  type DetailedPeerCertificate,
  getCACertificates,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import { type Instant, instant } from "../../values/time.ts";
import { codeOf } from "../socket-reason.ts";

/** How far up the chain is looked. */
const chainLengthMax = 10;

/**
 * What a check trusts: the given PEM, or the system's certificate authorities (Node's own list where the system has
 * none). Built once for each PEM: reading the system's takes tens of milliseconds.
 */
export function trustContext(trust: string | null): SecureContext {
  const known = contexts.get(trust);
  if (known !== undefined) return known;
  const context = createSecureContext({ ca: trust ?? systemAuthorities() });
  contexts.set(trust, context);
  return context;
}

/** The reason of a failed handshake, or undefined where the error is not TLS's own. */
export function reasonOfTlsError(error: unknown): string | undefined {
  const code = codeOf(error);
  const known = reasons.get(code);
  if (known !== undefined) return known;
  if (verification.test(code)) return "tls-untrusted";
  return code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_") ? "tls-failed" : undefined;
}

/** The earliest end of validity in the chain; null where the peer showed no certificate. */
export function certificateUntil(socket: TLSSocket): Instant | null {
  let until: Instant | null = null;
  // The chain up to its anchor, which is its own issuer. An empty object stands for no certificate.
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  for (let depth = 0; next?.raw !== undefined && depth < chainLengthMax; depth += 1) {
    const ends = instant(new X509Certificate(next.raw).validToDate.getTime());
    if (until === null || ends < until) until = ends;
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return until;
}

const contexts = new Map<string | null, SecureContext>();

function systemAuthorities(): string[] {
  const system = getCACertificates("system");
  return system.length > 0 ? system : getCACertificates("bundled");
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["CERT_HAS_EXPIRED", "tls-expired"],
  ["CERT_NOT_YET_VALID", "tls-not-yet-valid"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls-wrong-name"],
  ["HOSTNAME_MISMATCH", "tls-wrong-name"],
]);

// OpenSSL's verification errors (X509_V_ERR_*) as Node names them.
const verification = /CERT|ISSUER|CA_|CHAIN|SIGNATURE|_CRL|PATH_LENGTH|PURPOSE/;
