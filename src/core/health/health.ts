import type { DurationMs, Instant } from "../../values/time.ts";
import type { Observation } from "./observation.ts";
import type { ServiceHealth } from "./verdict.ts";

/** A time, twice: `mono` counts (freshness, dwell), `now` only dates what others dated (observations, certificates). */
export interface Moment {
  readonly mono: DurationMs;
  readonly now: Instant;
}

/** What the fold takes from a batch of observations; `ObservationBatch` of the port is one. */
export interface Round {
  readonly vantage: string;
  readonly controlsPass: boolean;
  readonly observations: readonly Observation[];
  readonly boot: string;
  readonly ordinal: number;
}

/**
 * Observations of one installation, folded in memory into verdicts. Without clock or chance: the same calls give the
 * same health. `mono` MUST NOT go back from call to call.
 */
export interface Health {
  /**
   * Takes in one batch. A batch seen before, one of a vantage that the policy lacks, and numbers of checks that do not
   * exist are ignored. Returns the services for which a verdict, a signal, the cut-off vantages or the common cause changed.
   */
  receive(round: Round, moment: Moment): readonly string[];
  /** Lets time pass without observations. Returns the services that changed, as `receive` does. */
  advance(moment: Moment): readonly string[];
  /** @throws InvariantError for a service that the policy lacks. */
  serviceHealth(service: string, moment: Moment): ServiceHealth;
  /**
   * The earliest monotonic time, later than `mono`, at which something may change without a new observation: a voice
   * grows stale, or a signal's time is full. It may be early, never late. `undefined`: nothing waits for time.
   */
  nextChangeAt(mono: DurationMs): DurationMs | undefined;
}
