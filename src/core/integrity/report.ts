import type { JsonObject } from "../../values/json.ts";
import type { Instant } from "../../values/time.ts";
import type { KeyReport } from "./key-stage.ts";
import type { AuthenticityFinding } from "./survey.ts";
import { alarmKey, type ZoneBaseline } from "./zone-state.ts";

/**
 * One class a server: the first that fits, in this order. Without an answer nothing else is known; then what is worst
 * for those who believe it. `clock-doubtful`: bogus by a time that is in doubt here. `unverified`: it answers, and it
 * cannot be known whether it is authentic.
 */
export const serverClasses = [
  "no-response",
  "lame",
  "bogus",
  "insecure-after-secure",
  "unauthorised",
  "clock-doubtful",
  "unverified",
  "divergent",
  "stale",
  "expiring",
  "ok",
] as const;
export type ServerClass = (typeof serverClasses)[number];

/**
 * Which bell it rings. Availability and integrity never mix, and lack of an answer is never integrity. `advice` rings
 * none: it is for a review.
 */
export type Bell = "availability" | "integrity" | "advice";

/** One thing that is not as it should be. JSON. */
export interface IntegrityFinding {
  readonly code: string;
  readonly bell: Bell;
  /** `ns1.example.net. (192.0.2.53:53)`, `parent`, `key 12345`, `zone`: with the code it names the finding. */
  readonly about: string;
  /** A sentence with its figures. */
  readonly says: string;
  readonly figures: JsonObject;
  readonly mend: string;
}

export interface ServerReport {
  readonly provider: string | null;
  readonly nameserver: string;
  readonly address: string;
  readonly class: ServerClass;
  /** The worst of what was validated here; null: it gave no answer, which says nothing of authenticity. */
  readonly authenticity: AuthenticityFinding | null;
  readonly serial: number | null;
  /** When the earliest signature seen here ends; null: none was seen. */
  readonly signedUntil: Instant | null;
  readonly findings: readonly IntegrityFinding[];
}

/** A change that was foreseen, and so raises nothing. */
export interface Expected {
  /** `ns`, `parent-ns`, `ds`, `keys` */
  readonly what: string;
  /** `announced`: by people. `signer`: as the policy declares of its signer. `cds`: as the zone itself asked its parent. */
  readonly by: "announced" | "signer" | "cds";
  readonly says: string;
}

/** What one survey of one zone from one vantage came to. JSON. */
export interface IntegrityReport {
  readonly zone: string;
  readonly view: string;
  readonly vantage: string;
  readonly at: Instant;
  readonly servers: readonly ServerReport[];
  readonly availability: readonly IntegrityFinding[];
  readonly integrity: readonly IntegrityFinding[];
  readonly advice: readonly IntegrityFinding[];
  readonly expected: readonly Expected[];
  /** Every key that is published, signs, or is named by a DS, and those that were lately. */
  readonly keys: readonly KeyReport[];
  /** What should be seen from now on, where that has changed; null: as before. */
  readonly baseline: ZoneBaseline | null;
}

/** `ns1.example.net. (192.0.2.53:53)` */
export function serverText({ nameserver, address }: { readonly nameserver: string; readonly address: string }): string {
  return `${nameserver} (${address})`;
}

/** By code and what it is about, sorted: several vantages that say the same are one alarm. */
export function eachOnce(findings: readonly IntegrityFinding[]): readonly IntegrityFinding[] {
  const byKey = new Map(findings.map((finding) => [alarmKey(finding), finding]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
}
