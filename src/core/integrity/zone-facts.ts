import { since, type Instant } from "../../values/time.ts";
import type { Authenticity } from "./survey.ts";

/** What one address of one nameserver said of a zone last, as one vantage saw it. */
export interface ZoneServerFacts {
  /** Null where no policy names a provider. */
  readonly provider: string | null;
  /** Absolute name, `address:port`. */
  readonly nameserver: string;
  readonly address: string;
  readonly vantage: string;
  /** Lack of an answer is no verdict: it says nothing of authenticity. */
  readonly answers: boolean;
  readonly authenticity: Authenticity;
  /** Of `dns/dnssec`; `clock-doubtful` where time alone speaks against it and the time here is in doubt. */
  readonly code: string;
  readonly at: Instant;
}

/** What the integrity monitor knows of a zone that a service stands in. A zone without it is not watched. JSON. */
export interface ZoneFacts {
  readonly zone: string;
  readonly view: string;
  /** It was secure, by the journal or by what was seen since the start. */
  readonly everSecure: boolean;
  /** People announced, for now, that it leaves DNSSEC. */
  readonly leavingDnssec: boolean;
  /** What is older says nothing any more. */
  readonly freshForMs: number;
  readonly servers: readonly ZoneServerFacts[];
}

/** What answering nameservers said lately: silence and stale words left out. */
export function heardLately({ servers, freshForMs }: ZoneFacts, now: Instant): readonly ZoneServerFacts[] {
  return servers.filter(({ answers, at }) => answers && since(at, now) <= freshForMs);
}

/** `ns1.example.net. (192.0.2.53:53, signature-expired)`, each server once. */
export function serversSaid(rows: readonly ZoneServerFacts[]): readonly string[] {
  return [...new Set(rows.map(({ nameserver, address, code }) => `${nameserver} (${address}, ${code})`))];
}
