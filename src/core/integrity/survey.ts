import type { Instant } from "../../values/time.ts";
import type { RRset } from "../plan/rrset.ts";

/** RFC 4033 §5, and `unverifiable`: the budget of work was spent. As `dns/dnssec` says it. */
export type Authenticity = "secure" | "insecure" | "bogus" | "indeterminate" | "unverifiable";

/** A verdict with what was wrong: codes of `dns/dnssec`, a sentence with figures. */
export interface AuthenticityFinding {
  readonly authenticity: Authenticity;
  readonly code: string;
  readonly says: string;
}

export interface KeySurvey {
  readonly tag: number;
  readonly algorithm: number;
  readonly bits: number | null;
  /** 256: zone key; 257: with the secure entry point bit; 128 more when revoked (RFC 5011). */
  readonly flags: number;
  /** SHA-256 over the RDATA without its flags, lower-case hexadecimal: the same key wherever it stands. */
  readonly fingerprint: string;
  /** Every DS that names it, one for each digest type that is known: RDATA in lower-case hexadecimal (RFC 4034 §5.1.4). */
  readonly asDs: readonly string[];
  /** Whether a valid signature over the DNSKEY set, or over the SOA, was made by it. */
  readonly signsKeys: boolean;
  readonly signsZone: boolean;
}

export interface WatchedSurvey {
  readonly name: string;
  readonly type: string;
  /** A wildcard is asked for twice: by its own name, and at a label of chance that it answers for. Left out: the name. */
  readonly at?: "fresh label";
  readonly rrset: RRset | "absent";
  readonly finding: AuthenticityFinding;
  /** Of the signature that held; null where none did. */
  readonly inception: Instant | null;
  readonly expiration: Instant | null;
}

/** How people read what was asked. */
export function askedText({ name, type, at }: Pick<WatchedSurvey, "name" | "type" | "at">): string {
  return at === undefined ? `${name} ${type}` : `${name} ${type} at a ${at}`;
}

/** What one address of one nameserver answered in one round. What it did not answer is null. */
export interface ServerSurvey {
  /** Null where no policy names a provider. */
  readonly provider: string | null;
  /** Absolute name, `address:port`. */
  readonly nameserver: string;
  readonly address: string;
  readonly outcome: "answer" | "no-response" | "lame" | "malformed" | "no-route";
  readonly code: string | null;
  readonly latencyMs: number | null;
  /** Whether it answers over each transport; null: not asked. */
  readonly udp: boolean | null;
  readonly tcp: boolean | null;
  readonly soa: {
    readonly serial: number;
    readonly refreshMs: number;
    readonly retryMs: number;
    readonly expireMs: number;
  } | null;
  /** Absolute names, sorted. */
  readonly ns: readonly string[] | null;
  readonly keys: readonly KeySurvey[] | null;
  /** TTL of the DNSKEY set; null: not answered. */
  readonly keysTtlMs: number | null;
  /** RDATA in lower-case hexadecimal, sorted. */
  readonly cds: readonly string[] | null;
  readonly cdnskey: readonly string[] | null;
  /** Of the zone at this server: its DNSKEY set by the DS, and its SOA. */
  readonly finding: AuthenticityFinding;
  /** The earliest end and the latest beginning among the signatures seen here. */
  readonly signedUntil: Instant | null;
  readonly signedFrom: Instant | null;
  readonly watched: readonly WatchedSurvey[];
}

/** What the parent's nameservers say of the zone; null: not answered. */
export interface DelegationSurvey {
  readonly parent: string;
  /** Absolute names, sorted. */
  readonly ns: readonly string[] | null;
  /** RDATA in lower-case hexadecimal, sorted; empty: proven absent or unsigned. */
  readonly ds: readonly string[] | null;
  /** TTL of the DS set; null where there is none. */
  readonly dsTtlMs: number | null;
  readonly finding: AuthenticityFinding;
}

/** One round of questions about one zone, of one view, from one vantage. JSON through and through. */
export interface ZoneSurvey {
  /** Absolute, lower case. */
  readonly zone: string;
  readonly view: string;
  readonly vantage: string;
  readonly at: Instant;
  readonly servers: readonly ServerSurvey[];
  /** Null for a zone whose parent was not asked: an own anchor stands at its apex. */
  readonly delegation: DelegationSurvey | null;
}
