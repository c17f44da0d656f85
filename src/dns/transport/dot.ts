import type { Attempt } from "./attempt.ts";
import { connectTls, tlsFailureOf, type ServerIdentity } from "./identity.ts";
import type { Exchange } from "./outcome.ts";
import { exchangeStream } from "./stream.ts";

/** One message over TLS (RFC 7858), to a server that has proven who it is. */
export function exchangeDot(attempt: Attempt, identity: ServerIdentity): Promise<Exchange> {
  const socket = connectTls(attempt, identity, []).setNoDelay(true);
  return exchangeStream(attempt, { socket, transport: "dot", readyOn: "secureConnect", failureOf: tlsFailureOf });
}
