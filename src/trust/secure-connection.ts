import { isIP, type LookupFunction } from "node:net";
import { checkServerIdentity, connect, type ConnectionOptions, type PeerCertificate, type TLSSocket } from "node:tls";
import type { Clock } from "../ports/clock.ts";
import type { DurationMs } from "../values/time.ts";
import { judgeCertificate, type DaneBinding, type PublicProof } from "./dane.ts";
import { pathOf } from "./tlsa.ts";
import { TrustError } from "./trust-error.ts";

export interface SecureTarget {
  readonly host: string;
  readonly port: number;
  readonly binding: DaneBinding;
  /** Gives the addresses that were validated, and asks nobody. */
  readonly lookup: LookupFunction;
  /** For the handshake. */
  readonly timeoutMs: DurationMs;
  readonly clock: Clock;
  /** Further options of node:tls, such as `ca`, `ALPNProtocols`, a client's certificate. */
  readonly options: ConnectionOptions;
}

/**
 * Connects, and hands the connection over only when the server has proven who it is: by the TLSA records where there are
 * any, by the public authorities (or those in `ca`) where there are none. Until then nothing is sent but the handshake.
 * @throws TrustError `trust-dane`; an error of node:tls or node:net.
 */
export async function connectSecurely(target: SecureTarget): Promise<TLSSocket> {
  const { binding, host, options } = target;
  if (binding.records.length === 0) return await handshake(target, { ...options, rejectUnauthorized: true });
  // Node would refuse what no public authority vouches for; by the records it may be right, so we look for ourselves.
  const socket = await handshake(target, { ...options, ...namesOf(binding), rejectUnauthorized: false });
  const proof: PublicProof = socket.authorized ? "proven" : "not-proven";
  const judged = judgeCertificate(binding, pathOf(socket.getPeerCertificate(true)), proof);
  if (judged.outcome === "matches") return socket;
  socket.destroy();
  if (judged.outcome !== "anchor") throw notNamed(host);
  try {
    return await handshake(target, {
      ...options,
      ...namesOf(binding),
      ca: [...judged.authorities],
      // A record may name an authority that another one signed: the path ends at it all the same (RFC 7671 §5.2).
      allowPartialTrustChain: true,
      rejectUnauthorized: true,
    });
  } catch (error) {
    throw isOfCertificates(error) ? notNamed(host) : error;
  }
}

/** RFC 7671 §7: the base domain is asked for, and the certificate may be made out to it or to the name that was given. */
function namesOf({ names }: DaneBinding): ConnectionOptions {
  const [base = ""] = names;
  return {
    ...(isIP(base) === 0 ? { servername: base } : {}),
    checkServerIdentity: (_host: string, certificate: PeerCertificate) => {
      const errors = names.map((name) => checkServerIdentity(name, certificate));
      return errors.includes(undefined) ? undefined : errors[0];
    },
  };
}

function handshake(target: SecureTarget, options: ConnectionOptions): Promise<TLSSocket> {
  const { host, port, lookup, clock, timeoutMs } = target;
  // Of a session that is resumed no certificate would be looked at.
  const { session: _resumed, ...fresh } = options;
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const socket = connect({ ...(isIP(host) === 0 ? { servername: host } : {}), ...fresh, host, port, lookup });
  const cancel = clock.schedule(timeoutMs, () => socket.destroy(timedOut(host)));
  socket.once("secureConnect", () => {
    cancel();
    socket.removeListener("error", reject);
    resolve(socket);
  });
  socket.once("error", (error) => {
    cancel();
    reject(error);
  });
  return promise;
}

function timedOut(host: string): Error {
  return Object.assign(new Error(`${host} did not finish the TLS handshake in time`), { code: "ETIMEDOUT" });
}

function notNamed(host: string): TrustError {
  return new TrustError(
    "trust-dane",
    `The certificate of ${host} is none of those that its TLSA records name.`,
    "If the certificate was changed: publish the TLSA record of the new one before it is used (RFC 7671 §8).",
  );
}

function isOfCertificates(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /CERT|ISSUER|CHAIN|SIGNATURE|ALTNAME|HOSTNAME|PURPOSE|CA$|CA_/.test(code);
}

/**
 * A hook for `checkServerIdentity`: beside the public authorities, never instead of them. What a TLSA record alone would
 * vouch for, they refuse first.
 */
export function identityCheck(binding: DaneBinding): (host: string, certificate: PeerCertificate) => Error | undefined {
  return (host, certificate) => {
    const wrong = binding.names.map((name) => checkServerIdentity(name, certificate));
    if (!wrong.includes(undefined)) return wrong[0];
    if (binding.records.length === 0) return undefined;
    const { outcome } = judgeCertificate(binding, pathOf(certificate), "proven");
    return outcome === "matches" ? undefined : notNamed(host);
  };
}
