import type { Clock } from "../ports/clock.ts";
import { type DurationMs, duration, instant } from "../values/time.ts";

/** The clock of this machine. One a process is enough; its waits keep no process alive. */
export function systemClock(): Clock {
  return {
    now: () => instant(Date.now()),
    monotonic: () => duration(Math.floor(performance.now())),
    schedule,
  };
}

/** The longest wait that Node's timers hold; a longer one would fire after 1 ms. */
const timerMsMax = 2 ** 31 - 1;

function schedule(delay: DurationMs, run: () => void): () => void {
  let cancelled = false;
  let timer = wait(delay);

  function wait(ms: number): NodeJS.Timeout {
    const part = Math.min(ms, timerMsMax);
    return setTimeout(() => elapsed(ms - part), part).unref();
  }
  function elapsed(rest: number): void {
    if (cancelled) return;
    if (rest > 0) timer = wait(rest);
    else run();
  }
  return () => {
    cancelled = true;
    clearTimeout(timer);
  };
}
