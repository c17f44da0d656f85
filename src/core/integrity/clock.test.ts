import { describe, expect, it } from "vitest";
import { duration, instant } from "../../values/time.ts";
import { weighClock, witnessOf, type ClockWitness } from "./clock.ts";

const own = { trustworthy: true, errorMs: 10, says: "It runs evenly." };

function witness(from: string, offsetMs: number, errorMs = 500): ClockWitness {
  return { source: "date-header", from, offsetMs, errorMs };
}

describe("our clock, heard with others", () => {
  it("is in doubt when most of them put it off by more than 2 s, and says by how much and who", () => {
    const weighed = weighClock(own, [witness("a", 90_000), witness("b", 91_000), witness("c", 0)]);
    expect(weighed).toMatchObject({ trustworthy: false, errorMs: 91_000 });
    expect(weighed.says).toBe("2 of 3 others put this clock off by about 1 min 31 s: date-header a, date-header b.");
  });

  it.each([
    ["one alone", [witness("a", 90_000)]],
    ["one voice twice", [witness("a", 90_000), witness("a", 90_000)]],
    ["half of them", [witness("a", 90_000), witness("b", 90_000), witness("c", 0), witness("d", 0)]],
    ["what may be their own error", [witness("a", 2400), witness("b", -2400)]],
    ["nobody", []],
  ])("is believed against %s", (_, witnesses) => {
    expect(weighClock(own, witnesses)).toBe(own);
  });

  it("that is known to be wrong stays so, whatever others say", () => {
    const wrong = { trustworthy: false, errorMs: 9000, says: "It stepped." };
    expect(weighClock(wrong, [witness("a", 0), witness("b", 0)])).toBe(wrong);
  });
});

describe("a time in whole seconds", () => {
  const heard = { source: "tsig", from: "192.0.2.53", tripMs: duration(200) } as const;

  it("is taken for the middle of its second, half way through the exchange, and may be off by all of both", () => {
    const made = witnessOf({ ...heard, theirs: instant(1_790_000_000_000), heardAt: instant(1_790_000_120_600) });
    expect(made).toEqual({ source: "tsig", from: "192.0.2.53", offsetMs: -120_000, errorMs: 1200 });
  });

  it("never puts a right clock in doubt, wherever in the second and in the exchange it was given", () => {
    for (const [given, after] of [
      [0, 0],
      [999, 0],
      [0, 200],
      [999, 200],
    ] as const) {
      const theirs = instant(1_790_000_000_000);
      const { offsetMs, errorMs } = witnessOf({ ...heard, theirs, heardAt: instant(theirs + given + after) });
      expect(Math.abs(offsetMs)).toBeLessThan(errorMs);
    }
  });
});
