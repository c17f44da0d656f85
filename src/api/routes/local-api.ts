import { handInRequest } from "../contract/policy.ts";
import { handIn, policyOf } from "./policy.ts";
import { once } from "node:events";
import fastify, { type FastifyInstance } from "fastify";
import type { Log } from "../../ports/log.ts";
import type { Operations } from "../../ports/operations.ts";
import { isCommandId } from "../../values/ids.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { actRequest } from "../contract/act.ts";
import { failoverPlanQuery } from "../contract/basis.ts";
import { paths } from "../contract/common.ts";
import { eventsQuery } from "../contract/event.ts";
import { guardRequest } from "../contract/guard.ts";
import { planRequest } from "../contract/plan.ts";
import type { ListenerView } from "../contract/status.ts";
import { statementRequest } from "../contract/statement.ts";
import { whyQuery } from "../contract/why.ts";
import { performAct } from "./acts.ts";
import { answer, answerErrors, read } from "./answers.ts";
import { basisOf, failoverPlanOf } from "./basis.ts";
import { eventStream } from "./events.ts";
import { exportOf, guardOf, planOf, whyOf } from "./questions.ts";
import { badRequest } from "./refusals.ts";
import { listenOnSocket } from "./socket.ts";
import { takeStatement } from "./statements.ts";
import { statusOf } from "./status.ts";
import type { RdataText } from "./views.ts";

export interface LocalApiParts {
  readonly operations: Operations;
  readonly socketPath: string;
  readonly rdataText: RdataText;
  /** Left out: statements come in by the socket alone, or by a drop folder. */
  readonly listener?: ListenerView | null;
  readonly log: Log;
}

export interface LocalApi {
  /** Ends open streams and resolves once nothing listens; closing takes the socket away. */
  close(): Promise<void>;
}

/** A statement is text within text, and its signer's reason stands beside it. */
const bodyOctetsMax = 256 * 1024;

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

function addQuestions(app: FastifyInstance, { operations, rdataText, listener }: LocalApiParts): void {
  app.get(paths.status, () => statusOf(operations, rdataText, listener ?? null));
  app.get(paths.export, () => exportOf(operations, rdataText));
  app.get(paths.why, (request, reply) => answer(reply, whyOf(operations, read(whyQuery, request.query).service)));
  app.post(paths.plan, (request, reply) =>
    answer(reply, planOf(operations, read(planRequest, request.body), rdataText)),
  );
  app.get(paths.basis, () => basisOf(operations));
  app.get(paths.policy, () => policyOf(operations));
  app.get(paths.plan, (request, reply) =>
    answer(reply, failoverPlanOf(operations, read(failoverPlanQuery, request.query).failover)),
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
  app.post(paths.policy, (request, reply) =>
    answer(reply, handIn(operations, read(handInRequest, request.body).document)),
  );
  app.post(paths.statements, async (request, reply) => {
    return answer(reply, await takeStatement(operations, read(statementRequest, request.body), socketSource));
  });
}

/** Nothing proves who is behind the socket: all of it shares one limit. */
const socketSource = { lane: "socket", from: "socket" } as const;
