import { connect } from "node:net";
import type { Attempt } from "./attempt.ts";
import { failureOf, type Exchange } from "./outcome.ts";
import { sourceOf } from "./source.ts";
import { exchangeStream } from "./stream.ts";

/** One message over TCP (RFC 7766). */
export function exchangeTcp(attempt: Attempt): Promise<Exchange> {
  const localAddress = sourceOf(attempt);
  const from = localAddress === undefined ? {} : { localAddress };
  const socket = connect({ host: attempt.address, port: attempt.port, noDelay: true, ...from });
  return exchangeStream(attempt, { socket, transport: "tcp", readyOn: "connect", failureOf });
}
