import type { Clock, Entropy } from "../../ports/clock.ts";
import type { DnsAnswer, DnsQuestion } from "../../ports/dns-query.ts";
import type { DurationMs } from "../../values/time.ts";
import type { Channel } from "../transport/attempt.ts";
import { exchange } from "../transport/exchange.ts";
import type { ExchangeFailure } from "../transport/outcome.ts";
import { buildQuery, type QueryOptions } from "../update/update.ts";
import { decodeMessage } from "../wire/message.ts";
import type { Message } from "../wire/record.ts";
import { rcode, rcodeToText } from "../wire/rrtype.ts";
import { WireError } from "../wire/wire-error.ts";

/** What asking needs of the machine, and its one limit. */
export interface ResolutionMeans {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** For one exchange with one server, the fall to TCP included. */
  readonly timeoutMs: DurationMs;
  /** The address of this machine that it asks from. Left out: as the system routes. */
  readonly source?: string | undefined;
}

/** One address of one server, and how it is spoken to. */
export type ServerEndpoint = { readonly address: string; readonly port: number } & Channel;

export type Asked =
  { readonly outcome: "message"; readonly message: Message } | Pick<ExchangeFailure, "outcome" | "code">;

/** Asks one question once and decodes the answer, whatever it says. Never rejects. */
export async function ask(
  means: ResolutionMeans,
  server: ServerEndpoint,
  question: DnsQuestion,
  header: Omit<QueryOptions, "id">,
  signal: AbortSignal,
): Promise<Asked> {
  const message = buildQuery(question.name, question.type, { ...header, id: messageId(means.entropy) });
  const { clock, timeoutMs, source } = means;
  const result = await exchange({ ...server, source, message, timeoutMs, abortable: "throughout" }, clock, signal);
  if (result.outcome !== "response") {
    const { outcome, code, dropped } = result;
    return { outcome, code: dropped === 0 ? code : `${code}-after-${dropped}-dropped` };
  }
  try {
    return { outcome: "message", message: decodeMessage(result.octets) };
  } catch (error) {
    if (error instanceof WireError) return { outcome: "malformed", code: error.code };
    throw error;
  }
}

/**
 * What a server said, as the query port gives it on: a response code that is no answer (SERVFAIL, REFUSED) is unusable,
 * and so is what is still truncated over a stream. A host where nobody listens is silence.
 */
export function answerOf(asked: Asked, from: string): DnsAnswer {
  if (asked.outcome === "message") {
    const code = unusableCode(asked.message);
    return code === undefined ? { ...asked, from } : { outcome: "unusable", code, from };
  }
  const isUnusable = asked.outcome === "malformed" || asked.outcome === "untrusted";
  return { outcome: isUnusable ? "unusable" : "no-response", code: asked.code, from };
}

/** Response codes of an answer; the last one: a DNAME gave a name that is too long (RFC 6672 §2.2). */
const answering: ReadonlySet<number> = new Set([rcode.NOERROR, rcode.NXDOMAIN, rcode.YXDOMAIN]);

/** Why a message is no answer to anything: its response code, or that it is not whole. */
export function unusableCode({ flags }: Message): string | undefined {
  if (!answering.has(flags.rcode)) return rcodeToText(flags.rcode).toLowerCase();
  return flags.tc ? "truncated-over-tcp" : undefined;
}

/** 16 random bits: what an answer must echo (RFC 5452 §9.2). */
export function messageId(entropy: Entropy): number {
  const [high = 0, low = 0] = entropy.octets(2);
  return (high << 8) | low;
}
