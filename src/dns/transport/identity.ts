import { createHash, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from "node:tls";
import { invariant } from "../../values/invariant.ts";
import { sourceOf, type Way } from "./source.ts";
import { failureOf, type FailureKind } from "./outcome.ts";

/**
 * How a server over TLS proves who it is: always, and before anything is sent to it (the strict profile of RFC 8310 §5).
 * Its certificate must be valid and lead to an authority that is trusted, whatever else is asked of it.
 */
export interface ServerIdentity {
  /** What the certificate must be made out to: a DNS name or an address. Null: pins alone say who it is. */
  readonly name: string | null;
  /** SHA-256 over its SubjectPublicKeyInfo in base64 (RFC 7858 §4.2): it must have one of them; none: `name` suffices. */
  readonly pins: readonly string[];
  /** The authorities that are trusted, PEM; null: those that Node brings. */
  readonly trust: string | null;
}

const wrongPin = "POINTSMAN_WRONG_PIN";

/** Connects; the socket says `secureConnect` only when the server is who it must be. */
export function connectTls(
  to: Way & { readonly port: number },
  identity: ServerIdentity,
  protocols: readonly string[],
): TLSSocket {
  const { name, pins, trust } = identity;
  invariant(name !== null || pins.length > 0, "a server is known by its name or by a pin");
  const localAddress = sourceOf(to);
  return connect({
    ...(localAddress === undefined ? {} : { localAddress }),
    host: to.address,
    port: to.port,
    ...(name === null || isIP(name) !== 0 ? {} : { servername: name }),
    ...(trust === null ? {} : { ca: trust }),
    ...(protocols.length === 0 ? {} : { ALPNProtocols: [...protocols] }),
    // Node asks this once the chain is found to be trusted.
    checkServerIdentity: (_host, certificate) =>
      (name === null ? undefined : checkServerIdentity(name, certificate)) ?? checkPins(pins, certificate),
  });
}

function checkPins(pins: readonly string[], certificate: PeerCertificate): Error | undefined {
  if (pins.length === 0 || pins.includes(pinOf(certificate.raw))) return undefined;
  return Object.assign(new Error("the server has a key that is not pinned"), { code: wrongPin });
}

/** SHA-256 over the SubjectPublicKeyInfo of a certificate (PEM or DER), in base64. */
export function pinOf(certificate: string | Uint8Array): string {
  const { publicKey } = new X509Certificate(certificate);
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}

const reasons: ReadonlyMap<string, string> = new Map([
  [wrongPin, "tls-wrong-pin"],
  ["CERT_HAS_EXPIRED", "tls-expired"],
  ["CERT_NOT_YET_VALID", "tls-not-yet-valid"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls-wrong-name"],
  ["HOSTNAME_MISMATCH", "tls-wrong-name"],
]);

// OpenSSL's verification errors (X509_V_ERR_*) as Node names them.
const verification = /^(?!ERR_).*(?:CERT|ISSUER|CA_|CHAIN|SIGNATURE|_CRL|PATH_LENGTH|PURPOSE)/;

/** The kind of failure behind an error of a TLS socket: not trusted, no TLS at all, or what happens to every socket. */
export function tlsFailureOf(error: Error): FailureKind {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const reason = reasons.get(code) ?? (verification.test(code) ? "tls-untrusted" : undefined);
  if (reason !== undefined) return { outcome: "untrusted", code: reason };
  const isTls = code === "EPROTO" || code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_");
  return isTls ? { outcome: "malformed", code: "tls-failed" } : failureOf(error);
}
