import { invariant } from "../../values/invariant.ts";
import { duration } from "../../values/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Attempt, ExchangeRequest } from "./attempt.ts";
import { exchangeDoh } from "./doh.ts";
import { exchangeDot } from "./dot.ts";
import { answerTo, isTruncated } from "./echo.ts";
import { abortedByCaller, timedOut, type Exchange } from "./outcome.ts";
import { exchangeTcp } from "./tcp.ts";
import { exchangeUdp } from "./udp.ts";

/**
 * Sends one message once, and waits for its answer: from a random port, over a connected socket, and only a message
 * that echoes id and question counts (RFC 5452 §9); another is dropped, counted, and the wait goes on. A truncated answer
 * over UDP is asked for again over TCP (RFC 7766 §5). Never retries, and never rejects for what a network does.
 */
export async function exchange(request: ExchangeRequest, clock: Clock, signal: AbortSignal): Promise<Exchange> {
  const isAnswer = answerTo(request.message);
  invariant(isAnswer !== undefined, "a message to be sent has one question");
  if (signal.aborted) return { ...abortedByCaller, sent: false, dropped: 0 };
  const attempt: Attempt = { ...request, isAnswer, clock, signal };
  switch (request.transport) {
    case "udp":
      return exchangeDatagram(attempt);
    case "tcp":
      return exchangeTcp(attempt);
    case "dot":
      return exchangeDot(attempt, request.identity);
    case "doh":
      return exchangeDoh(attempt, request);
  }
}

async function exchangeDatagram(attempt: Attempt): Promise<Exchange> {
  const { clock, timeoutMs } = attempt;
  const startedAt = clock.monotonic();
  const first = await exchangeUdp(attempt);
  if (first.outcome !== "response" || !isTruncated(first.octets)) return first;
  const leftMs = timeoutMs - (clock.monotonic() - startedAt);
  if (leftMs <= 0) return { ...timedOut, sent: true, dropped: first.dropped };
  const second = await exchangeTcp({ ...attempt, timeoutMs: duration(leftMs) });
  return { ...second, dropped: first.dropped + second.dropped };
}
