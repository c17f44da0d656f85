import { add, duration, since, type DurationMs, type Instant } from "../../values/time.ts";

/**
 * The clock was set, as the journal knows it from `at` on. `aheadMs`: the journal's time went ahead, and that much did not
 * pass. `backMs`: the wall clock went back, so that the journal's time, which does not, stands for as long.
 */
export interface ClockStep {
  readonly at: Instant;
  readonly aheadMs: DurationMs;
  readonly backMs: DurationMs;
}

/** Anything that knows the journal's steps: the world. */
export interface Stepped {
  readonly authority: { readonly clockSteps: readonly ClockStep[] };
}

/**
 * The time that passed from `from` to `now`, or less: without the steps ahead in between. For what protects by time:
 * budgets, dwells, waits. A step back makes the journal's time stand, so that they last the longer for it.
 */
export function elapsedOf(world: Stepped, from: Instant, now: Instant): DurationMs {
  return duration(Math.max(0, since(from, now) - sum(world, from, "aheadMs")));
}

/** When what protects from `from` until `until` is over: later by the steps ahead since it began, and never sooner. */
export function deferred(world: Stepped, from: Instant, until: Instant): Instant {
  return add(until, sum(world, from, "aheadMs"));
}

/**
 * When what authorises from `from` until `until` is over: sooner by the steps back since then, in which time passes and
 * the journal's stands. A step ahead ends it by itself.
 */
export function hastened(world: Stepped, from: Instant, until: Instant): Instant {
  return add(until, -sum(world, from, "backMs"));
}

/**
 * Takes in that the clock was set by `byMs`, ahead or back. 256 are kept: the two oldest become one, which takes off too
 * much of what began between them.
 */
export function withStep(steps: readonly ClockStep[], at: Instant, byMs: number): readonly ClockStep[] {
  const step = { at, aheadMs: duration(Math.max(0, byMs)), backMs: duration(Math.max(0, -byMs)) };
  const [first, second, ...rest] = steps;
  if (first === undefined || second === undefined || steps.length < stepsMax) return [...steps, step];
  const aheadMs = duration(first.aheadMs + second.aheadMs);
  const backMs = duration(first.backMs + second.backMs);
  return [{ at: second.at, aheadMs, backMs }, ...rest, step];
}

const stepsMax = 256;

function sum({ authority }: Stepped, from: Instant, way: "aheadMs" | "backMs"): number {
  let total = 0;
  for (const step of authority.clockSteps) if (step.at > from) total += step[way];
  return total;
}
