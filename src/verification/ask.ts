import type { DnsQuestion } from "../ports/dns-query.ts";
import type { NameserverEndpoint, Transport } from "../ports/records.ts";
import { publicView } from "../core/policy/zone-key.ts";
import { ask as askServer, type Asked as Exchanged, type ResolutionMeans } from "../dns/resolution/ask.ts";
import type { Message } from "../dns/wire/record.ts";
import type { Instant } from "../values/time.ts";

/** What a reader needs of the machine, and its one limit: for one question, the fall to TCP included. */
export interface ReaderMeans extends Omit<ResolutionMeans, "source"> {
  /** The address of this machine from which the nameservers of a view are asked. Left out: as the system routes. */
  readonly sourceOf?: (view: string) => string | undefined;
}

/** The same for one view. */
export function meansIn({ sourceOf, ...means }: ReaderMeans, view = publicView): ResolutionMeans {
  return { ...means, source: sourceOf?.(view) };
}

/** Why a server gave nothing to read; the codes are for programs and for `why`. */
interface Unanswered {
  readonly outcome: "no-response" | "lame" | "malformed" | "no-route";
  readonly code: string;
  readonly at: Instant;
}

export type Asked = { readonly outcome: "message"; readonly message: Message; readonly at: Instant } | Unanswered;

/** What comes with the answer: its signatures, or the data alone. */
export type Along = "signatures" | "data-alone";

/** Asks one question without recursion and decodes the answer, whatever it says. Never rejects. */
export async function ask(
  means: ReaderMeans,
  { address, port, view }: NameserverEndpoint,
  question: DnsQuestion,
  transport: Transport,
  signal: AbortSignal,
  along: Along = "data-alone",
): Promise<Asked> {
  const dnssec = along === "signatures" ? "send" : "leave-out";
  const header = { recursion: "none", dnssec, checking: "enabled" } as const;
  const asked = await askServer(meansIn(means, view), { address, port, transport }, question, header, signal);
  const at = means.clock.now();
  return asked.outcome === "message" ? { ...asked, at } : { outcome: kindOf(asked), code: asked.code, at };
}

// A host that says "nobody listens here" has answered for itself and not for the nameserver: it is silence all the same.
function kindOf({ outcome }: Exclude<Exchanged, { outcome: "message" }>): Unanswered["outcome"] {
  switch (outcome) {
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
