import type { Edns } from "./edns.ts";
import type { Name } from "./name.ts";

export interface Question {
  readonly name: Name;
  readonly type: number;
  readonly class: number;
}

export interface ResourceRecord {
  readonly name: Name;
  readonly type: number;
  readonly class: number;
  /** Seconds, below 2^31. */
  readonly ttl: number;
  /** A copy of its own, with names expanded where the type may have them compressed; otherwise as received. */
  readonly rdata: Uint8Array;
}

export interface Flags {
  /** A response. */
  readonly qr: boolean;
  readonly opcode: number;
  readonly aa: boolean;
  readonly tc: boolean;
  readonly rd: boolean;
  readonly ra: boolean;
  readonly ad: boolean;
  readonly cd: boolean;
  /** 12 bits: above 15 only together with EDNS (RFC 6891 §6.1.3). */
  readonly rcode: number;
}

/**
 * A DNS message. For an UPDATE the sections are, in order, zone, prerequisites, updates and additional (RFC 2136 §2).
 * The OPT record stands in `edns` and not in `additional`; a TSIG record is the last of `additional`.
 */
export interface Message {
  readonly id: number;
  readonly flags: Flags;
  readonly question: readonly Question[];
  readonly answer: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
  readonly additional: readonly ResourceRecord[];
  readonly edns: Edns | undefined;
}
