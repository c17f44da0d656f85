import type { DnsQuestion } from "../../ports/dns-query.ts";
import type { NameserverEndpoint, Transport } from "../../ports/records.ts";
import { ask, type Asked, type ReaderMeans } from "../ask.ts";

/** How one address of a nameserver was found to answer. */
export interface Reach {
  /** Over UDP where that answers, over TCP otherwise. */
  readonly answer: Asked;
  readonly transport: Transport;
  readonly latencyMs: number;
  readonly udp: boolean;
  readonly tcp: boolean;
}

/** Asks the same over both transports at once. */
export async function reach(
  means: ReaderMeans,
  server: NameserverEndpoint,
  question: DnsQuestion,
  signal: AbortSignal,
): Promise<Reach> {
  const timed = async (transport: Transport) => {
    const startedAt = means.clock.monotonic();
    const answer = await askAgain(means, server, question, transport, signal);
    return { answer, transport, latencyMs: means.clock.monotonic() - startedAt };
  };
  const [byDatagram, byStream] = await Promise.all([timed("udp"), timed("tcp")]);
  const udp = byDatagram.answer.outcome === "message";
  const tcp = byStream.answer.outcome === "message";
  return { ...(udp || !tcp ? byDatagram : byStream), udp, tcp };
}

/** With its signatures; a datagram that is lost is sent once more. */
export async function askAgain(
  means: ReaderMeans,
  server: NameserverEndpoint,
  question: DnsQuestion,
  transport: Transport,
  signal: AbortSignal,
): Promise<Asked> {
  const first = await ask(means, server, question, transport, signal, "signatures");
  const isLost = transport === "udp" && first.outcome === "no-response" && !signal.aborted;
  return isLost ? ask(means, server, question, transport, signal, "signatures") : first;
}
