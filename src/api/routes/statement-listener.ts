import { once } from "node:events";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import fastify from "fastify";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Operations } from "../../ports/operations.ts";
import type { StatementSource } from "../../ports/statements.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { second } from "../../values/time.ts";
import { paths } from "../contract/common.ts";
import { statementRequest } from "../contract/statement.ts";
import { Allowance } from "./allowance.ts";
import { answer, answerErrors, read, refuse } from "./answers.ts";
import { Door, sourceOf } from "./door.ts";
import { passkeyPage, passkeyPagePath, type PasskeySettings } from "./passkeys/page.ts";
import { takeStatement } from "./statements.ts";

export interface StatementListenerParts {
  readonly operations: Operations;
  readonly address: string;
  /** 0: a free one. */
  readonly port: number;
  /** PEM. Clients pin the key; the certificate is only its envelope. */
  readonly key: string;
  readonly certificate: string;
  /** Null: no page for passkeys. */
  readonly passkeys: PasskeySettings | null;
  readonly clock: Clock;
  readonly log: Log;
}

export interface StatementListener {
  readonly port: number;
  close(): Promise<void>;
}

/** A statement of 32 KiB with its signature, as text within JSON. */
const bodyOctetsMax = 128 * 1024;
const handshakeMsMax = 5 * second;
const requests = { perSecond: 10, burst: 20 };

/**
 * Takes statements over TLS 1.3, and beside that shows the page that has passkeys sign them, and nothing else. Who may connect may post, since a statement is trusted by its signature:
 * what is bounded is how much of the controller a source can have.
 * @throws PointsmanError `statements-unavailable` when it cannot listen there, or the key is none.
 */
export async function startStatementListener(parts: StatementListenerParts): Promise<StatementListener> {
  const { operations, address, port, clock } = parts;
  const app = makeApp(parts);
  await app.ready();
  const secure = secureServer(parts, (socket) => app.server.emit("connection", socket));
  const door = new Door({
    clock,
    enter: (socket) => secure.emit("connection", socket),
    turnedAway: (source, code) => operations.refusedAtDoor(from(source), code),
  });
  door.server.listen(port, address);
  try {
    await once(door.server, "listening");
  } catch (error) {
    throw unavailable(address, port, error);
  }
  const bound = door.server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : port,
    async close() {
      const closed = once(door.server, "close");
      door.server.close();
      door.clear();
      await closed;
      await app.close();
    },
  };
}

function from(source: string): StatementSource {
  return { lane: "listener", from: source };
}

function makeApp({ operations, passkeys, clock, log }: StatementListenerParts): ReturnType<typeof fastify> {
  const app = fastify({ bodyLimit: bodyOctetsMax, logger: false, maxRequestsPerSocket: requests.burst });
  const allowance = new Allowance(requests, clock);
  answerErrors(app, log);
  app.addHook("onRequest", async (request, reply) => {
    const source = sourceOf(request.socket.remoteAddress);
    if (allowance.take(source)) return undefined;
    operations.refusedAtDoor(from(source), tooFast.code);
    // Before the body: what is refused is not read.
    return await refuse(reply.header("connection", "close"), tooFast);
  });
  app.addHook("onError", async (request) => {
    operations.refusedAtDoor(from(sourceOf(request.socket.remoteAddress)), "bad-request");
    return await Promise.resolve();
  });
  app.post(paths.listener, async (request, reply) => {
    const source = from(sourceOf(request.socket.remoteAddress));
    return answer(reply, await takeStatement(operations, read(statementRequest, request.body), source));
  });
  if (passkeys !== null) {
    const { html, headers } = passkeyPage(passkeys);
    app.get(passkeyPagePath, (_request, reply) => reply.headers({ ...headers }).send(html));
  }
  return app;
}

const tooFast = {
  code: "too-many-statements",
  says: `More than ${requests.perSecond} requests a second come from your address.`,
  figures: { perSecond: requests.perSecond, burst: requests.burst },
  mend: "Send it again in a moment, or by another way: the socket, the drop folder.",
};

function secureServer(
  { key, certificate, address, port }: StatementListenerParts,
  enter: (socket: TLSSocket) => void,
): ReturnType<typeof createTlsServer> {
  try {
    const server = createTlsServer(
      { key, cert: certificate, minVersion: "TLSv1.3", handshakeTimeout: handshakeMsMax },
      enter,
    );
    // Whoever does not speak TLS is let go.
    server.on("tlsClientError", (_error, socket) => void socket.destroy());
    return server;
  } catch (error) {
    throw unavailable(address, port, error);
  }
}

function unavailable(address: string, port: number, error: unknown): PointsmanError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return new PointsmanError({
    code: "statements-unavailable",
    says: `Statements cannot be taken at ${address}:${port}: ${code}.`,
    figures: { address, port, error: code },
    mend: "Give another address under statements in the settings, or a key and its certificate in PEM.",
  });
}
