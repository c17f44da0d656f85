import type { Clock } from "../ports/clock.ts";
import { duration } from "../values/time.ts";

/** Waits, by the Clock port, until `ms` have passed or `signal` aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const done = (): void => {
    cancel();
    signal.removeEventListener("abort", done);
    resolve(undefined);
  };
  const cancel = clock.schedule(duration(ms), done);
  signal.addEventListener("abort", done);
  return promise.then(() => undefined);
}
