import { duration, minute, second, type DurationMs } from "../../values/time.ts";
import type { CheckDefinition } from "../policy/policy.ts";
import type { Observation } from "./observation.ts";

/**
 * What one vantage saw of one check lately: twelve buckets at most, whatever the interval. The oldest is dropped as time
 * goes on, so a site that recovers is forgiven within the window.
 */
export type Recent = readonly Bucket[];

/** One slice of time. Its passes count with the mean of their latencies. */
interface Bucket {
  readonly slot: number;
  readonly passes: number;
  readonly fails: number;
  /** Of the passes, summed up. A failure's latency is mostly its time-out and tells nothing. */
  readonly latencyMs: number;
}

const bucketsMax = 12;
const bucketMsMin = 5 * second;
const windowMsMax = 10 * minute;

/** Length of a bucket: twelve of them hold a minute, or three intervals if longer, 10 minutes at most. */
export function bucketMs(definition: CheckDefinition): DurationMs {
  const threeIntervals = Math.ceil((3 * definition.intervalMs) / bucketsMax);
  return duration(Math.min(Math.max(bucketMsMin, threeIntervals), windowMsMax / bucketsMax));
}

/** The window with one more observation, made at monotonic time `at`. */
export function addRecent(
  recent: Recent,
  observation: Observation,
  definition: CheckDefinition,
  at: DurationMs,
): Recent {
  const last = recent.at(-1);
  const slot = Math.max(slotOf(definition, at), last?.slot ?? 0);
  const passed = observation.reason === "pass";
  const before = last?.slot === slot ? last : { slot, passes: 0, fails: 0, latencyMs: 0 };
  const bucket = {
    slot,
    passes: before.passes + (passed ? 1 : 0),
    fails: before.fails + (passed ? 0 : 1),
    latencyMs: before.latencyMs + (passed ? observation.latencyMs : 0),
  };
  const kept = recent.filter((one) => one.slot !== slot && one.slot > slot - bucketsMax);
  kept.push(bucket);
  return kept;
}

/** The buckets that still count at `mono`. */
export function stillRecent(recent: Recent, definition: CheckDefinition, mono: DurationMs): Recent {
  const oldest = slotOf(definition, mono) - bucketsMax;
  return (recent[0]?.slot ?? oldest) > oldest ? recent : recent.filter((one) => one.slot > oldest);
}

/** When the next bucket is dropped, if nothing new comes: the figures may change then. */
export function nextBucketAt(definition: CheckDefinition, mono: DurationMs): DurationMs {
  return duration((slotOf(definition, mono) + 1) * bucketMs(definition));
}

function slotOf(definition: CheckDefinition, at: DurationMs): number {
  return Math.floor(at / bucketMs(definition));
}
