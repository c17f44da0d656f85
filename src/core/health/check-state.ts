import { duration, type DurationMs, type Instant } from "../../values/time.ts";
import type { CheckDefinition } from "../policy/policy.ts";
import type { Observation } from "./observation.ts";
import { addRecent, type Recent } from "./recent.ts";

/** All that is kept of what one vantage saw of one check. */
export interface CheckState {
  /** By rise and fall; `unknown` until either was reached. */
  readonly state: "up" | "down" | "unknown";
  /** The last observation's: `pass`, or why not. */
  readonly reason: string;
  /** When that was, by monotonic time. */
  readonly at: DurationMs;
  /** In a row until now; one of the two is zero. */
  readonly passes: number;
  readonly fails: number;
  /** End of the certificate that was shown last; null: none ever was. */
  readonly certificateUntil: Instant | null;
  readonly recent: Recent;
}

/** Observations that may go missing before a voice is stale. */
const freshIntervals = 3;

/** How old an observation may be and still count: three intervals and the time-out. */
export function freshForMs(definition: CheckDefinition): DurationMs {
  return duration(freshIntervals * definition.intervalMs + definition.timeoutMs);
}

export function isFresh(state: CheckState, definition: CheckDefinition, mono: DurationMs): boolean {
  return mono - state.at <= freshForMs(definition);
}

/**
 * Folds one observation, made at monotonic time `at`, into the state of its check. After a gap longer than
 * {@link freshForMs} it begins anew: what was seen before the gap proves nothing of now, so one pass does not bring an
 * old `up` back.
 */
export function judge(
  state: CheckState | undefined,
  observation: Observation,
  definition: CheckDefinition,
  at: DurationMs,
): CheckState {
  const before = state !== undefined && isFresh(state, definition, at) ? state : undefined;
  const passed = observation.reason === "pass";
  const passes = passed ? (before?.passes ?? 0) + 1 : 0;
  const fails = passed ? 0 : (before?.fails ?? 0) + 1;
  return {
    state: standing(before, definition, passes, fails),
    reason: observation.reason,
    at: duration(Math.max(at, state?.at ?? 0)),
    passes,
    fails,
    certificateUntil: observation.certificateUntil ?? state?.certificateUntil ?? null,
    recent: addRecent(state?.recent ?? [], observation, definition, at),
  };
}

function standing(
  before: CheckState | undefined,
  definition: CheckDefinition,
  passes: number,
  fails: number,
): CheckState["state"] {
  if (passes >= definition.rise) return "up";
  if (fails >= definition.fall) return "down";
  return before?.state ?? "unknown";
}
