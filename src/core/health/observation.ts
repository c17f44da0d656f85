import type { DurationMs, Instant } from "../../values/time.ts";
import type { CheckDefinition } from "../policy/policy.ts";

/** One result of one check. `pass`, or the code of why not: `connect-refused`, `timeout`, `status-503`, `tls-expired`. */
export interface Observation {
  /** The number of the check in the policy's list of probe targets. */
  readonly check: number;
  /** When it ended, by the controller's time. */
  readonly at: Instant;
  readonly latencyMs: DurationMs;
  readonly reason: "pass" | (string & {});
  /** When the certificate that the site showed ends; null: none was seen, or the check does not look at one. */
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
