import { expect, test, vi } from "vitest";
import { histories } from "./histories.ts";

vi.setConfig({ testTimeout: 120_000 });

/** Printed, so that a run that fails can be made again; `npm run test:long` takes another each time. */
const seed = 20_261_123;

test(`N5, N7, N8, N13: random histories of statements good and bad, delegations, revocations, clock steps and crashes, from seed ${seed}`, async () => {
  const { steps, said, accepted, sent } = await histories(seed, 3);
  // They are worth something only while people are heard and things move.
  expect({ steps, enoughSaid: said > steps / 2, enoughHeard: accepted > 30, moved: sent > 10 }).toEqual({
    steps: 3 * 150,
    enoughSaid: true,
    enoughHeard: true,
    moved: true,
  });
});
