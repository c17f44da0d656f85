import type { NameserverEndpoint, Transport } from "../ports/records.ts";
import type { Clock, Entropy } from "../ports/clock.ts";
import { exchange } from "../dns/transport/exchange.ts";
import type { ExchangeFailure } from "../dns/transport/outcome.ts";
import { buildQuery } from "../dns/update/update.ts";
import { decodeMessage } from "../dns/wire/message.ts";
import type { Name } from "../dns/wire/name.ts";
import type { Message } from "../dns/wire/record.ts";
import { WireError } from "../dns/wire/wire-error.ts";
import type { DurationMs, Instant } from "../values/time.ts";
import { messageId } from "./names.ts";

/** What a reader needs of the machine, and its one limit. */
export interface ReaderMeans {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** For one question, the fall to TCP included. */
  readonly timeoutMs: DurationMs;
}

/** Why a server gave nothing to read; the codes are for programs and for `why`. */
interface Unanswered {
  readonly outcome: "no-response" | "lame" | "malformed" | "no-route";
  readonly code: string;
  readonly at: Instant;
}

export type Asked = { readonly outcome: "message"; readonly message: Message; readonly at: Instant } | Unanswered;

/** Asks one question without recursion and decodes the answer, whatever it says. Never rejects. */
export async function ask(
  means: ReaderMeans,
  server: NameserverEndpoint,
  question: { readonly name: Name; readonly type: number },
  transport: Transport,
  signal: AbortSignal,
): Promise<Asked> {
  const options = {
    id: messageId(means.entropy),
    recursion: "none",
    dnssec: "leave-out",
    checking: "enabled",
  } as const;
  const message = buildQuery(question.name, question.type, options);
  const { address, port } = server;
  const result = await exchange(
    { address, port, message, transport, timeoutMs: means.timeoutMs, abortable: "throughout" },
    means.clock,
    signal,
  );
  const at = means.clock.now();
  if (result.outcome !== "response") return { ...unanswered(result), at };
  try {
    return { outcome: "message", message: decodeMessage(result.octets), at };
  } catch (error) {
    if (error instanceof WireError) return { outcome: "malformed", code: error.code, at };
    throw error;
  }
}

// A host that says "nobody listens here" has answered for itself and not for the nameserver: it is silence all the same.
function unanswered(failure: ExchangeFailure): Pick<Unanswered, "outcome" | "code"> {
  const code = failure.dropped === 0 ? failure.code : `${failure.code}-after-${failure.dropped}-dropped`;
  switch (failure.outcome) {
    case "no-route":
      return { outcome: "no-route", code };
    case "malformed":
      return { outcome: "malformed", code };
    case "timeout":
    case "refused":
    case "closed":
    case "aborted":
    case "failed":
      return { outcome: "no-response", code };
  }
}
