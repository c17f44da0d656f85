import type { RRset } from "../core/plan/rrset.ts";
import type { Service, SteeredRecord } from "../core/policy/policy.ts";

/** What one of the service's nameservers answers now for one of its records. */
export interface FreshAnswer {
  readonly record: SteeredRecord;
  readonly rrset: RRset | "absent";
}

/** Calls a service as its users do: by its own name, with no site in mind. */
export interface ServiceCaller {
  /**
   * Runs every check of the service at every address that `answers` lead to. `null` when all pass; otherwise the first
   * failure with its address, such as `health at 192.0.2.10: status-503`. No address at all is a failure. Never rejects;
   * bounded by the checks' own time-outs.
   */
  call(service: Service, answers: readonly FreshAnswer[], signal: AbortSignal): Promise<string | null>;
}
