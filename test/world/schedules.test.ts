import { expect, test, vi } from "vitest";
import { simulate } from "./simulate.ts";

vi.setConfig({ testTimeout: 120_000 });

test("random schedules of faults, crashes and people, from a fixed seed: what must never happen does not, and all ends well", async () => {
  const { failed, moves } = await simulate(20_261_122, 25);
  expect(failed.map(({ seed, broken, schedule }) => ({ seed, broken, schedule }))).toEqual([]);
  // The schedules are worth something only while things move.
  expect(moves).toBeGreaterThan(10);
});
