import type { FastifyInstance, FastifyReply } from "fastify";
import type { z } from "zod";
import type { Log } from "../../ports/log.ts";
import { PointsmanError, type Refusal } from "../../values/refusal.ts";
import { version } from "../contract/common.ts";
import { badRequest, internalError } from "./refusals.ts";

/** A response of the contract, or what was refused. */
export function answer(
  reply: FastifyReply,
  result: { readonly response: object } | { readonly refusal: Refusal },
): FastifyReply {
  return "response" in result ? reply.send(result.response) : refuse(reply, result.refusal);
}

export function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
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
  ["too-many-statements", 429],
  ["internal", 500],
]);

/** What a request holds, by its schema. @throws PointsmanError `bad-request` that says where it is wrong. */
export function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "the request" : issue.path.join(".");
  throw new PointsmanError(
    badRequest(`The controller does not understand ${where}: ${issue?.message ?? "not valid"}.`),
  );
}

/** Whatever goes wrong is a refusal: never a stack trace, for those who ask. */
export function answerErrors(app: FastifyInstance, log: Log): void {
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
