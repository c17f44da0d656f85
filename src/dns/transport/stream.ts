import type { Socket } from "node:net";
import { headerOctets } from "../wire/limits.ts";
import type { Attempt } from "./attempt.ts";
import { abortedByCaller, closedEarly, timedOut, tooShort, type Exchange, type FailureKind } from "./outcome.ts";

/** A connection that was just begun. */
export interface Stream {
  readonly socket: Socket;
  readonly transport: "tcp" | "dot";
  /** What it says when it may be written to. */
  readonly readyOn: "connect" | "secureConnect";
  readonly failureOf: (error: Error) => FailureKind;
}

/** One message over a connection of its own (RFC 7766), its length before it. */
export function exchangeStream(attempt: Attempt, { socket, transport, readyOn, failureOf }: Stream): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  let received: Uint8Array = new Uint8Array();
  let sent = false;
  let dropped = 0;
  const finish = (outcome: Exchange) => {
    cancel();
    attempt.signal.removeEventListener("abort", abort);
    socket.removeAllListeners().on("error", () => undefined);
    socket.destroy();
    resolve(outcome);
  };
  const fail = (kind: FailureKind) => finish({ ...kind, sent, dropped });
  const abort = () => fail(abortedByCaller);
  const cancel = attempt.clock.schedule(attempt.timeoutMs, () => fail(timedOut));
  attempt.signal.addEventListener("abort", abort);
  socket.on("error", (error) => fail(failureOf(error)));
  socket.on("close", () => fail(closedEarly));
  socket.on("end", () => fail(closedEarly));
  socket.on(readyOn, () => {
    sent = true;
    if (attempt.abortable === "until-sent") attempt.signal.removeEventListener("abort", abort);
    socket.write(withLength(attempt.message));
  });
  socket.on("data", (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (let frame = firstFrame(received); frame !== undefined; frame = firstFrame(received)) {
      received = received.subarray(frame.length + 2);
      if (frame.length < headerOctets) return fail(tooShort);
      if (attempt.isAnswer(frame)) return finish({ outcome: "response", octets: frame, transport, dropped });
      dropped += 1;
    }
  });
  return promise;
}

/** One write, so that length and message travel in one segment (RFC 7766 §8). */
function withLength(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(message.length + 2);
  framed[0] = message.length >> 8;
  framed[1] = message.length & 0xff;
  framed.set(message, 2);
  return framed;
}

function firstFrame(received: Uint8Array): Uint8Array | undefined {
  if (received.length < 2) return undefined;
  const length = ((received[0] ?? 0) << 8) | (received[1] ?? 0);
  return received.length - 2 >= length ? received.subarray(2, length + 2) : undefined;
}
