import { connect, type ClientHttp2Stream, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from "node:http2";
import { isIPv6 } from "node:net";
import type { TLSSocket } from "node:tls";
import { invariant } from "../../values/invariant.ts";
import { messageOctetsMax } from "../wire/limits.ts";
import type { Attempt } from "./attempt.ts";
import { answerTo } from "./echo.ts";
import { connectTls, tlsFailureOf, type ServerIdentity } from "./identity.ts";
import { abortedByCaller, closedEarly, timedOut, type Exchange, type FailureKind } from "./outcome.ts";

const mediaType = "application/dns-message";

/** What a server answers over HTTP, or how it fails to. */
type Body = { readonly octets: Uint8Array } | FailureKind;

/**
 * One message as a POST over HTTP/2 (RFC 8484 §4.1 and §5.2), to an address that was given and a server that has proven
 * who it is; no redirect is followed. It goes with id 0, as §4.1 asks, and the answer is given with the id of the request.
 */
export function exchangeDoh(
  attempt: Attempt,
  { identity, path }: { readonly identity: ServerIdentity; readonly path: string },
): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  const message = withId(attempt.message, 0, 0);
  const isAnswer = answerTo(message);
  invariant(isAnswer !== undefined, "a message to be sent has one question");
  const socket = connectTls(attempt, identity, ["h2"]).setNoDelay(true);
  let close: (() => void) | undefined;
  let sent = false;
  const finish = (outcome: Exchange) => {
    cancel();
    attempt.signal.removeEventListener("abort", abort);
    socket.removeAllListeners().on("error", () => undefined);
    close?.();
    socket.destroy();
    resolve(outcome);
  };
  const fail = (kind: FailureKind, dropped = 0) => finish({ ...kind, sent, dropped });
  const abort = () => fail(abortedByCaller);
  const cancel = attempt.clock.schedule(attempt.timeoutMs, () => fail(timedOut));
  attempt.signal.addEventListener("abort", abort);
  socket.on("error", (error) => fail(tlsFailureOf(error)));
  socket.on("close", () => fail(closedEarly));
  socket.on("secureConnect", () => {
    if (socket.alpnProtocol !== "h2") return fail({ outcome: "malformed", code: "no-http2" });
    sent = true;
    if (attempt.abortable === "until-sent") attempt.signal.removeEventListener("abort", abort);
    close = post(socket, { authority: authorityOf(attempt, identity), path, message }, (body) => {
      if (!("octets" in body)) return fail(body);
      if (!isAnswer(body.octets)) return fail({ outcome: "malformed", code: "other-answer" }, 1);
      const [high = 0, low = 0] = attempt.message;
      return finish({ outcome: "response", octets: withId(body.octets, high, low), transport: "doh", dropped: 0 });
    });
  });
  return promise;
}

function withId(message: Uint8Array, high: number, low: number): Uint8Array {
  const copy = new Uint8Array(message);
  copy[0] = high;
  copy[1] = low;
  return copy;
}

function authorityOf({ address, port }: Attempt, { name }: ServerIdentity): string {
  const host = name ?? address;
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

interface Post {
  readonly authority: string;
  readonly path: string;
  readonly message: Uint8Array;
}

/** Sends one request over a connection; `done` may be called more than once, and the first counts. Returns what ends it. */
function post(socket: TLSSocket, { authority, path, message }: Post, done: (body: Body) => void): () => void {
  const session = connect(`https://${authority}`, { createConnection: () => socket, settings: { enablePush: false } });
  session.on("error", (error) => done(httpFailureOf(error)));
  session.on("goaway", () => done(closedEarly));
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": mediaType,
    accept: mediaType,
    "content-length": message.length,
  });
  stream.on("error", (error) => done(httpFailureOf(error)));
  collect(stream, done);
  stream.end(message);
  return () => {
    stream.removeAllListeners().on("error", () => undefined);
    session.removeAllListeners().on("error", () => undefined);
    session.destroy();
  };
}

function collect(stream: ClientHttp2Stream, done: (body: Body) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  stream.on("response", (headers) => {
    const refusal = refusalOf(headers);
    if (refusal !== undefined) done({ outcome: "malformed", code: refusal });
  });
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > messageOctetsMax) done({ outcome: "malformed", code: "message-too-long" });
  });
  stream.on("end", () => done({ octets: Buffer.concat(chunks) }));
  stream.on("close", () => done(closedEarly));
}

/** Why a response has no message in it (RFC 8484 §4.2.1 and §6). */
function refusalOf(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): string | undefined {
  const status = headers[":status"];
  if (status !== 200) return `http-${status ?? "without-status"}`;
  const [type = ""] = (headers["content-type"] ?? "").split(";");
  return type.trim().toLowerCase() === mediaType ? undefined : "http-other-type";
}

function httpFailureOf(error: Error): FailureKind {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return code.startsWith("ERR_HTTP2_") ? { outcome: "malformed", code: "http2-failed" } : tlsFailureOf(error);
}
