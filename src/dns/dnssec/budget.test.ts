import { describe, expect, it } from "vitest";
import { Budget } from "./budget.ts";

function taken(take: () => boolean, wanted = 1000): number {
  let count = 0;
  while (count < wanted && take()) count += 1;
  return count;
}

describe("the work that one question may cost", () => {
  it("32 signatures and 32 hashes a hop, 128 of both in all", () => {
    const budget = new Budget();
    expect(taken(() => budget.signature(), 32)).toBe(32);
    expect(taken(() => budget.hash(), 32)).toBe(32);
    expect(budget.spent).toBe(false);
    budget.hop();
    expect(taken(() => budget.signature(), 32)).toBe(32);
    budget.hop();
    expect(taken(() => budget.signature(), 32)).toBe(32);
    budget.hop();
    expect(budget.hash()).toBe(false);
    expect(budget.figures).toEqual({ signatures: 96, hashes: 32 });
  });

  it.each(["signature", "hash"] as const)("the 33rd %s of a hop spends it for good", (unit) => {
    const budget = new Budget();
    expect(taken(() => budget[unit]())).toBe(32);
    budget.hop();
    expect(budget.spent).toBe(true);
    expect(budget.signature() || budget.hash() || budget.failure()).toBe(false);
  });

  it("16 signatures a step of the chain, which the hop's own answer does not pay for", () => {
    const budget = new Budget();
    budget.step();
    expect(taken(() => budget.signature(), 16)).toBe(16);
    budget.endStep();
    expect(taken(() => budget.signature(), 32)).toBe(32);
    budget.step();
    expect(taken(() => budget.signature())).toBe(16);
    expect(budget.spent).toBe(true);
  });

  it("two failures a step are borne, the third is not; outside of a step the signatures alone count", () => {
    const budget = new Budget();
    expect(taken(() => budget.failure(), 20)).toBe(20);
    for (let step = 0; step < 3; step += 1) {
      budget.step();
      expect(taken(() => budget.failure(), 2)).toBe(2);
    }
    expect(budget.spent).toBe(false);
    expect(budget.failure()).toBe(false);
    expect(budget.spent).toBe(true);
  });
});
