import type { Clock } from "../ports/clock.ts";
import { type DurationMs, duration, formatDuration, minute, second } from "../values/time.ts";

/** What the facts say of the clock: when it is not trustworthy, bands ask for approval. */
export interface ClockHealth {
  readonly trustworthy: boolean;
  /** How far the wall clock is from where the monotonic clock says it should be. */
  readonly errorMs: number;
  readonly says: string;
}

/** A larger error makes the clock untrustworthy. */
const clockErrorMsMax = 2 * second;
/** A larger error is called a step: somebody or something set the clock. */
const clockStepMsMax = 5 * second;
/** After a step the new time is believed once it has stood for this long. */
export const clockSettleMs = 10 * minute;

/**
 * Watches the wall clock against the monotonic one, from now on. They part only when the clock is set, or the machine
 * was asleep (CLOCK_MONOTONIC stands still then); a slow correction by NTP moves both. An error that was there at the
 * start is not seen: other vantages see it. The returned function looks and judges; call it at each round of the loop.
 */
export function watchClock(clock: Clock): () => ClockHealth {
  let believed = offsetOf(clock);
  let parted: { readonly offset: number; readonly since: DurationMs } | undefined;

  return () => {
    const offset = offsetOf(clock);
    const now = clock.monotonic();
    if (Math.abs(offset - believed) <= clockErrorMsMax) {
      parted = undefined;
    } else if (parted === undefined || Math.abs(offset - parted.offset) > clockErrorMsMax) {
      parted = { offset, since: now };
    } else if (now - parted.since >= clockSettleMs) {
      believed = offset;
      parted = undefined;
    }
    const errorMs = Math.abs(offset - believed);
    if (parted === undefined) return { trustworthy: true, errorMs, says: "The clock runs evenly." };
    return { trustworthy: false, errorMs, says: sentence(offset - believed, duration(now - parted.since)) };
  };
}

function offsetOf(clock: Clock): number {
  return clock.now() - clock.monotonic();
}

function sentence(error: number, standsMs: DurationMs): string {
  const size = formatDuration(Math.abs(error));
  const way = error > 0 ? "ahead" : "back";
  const what = Math.abs(error) > clockStepMsMax ? `The clock stepped ${size} ${way}` : `The clock is off by ${size}`;
  return `${what}; it is believed again once it has run evenly for ${formatDuration(clockSettleMs)} (so far ${formatDuration(standsMs)}).`;
}
