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

/** Waits for it, and no longer than `patienceMs`: what runs on then is read back by the next epoch. */
export async function within(clock: Clock, patienceMs: number, ending: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([ending, pause(clock, patienceMs, over.signal)]);
  over.abort();
}

/** Tries until it is over, with pauses that double from the least to the most. */
export async function retrying(
  clock: Clock,
  { leastMs, mostMs }: { readonly leastMs: number; readonly mostMs: number },
  isOver: () => Promise<boolean>,
): Promise<void> {
  for (let delayMs = leastMs; ; delayMs = Math.min(2 * delayMs, mostMs)) {
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    if (await isOver()) return;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await pause(clock, delayMs, new AbortController().signal);
  }
}
