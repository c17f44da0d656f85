import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Attempt } from "./attempt.ts";
import { sourceOf, type Way } from "./source.ts";
import { abortedByCaller, failureOf, timedOut, type Exchange, type ExchangeFailure } from "./outcome.ts";

/**
 * One datagram there, one back. The socket is new each time, so the kernel chooses a random port, and connected, so that
 * datagrams of others never reach us and a closed port is known at once.
 */
export function exchangeUdp(attempt: Attempt): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  const socket = openSocket(attempt.address);
  let sent = false;
  let dropped = 0;
  let ended = false;
  const finish = (outcome: Exchange) => {
    ended = true;
    cancel();
    attempt.signal.removeEventListener("abort", abort);
    socket
      .removeAllListeners("message")
      .removeAllListeners("error")
      .on("error", () => undefined);
    socket.close();
    resolve(outcome);
  };
  const fail = (kind: Pick<ExchangeFailure, "outcome" | "code">) => finish({ ...kind, sent, dropped });
  const abort = () => fail(abortedByCaller);
  const cancel = attempt.clock.schedule(attempt.timeoutMs, () => fail(timedOut));
  attempt.signal.addEventListener("abort", abort);
  socket.on("error", (error) => fail(failureOf(error)));
  socket.on("message", (octets) => {
    if (attempt.isAnswer(octets)) finish({ outcome: "response", octets, transport: "udp", dropped });
    else dropped += 1;
  });
  const source = sourceOf(attempt);
  if (source !== undefined) socket.bind(0, source);
  // An address that is not of this machine is told at once, and the socket is closed by now.
  if (ended) return promise;
  // Where the socket cannot be connected, Node gives the error to this function, and to nobody else.
  socket.connect(attempt.port, attempt.address, (error?: Error) => {
    if (error !== undefined) return fail(failureOf(error));
    // The caller may have given up before the socket was connected: it is closed by now.
    if (ended) return;
    sent = true;
    if (attempt.abortable === "until-sent") attempt.signal.removeEventListener("abort", abort);
    socket.send(attempt.message);
  });
  return promise;
}

/** One datagram to each address, and no wait for answers. Never rejects: what cannot be sent is lost, as on the way. */
export async function sendWithoutAnswer(
  messages: readonly (Way & { readonly port: number; readonly message: Uint8Array })[],
): Promise<void> {
  await Promise.all(
    messages.map(
      ({ address, port, source, message }) =>
        new Promise<void>((resolve) => {
          const socket = openSocket(address);
          let ended = false;
          const finish = () => {
            ended = true;
            socket.close(() => resolve());
          };
          socket.once("error", finish);
          const from = sourceOf({ address, source });
          if (from !== undefined) socket.bind(0, from);
          if (ended) return;
          socket.send(message, port, address, finish);
        }),
    ),
  );
}

// An address needs no resolver: Node would ask the system's for each datagram. It asks for the address to go out from too.
function openSocket(address: string): Socket {
  const family = isIPv6(address) ? 6 : 4;
  return createSocket({
    type: family === 6 ? "udp6" : "udp4",
    lookup: (text, _options, callback) => callback(null, text, family),
  });
}
