import { describe, expect, it } from "vitest";
import { weighClock, type ClockWitness } from "./clock.ts";

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
