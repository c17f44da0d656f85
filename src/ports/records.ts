import type { RRset } from "../core/plan/rrset.ts";
import type { Instant } from "../values/time.ts";

export interface NameserverEndpoint {
  /** Absolute, lower case, with its final dot: `ns1.example.net.` */
  readonly name: string;
  /** IPv4 or IPv6 address in canonical text. */
  readonly address: string;
  readonly port: number;
  /** As whose audience it is asked. Left out: public. */
  readonly view?: string;
}

export type Transport = "udp" | "tcp";

export type Reading =
  | {
      readonly outcome: "answer";
      readonly rrset: RRset | "absent";
      /** The zone's SOA serial as the server gave it in the same exchange, when it was asked for. */
      readonly serial: number | undefined;
      readonly at: Instant;
    }
  | {
      /**
       * `lame`: it answers, but not with authority for the zone (REFUSED, SERVFAIL, AA clear, or a referral).
       * `no-route`: this vantage cannot reach the address at all, which says nothing about the server.
       */
      readonly outcome: "no-response" | "lame" | "malformed" | "no-route";
      readonly code: string;
      readonly at: Instant;
    };

export interface RecordQuestion {
  /** The zone that must be authoritative, absolute lower-case text. */
  readonly zone: string;
  readonly name: string;
  /** Mnemonic: `A`, `AAAA`, `CNAME`, `TXT`. */
  readonly type: string;
  /** Of a wildcard: asked at a label of chance that it answers for (RFC 4592 §3.3), and not at `*`. Left out: the name. */
  readonly at?: "fresh label";
}

/** Reads an RRset straight from one address of one nameserver, without recursion. Cannot write. */
export interface RecordReader {
  /** Never rejects. Falls from UDP to TCP only when the answer is truncated. Bounded by the reader's time-out. */
  read(
    server: NameserverEndpoint,
    question: RecordQuestion,
    transport: Transport,
    signal: AbortSignal,
  ): Promise<Reading>;
  /** The zone's SOA serial at this server; never rejects. */
  serial(
    server: NameserverEndpoint,
    zone: string,
    transport: Transport,
    signal: AbortSignal,
  ): Promise<{ readonly serial: number } | { readonly failed: string }>;
}

/** Tells secondaries to look for a new version of a zone (RFC 1996), as its primary would a little later. */
export interface SecondaryNotifier {
  /** One NOTIFY to each server, without waiting for answers. Never rejects: a secondary that refuses it learns later. */
  notify(zone: string, servers: readonly NameserverEndpoint[]): Promise<void>;
}
