import { once } from "node:events";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { z } from "zod";
import type { Log } from "../../ports/log.ts";
import type { Operations } from "../../ports/operations.ts";
import { isCommandId } from "../../values/ids.ts";
import { PointsmanError, type Refusal } from "../../values/refusal.ts";
import { actRequest } from "../contract/act.ts";
import { paths, version } from "../contract/common.ts";
import { eventsQuery } from "../contract/event.ts";
import { guardRequest } from "../contract/guard.ts";
import { planRequest } from "../contract/plan.ts";
import { whyQuery } from "../contract/why.ts";
import { performAct } from "./acts.ts";
import { eventStream } from "./events.ts";
import { exportOf, guardOf, planOf, whyOf } from "./questions.ts";
import { badRequest, internalError } from "./refusals.ts";
import { listenOnSocket } from "./socket.ts";
import { statusOf } from "./status.ts";
import type { RdataText } from "./views.ts";

export interface LocalApiParts {
  readonly operations: Operations;
  readonly socketPath: string;
  readonly rdataText: RdataText;
  readonly log: Log;
}

export interface LocalApi {
  /** Ends open streams and resolves once nothing listens; closing takes the socket away. */
  close(): Promise<void>;
}

const bodyOctetsMax = 128 * 1024;

/**
 * Serves the contract on a Unix socket. There is no sign-in: who may connect to the socket may act, and the user id that
 * a client claims is recorded as `local-user`, unsigned.
 * @throws PointsmanError as `listenOnSocket` does.
 */
export async function startLocalApi(parts: LocalApiParts): Promise<LocalApi> {
  const app = fastify({ bodyLimit: bodyOctetsMax, logger: false });
  answerErrors(app, parts.log);
  addQuestions(app, parts);
  addActs(app, parts);
  await app.ready();
  await listenOnSocket(app.server, parts.socketPath);
  return {
    async close() {
      const closed = once(app.server, "close");
      app.server.close();
      app.server.closeAllConnections();
      await closed;
      await app.close();
    },
  };
}

function addQuestions(app: FastifyInstance, { operations, rdataText }: LocalApiParts): void {
  app.get(paths.status, () => statusOf(operations, rdataText));
  app.get(paths.export, () => exportOf(operations, rdataText));
  app.get(paths.why, (request, reply) => answer(reply, whyOf(operations, read(whyQuery, request.query).service)));
  app.post(paths.plan, (request, reply) =>
    answer(reply, planOf(operations, read(planRequest, request.body), rdataText)),
  );
  app.post(paths.guard, (request, reply) => answer(reply, guardOf(operations, read(guardRequest, request.body).names)));
  app.get(paths.events, (request, reply) => {
    const { service } = read(eventsQuery, request.query);
    return reply.type("application/x-ndjson").send(eventStream(operations, service));
  });
}

function addActs(app: FastifyInstance, { operations, log }: LocalApiParts): void {
  app.post(paths.acts, async (request, reply) => {
    const asked = read(actRequest, request.body);
    const { id } = asked;
    if (!isCommandId(id)) throw new PointsmanError(badRequest("The id of the command is not one."));
    const result = await performAct(operations, { ...asked, id });
    const outcome = "refusal" in result ? result.refusal.code : "accepted";
    log.write("info", "act", { id, act: asked.act.kind, uid: asked.uid, outcome });
    return answer(reply, result);
  });
}

function answer(
  reply: FastifyReply,
  result: { readonly response: object } | { readonly refusal: Refusal },
): FastifyReply {
  return "response" in result ? reply.send(result.response) : refuse(reply, result.refusal);
}

function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.status(statusCodes.get(refusal.code) ?? 409).send({ v: version, refusal });
}

/** Any other refusal is 409: the request is sound, and the state of things refuses it. */
const statusCodes: ReadonlyMap<string, number> = new Map([
  ["bad-request", 400],
  ["no-such-service", 404],
  ["no-such-name", 404],
  ["no-such-failover", 404],
  ["no-such-zone", 404],
  ["no-such-announcement", 404],
  ["no-such-path", 404],
  ["internal", 500],
]);

function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "the request" : issue.path.join(".");
  throw new PointsmanError(
    badRequest(`The controller does not understand ${where}: ${issue?.message ?? "not valid"}.`),
  );
}

function answerErrors(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler((request, reply) => {
    const says = `The controller has no ${request.method} ${request.url.split("?")[0]}.`;
    return refuse(reply, { ...badRequest(says), code: "no-such-path" });
  });
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof PointsmanError) return refuse(reply, error.refusal);
    if (isClientsFault(error)) return refuse(reply, badRequest(`The request is not valid: ${error.code}.`));
    // The stack is for those who run the controller, never for its users.
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.write("error", "api-failed", { method: request.method, path: request.url.split("?")[0] ?? "", stack });
    return refuse(reply, internalError);
  });
}

/** What fastify itself refuses: a body that is no JSON, too large, of another type. */
function isClientsFault(error: unknown): error is { readonly code: string } {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    "statusCode" in error &&
    typeof error.statusCode === "number" &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  );
}
