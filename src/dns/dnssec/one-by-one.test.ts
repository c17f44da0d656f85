import { expect, it } from "vitest";
import { OneByOne } from "./one-by-one.ts";

it("one piece of work at a time, in order, however many wait; one that rejects holds up none", async () => {
  const lane = new OneByOne();
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const handIn = (number: number): Promise<number> =>
    lane.run(async () => {
      begun.push(number);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (number === 1) throw new Error("the second");
      return number;
    });
  const results = Promise.allSettled([handIn(0), handIn(1), handIn(2)]);
  for (const soFar of [[0], [0, 1], [0, 1, 2]]) {
    // oxlint-disable-next-line no-await-in-loop -- each begins when the one before has ended
    await expect.poll(() => ends.length).toBe(1);
    expect(begun).toEqual(soFar);
    ends.pop()?.();
  }
  expect((await results).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
