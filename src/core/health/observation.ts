import type { DurationMs, Instant } from "../../values/time.ts";
import type { CheckDefinition } from "../policy/policy.ts";

/**
 * One result of one check. `pass`, or the code of why not: `connect-refused`, `timeout`, `status-503`, `tls-expired`. A
 * check that could not be run from here (no route, no free socket) gives none: it goes stale, and stale is unknown.
 */
export interface Observation {
  /** The number of the check in the policy's list of probe targets. */
  readonly check: number;
  /** When it ended, by the controller's time. */
  readonly at: Instant;
  readonly latencyMs: DurationMs;
  readonly reason: "pass" | (string & {});
  /** Until when the certificates that the site showed are valid: the earliest end in its chain; null: none was seen. */
  readonly certificateUntil: Instant | null;
}

/** One check of one service at one address of one site: what a vantage runs. */
export interface ProbeTarget {
  /** Its place in the list of targets of the policy: dense, the same for all vantages. */
  readonly check: number;
  readonly service: string;
  readonly site: string;
  readonly record: string;
  /** IP address that it connects to, in canonical text. */
  readonly address: string;
  /** Absolute lower-case name that is sent as SNI and Host: the service's own. */
  readonly name: string;
  readonly definition: CheckDefinition;
}
