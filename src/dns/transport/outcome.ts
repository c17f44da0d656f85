/** What came of one exchange with one server. A network never throws: each way to fail is an outcome of its own. */
export type Exchange =
  | {
      readonly outcome: "response";
      /** A message with our id and exactly our question; nothing else of it has been looked at. */
      readonly octets: Uint8Array;
      readonly transport: "udp" | "tcp" | "dot" | "doh";
      /** Messages that were not the answer to our question: dropped, and the wait went on. */
      readonly dropped: number;
    }
  | ExchangeFailure;

export interface ExchangeFailure {
  /**
   * `timeout`: silence. `refused`: the host says that nobody listens. `closed`: the connection ended before an answer.
   * `malformed`: a message too short to be one, or something that is not TLS or HTTP where that is spoken. `untrusted`: the
   * server did not prove who it is. `no-route`: this machine cannot reach the address at all. `aborted`: our caller gave
   * up. `failed`: this machine could not (out of sockets, forbidden by a firewall).
   */
  readonly outcome: "timeout" | "refused" | "closed" | "malformed" | "untrusted" | "no-route" | "aborted" | "failed";
  readonly code: string;
  /** False only when not one octet of the message can have left this machine. */
  readonly sent: boolean;
  readonly dropped: number;
}

export type FailureKind = Pick<ExchangeFailure, "outcome" | "code">;

export const timedOut: FailureKind = { outcome: "timeout", code: "timeout" };
export const abortedByCaller: FailureKind = { outcome: "aborted", code: "aborted" };
export const closedEarly: FailureKind = { outcome: "closed", code: "connection-closed" };
export const tooShort: FailureKind = { outcome: "malformed", code: "message-too-short" };

// The last one: a machine without IPv6 at all.
const noRoute = new Set(["ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"]);
const closed = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);

/** The kind of failure behind an error of a socket. */
export function failureOf(error: Error): FailureKind {
  const code = "code" in error && typeof error.code === "string" ? error.code : "unknown";
  if (code === "ECONNREFUSED") return { outcome: "refused", code: "connection-refused" };
  if (code === "ETIMEDOUT") return { outcome: "timeout", code: "connect-timeout" };
  if (noRoute.has(code)) return { outcome: "no-route", code: code.toLowerCase() };
  if (closed.has(code)) return closedEarly;
  return { outcome: "failed", code: `socket-${code.toLowerCase()}` };
}
