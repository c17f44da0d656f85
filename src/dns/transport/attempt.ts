import type { Clock } from "../../ports/clock.ts";
import type { DurationMs } from "../../values/time.ts";
import type { IsAnswer } from "./echo.ts";
import type { ServerIdentity } from "./identity.ts";
import type { Way } from "./source.ts";

/** How a server is spoken to. */
export type Channel =
  | { readonly transport: "udp" | "tcp" }
  /** DNS over TLS (RFC 7858). */
  | { readonly transport: "dot"; readonly identity: ServerIdentity }
  /** DNS over HTTPS (RFC 8484). */
  | {
      readonly transport: "doh";
      readonly identity: ServerIdentity;
      /** Of the resource that answers, `/dns-query` for most. */
      readonly path: string;
    };

export type ExchangeRequest = Channel &
  Way & {
    readonly port: number;
    /** A whole message with one question; its id MUST be fresh from the Entropy port. */
    readonly message: Uint8Array;
    /** For all of it, the fall to TCP included. */
    readonly timeoutMs: DurationMs;
    /** Until when the signal counts: a write is never aborted once it may have left this machine. */
    readonly abortable: "throughout" | "until-sent";
  };

/** An exchange with the means to carry it out, as the transports take it. */
export type Attempt = Omit<ExchangeRequest, "transport"> & {
  readonly isAnswer: IsAnswer;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};
