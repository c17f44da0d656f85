import type { Endpoint } from "../core/policy/policy.ts";
import type { Clock } from "../ports/clock.ts";
import { type DurationMs, duration, second } from "../values/time.ts";
import { dial, type Means } from "./checks/dial.ts";

/** A control place has this long to answer. */
const controlTimeoutMs = duration(second);
/** Rounds start at least this far apart, so that a thousand failing checks are no flood for the control places. */
const controlGapMs = duration(250);

/** Knows whether a vantage is itself cut off. */
export interface ControlWatch {
  /** As the last round found; false before the first. */
  passes(): boolean;
  /** Resolves once a round has ended that started at `moment` (monotonic) or later. Never rejects. */
  confirm(moment: DurationMs): Promise<void>;
}

export function watchControls(places: readonly Endpoint[], means: Means): ControlWatch {
  const { clock } = means;
  let passing = false;
  /** When the last round began, and the last one that has ended. */
  let startedAt = -Infinity;
  let judgedFrom = -Infinity;
  let running: Promise<void> | undefined;

  async function round(): Promise<void> {
    await pause(clock, startedAt + controlGapMs - clock.monotonic(), means.signal);
    startedAt = clock.monotonic();
    passing = await reachHalf(places, means);
    judgedFrom = startedAt;
    running = undefined;
  }
  return {
    passes: () => passing,
    async confirm(moment) {
      // A round that was under way at that moment may have started before it: then the next one says.
      while (judgedFrom < moment) {
        // oxlint-disable-next-line no-await-in-loop -- one round at a time
        await (running ??= round());
      }
    },
  };
}

/**
 * Does this vantage reach at least half of the places that should always answer? Accepting the connection is an answer,
 * and refusing or resetting it is too: either way a segment went there and came back, and only the way is in question
 * here. Without control places nothing speaks against the vantage.
 */
async function reachHalf(places: readonly Endpoint[], means: Means): Promise<boolean> {
  const reasons = await Promise.all(
    places.map((place) => dial(place, controlTimeoutMs, means, (_socket, end) => end("pass"))),
  );
  const answered = reasons.filter((reason) => reason === "pass" || reason === "connect-refused" || reason === "reset");
  return answered.length * 2 >= places.length;
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.schedule(duration(ms), end);
    signal.addEventListener("abort", end);
  });
}
