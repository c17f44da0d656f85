import type { Socket } from "node:net";
import type { Endpoint } from "../../core/policy/policy.ts";
import type { ClockWitnessSink } from "../../ports/clock-witness.ts";
import type { Clock } from "../../ports/clock.ts";
import type { DurationMs } from "../../values/time.ts";
import type { Connector } from "../connector.ts";
import { reasonOfSocketError } from "../socket-reason.ts";

/** What every check gets from its vantage. */
export interface Means {
  readonly clock: Clock;
  readonly connect: Connector;
  readonly signal: AbortSignal;
  /** Hears the time of answers whose certificate is trusted. */
  readonly clockWitnesses?: ClockWitnessSink | undefined;
}

/** Ends the attempt with a reason, which may still be found out; only the first call counts. */
export type End = (reason: string | Promise<string>) => void;

/**
 * One connection under one deadline: resolves with the reason it ended for, and the socket is closed by then. Never
 * rejects. `converse` runs once connected and calls `end`; errors, the deadline (`connect-timeout` before it is
 * connected, `timeout` after) and an abort (`not-run`) end it too.
 */
export function dial(
  endpoint: Endpoint,
  timeoutMs: DurationMs,
  { clock, connect, signal }: Means,
  converse: (socket: Socket, end: End) => void,
): Promise<string> {
  return new Promise((resolve) => {
    let open = true;
    let connected = false;
    const socket = connect(endpoint);
    const cancel = clock.schedule(timeoutMs, () => end(connected ? "timeout" : "connect-timeout"));
    signal.addEventListener("abort", abort);

    function end(reason: string | Promise<string>): void {
      if (!open) return;
      open = false;
      cancel();
      signal.removeEventListener("abort", abort);
      socket.destroy();
      resolve(reason);
    }
    function abort(): void {
      end("not-run");
    }
    // The listener stays: an error after the end has nobody else to go to, and would stop the process.
    socket.on("error", (error) => {
      if (open) end(reasonOfSocketError(error, endpoint));
    });
    socket.once("connect", () => {
      connected = true;
      converse(socket, end);
    });
    if (signal.aborted) abort();
  });
}
