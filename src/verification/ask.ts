import type { NameserverEndpoint, Transport } from "../ports/records.ts";
import type { DnsQuestion } from "../ports/dns-query.ts";
import { ask as askServer, type Asked as Answered, type ResolutionMeans } from "../dns/resolution/ask.ts";
import type { Message } from "../dns/wire/record.ts";
import type { Instant } from "../values/time.ts";

/** What a reader needs of the machine, and its one limit: the time-out of one question. */
export type ReaderMeans = ResolutionMeans;

/** Why a server gave nothing to read; the codes are for programs and for `why`. */
interface Unanswered {
  readonly outcome: "no-response" | "lame" | "malformed" | "no-route";
  readonly code: string;
  readonly at: Instant;
}

export type Asked = { readonly outcome: "message"; readonly message: Message; readonly at: Instant } | Unanswered;

const header = { recursion: "none", dnssec: "leave-out", checking: "enabled" } as const;

/** Asks one question without recursion and decodes the answer, whatever it says. Never rejects. */
export async function ask(
  means: ReaderMeans,
  server: NameserverEndpoint,
  question: DnsQuestion,
  transport: Transport,
  signal: AbortSignal,
): Promise<Asked> {
  const { address, port } = server;
  const asked = await askServer(means, { address, port, transport }, question, header, signal);
  const at = means.clock.now();
  return asked.outcome === "message" ? { ...asked, at } : { outcome: outcomeOf(asked), code: asked.code, at };
}

// A host that says "nobody listens here" has answered for itself and not for the nameserver: it is silence all the same.
function outcomeOf(failure: Exclude<Answered, { readonly outcome: "message" }>): Unanswered["outcome"] {
  switch (failure.outcome) {
    case "no-route":
      return "no-route";
    case "malformed":
    case "untrusted":
      return "malformed";
    case "timeout":
    case "refused":
    case "closed":
    case "aborted":
    case "failed":
      return "no-response";
  }
}
