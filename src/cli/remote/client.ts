import { request as httpRequest, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { refusalResponse, version, type Output, type Schema } from "../../api/contract/common.ts";
import { PointsmanError } from "../../values/refusal.ts";
import type { Context } from "../frame/command.ts";

/** The controller answers within milliseconds; longer than this and it hangs. Milliseconds. */
const answerMsMax = 30_000;

export interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: { readonly [name: string]: string };
  readonly body?: object;
}

/**
 * Asks the controller, and reads its answer by `schema`.
 * @throws PointsmanError what it refused; `unreachable` when nobody listens or no answer comes; `not-understood`;
 * `interrupted`.
 */
export async function ask<Message extends Schema>(
  context: Context,
  question: Question,
  schema: Message,
): Promise<Output<Message>> {
  const socketPath = await context.socketPath();
  const work = exchange(socketPath, question, context.terminal.interrupted);
  const { ok, text } = await context.terminal.waiting("Waiting for the controller", work);
  const body = parseJson(text);
  if (!ok) {
    const refused = refusalResponse.safeParse(body);
    throw refused.success ? new PointsmanError(refused.data.refusal) : notUnderstood(socketPath);
  }
  const answer = schema.safeParse(body);
  if (!answer.success) throw notUnderstood(socketPath);
  return answer.data;
}

/** The lines of a stream, until it ends or the user interrupts. @throws PointsmanError as {@link ask} does. */
export async function* askLines<Message extends Schema>(
  context: Context,
  question: Question,
  schema: Message,
): AsyncGenerator<Output<Message>> {
  const { interrupted } = context.terminal;
  const socketPath = await context.socketPath();
  const response = await send(socketPath, question, interrupted);
  try {
    for await (const line of createInterface({ input: response, crlfDelay: Infinity, signal: interrupted })) {
      const read = schema.safeParse(parseJson(line));
      if (!read.success) throw notUnderstood(socketPath);
      yield read.data;
    }
  } catch (error) {
    if (!interrupted.aborted) throw error instanceof PointsmanError ? error : unreachable(socketPath, codeOf(error));
  } finally {
    response.destroy();
  }
}

async function exchange(
  socketPath: string,
  question: Question,
  signal: AbortSignal,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  const response = await send(socketPath, question, signal);
  try {
    response.setEncoding("utf8");
    let text = "";
    for await (const part of response) text += String(part);
    return { ok: response.statusCode === 200, text };
  } catch (error) {
    throw signal.aborted ? interruption() : unreachable(socketPath, codeOf(error));
  }
}

async function send(socketPath: string, question: Question, signal: AbortSignal): Promise<IncomingMessage> {
  const { method, path, query, body } = question;
  const search = query === undefined ? "" : `?${new URLSearchParams({ ...query }).toString()}`;
  const octets = body === undefined ? undefined : JSON.stringify({ v: version, ...body });
  return await new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        socketPath,
        method,
        path: path + search,
        signal,
        // No pool: the process ends with its answer.
        agent: false,
        timeout: answerMsMax,
        headers: octets === undefined ? {} : { "content-type": "application/json" },
      },
      (response) => {
        // From here on a silent stream is a quiet one.
        outgoing.setTimeout(0);
        resolve(response);
      },
    );
    outgoing.once("timeout", () => outgoing.destroy(unreachable(socketPath, "timeout")));
    outgoing.once("error", (error) => {
      if (error instanceof PointsmanError) reject(error);
      else reject(signal.aborted ? interruption() : unreachable(socketPath, codeOf(error)));
    });
    outgoing.end(octets);
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such socket"],
  ["ECONNREFUSED", "the socket is there and nobody listens"],
  ["EACCES", "this user may not open it"],
  ["timeout", `no answer within ${answerMsMax / 1000} s`],
]);

function unreachable(socketPath: string, code: string): PointsmanError {
  const mend =
    code === "EACCES"
      ? "Run the command as the user that runs the controller."
      : "Start it with: pointsman run, or give its socket with --socket PATH.";
  return new PointsmanError({
    code: "unreachable",
    says: `The controller cannot be reached at ${socketPath}: ${reasons.get(code) ?? code}.`,
    figures: { socket: socketPath, error: code },
    mend,
  });
}

function notUnderstood(socketPath: string): PointsmanError {
  return new PointsmanError({
    code: "not-understood",
    says: `What listens at ${socketPath} gives an answer that this pointsman does not understand.`,
    figures: { socket: socketPath, contract: version },
    mend: "Use a pointsman of the same version as the controller.",
  });
}

function interruption(): PointsmanError {
  return new PointsmanError({
    code: "interrupted",
    says: "Interrupted before the controller answered.",
    figures: {},
    mend: "See what came of it with: pointsman status",
  });
}
