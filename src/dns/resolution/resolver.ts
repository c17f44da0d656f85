import type { DnsQueryPort } from "../../ports/dns-query.ts";
import { answerOf, ask, type ResolutionMeans, type ServerEndpoint } from "./ask.ts";

export interface ResolverOptions {
  readonly server: ServerEndpoint;
  readonly means: ResolutionMeans;
  /** `enabled`: CD clear, as its users ask: what it finds bogus it refuses. Left out: we check ourselves. */
  readonly checking?: "disabled" | "enabled";
}

/** A datagram may be lost once without the answer being lost; a stream repeats by itself. */
const datagramsMax = 2;

/**
 * Asks a resolver, with RD, DO and CD set (RFC 4035 §3.2.2): it recurses, gives the signatures along, and leaves it to us
 * to check them, unless `checking` is to be its own. The zone of a question is its own affair. Ends within twice the time-out.
 */
export function resolverPort({ server, means, checking = "disabled" }: ResolverOptions): DnsQueryPort {
  return {
    async query(_zone, question, signal) {
      const header = { recursion: "desired", dnssec: "send", checking } as const;
      let asked = await ask(means, server, question, header, signal);
      for (let sent = 1; sent < datagramsMax && server.transport === "udp"; sent += 1) {
        if (asked.outcome !== "timeout") break;
        // oxlint-disable-next-line no-await-in-loop -- one try after the other
        asked = await ask(means, server, question, header, signal);
      }
      return answerOf(asked, server.address);
    },
  };
}
