import { expect, it } from "vitest";
import { day, duration, instant, minute, second } from "../../values/time.ts";
import { httpsCheck } from "./health.fixture.ts";
import { addRecent, bucketMs, stillRecent, type Recent } from "./recent.ts";

const every = (interval: number) => ({ ...httpsCheck, intervalMs: duration(interval) });

it("the window of a check stays small however many observations come", () => {
  expect(seenUntil(10 * minute, 100, every(100)).length).toBe(12);
});

it("the window forgets what is older than a minute, though nothing new comes", () => {
  const recent = seenUntil(2 * minute, 5 * second, every(5 * second));
  expect(countedAt(recent, 2 * minute)).toBe(12);
  expect(countedAt(recent, 2 * minute + 30 * second)).toBe(6);
  expect(countedAt(recent, 4 * minute)).toBe(0);
});

it("the window holds three intervals of a slow check, and ten minutes at most", () => {
  expect(12 * bucketMs(every(40 * second))).toBe(2 * minute);
  expect(12 * bucketMs(every(day))).toBe(10 * minute);
});

function seenUntil(until: number, step: number, definition: typeof httpsCheck): Recent {
  let recent: Recent = [];
  for (let at = step; at <= until; at += step) {
    const seen = { check: 0, at: instant(at), latencyMs: duration(1), reason: "pass", certificateUntil: null };
    recent = addRecent(recent, seen, definition, duration(at));
  }
  return recent;
}

function countedAt(recent: Recent, mono: number): number {
  return stillRecent(recent, httpsCheck, duration(mono)).reduce((sum, bucket) => sum + bucket.passes, 0);
}
