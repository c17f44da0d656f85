import { describe, expect, it } from "vitest";
import type { ClockWitness } from "../core/integrity/clock.ts";
import type { Clock } from "../ports/clock.ts";
import { duration, instant, minute } from "../values/time.ts";
import { clockWitnesses, voicesMax, witnessKeptMs } from "./clock-witnesses.ts";

const own = { trustworthy: true, errorMs: 0, says: "The clock runs evenly." };

function scene() {
  let [wall, elapsed] = [1_790_000_000_000, 0];
  const clock: Clock = {
    now: () => instant(wall),
    monotonic: () => duration(elapsed),
    schedule: () => () => undefined,
  };
  const witnesses = clockWitnesses(clock);
  return {
    hear: (from: string, offsetMs: number, source: ClockWitness["source"] = "date-header") => {
      witnesses.heard({ source, from, offsetMs, errorMs: 1100 });
    },
    judged: () => witnesses.weigh(own),
    pass: (ms: number) => {
      wall += ms;
      elapsed += ms;
    },
    set: (ms: number) => {
      wall += ms;
    },
  };
}

describe("what others say of the clock", () => {
  it("puts it in doubt when two voices of different kinds agree, with the figures", () => {
    const { hear, judged } = scene();
    hear("fra", -120_000);
    expect(judged()).toBe(own);
    hear("192.0.2.53", -120_500, "tsig");
    expect(judged()).toEqual({
      trustworthy: false,
      errorMs: 120_000,
      says: "2 of 2 others put this clock off by about 2 min: date-header fra, tsig 192.0.2.53.",
    });
  });

  it("is one voice a source, however often it speaks, and its last word stands", () => {
    const { hear, judged } = scene();
    for (let time = 0; time < 5; time += 1) hear("fra", -120_000);
    expect(judged()).toBe(own);
    hear("iad", -120_000);
    expect(judged().trustworthy).toBe(false);
    hear("fra", 0);
    expect(judged()).toBe(own);
  });

  it("is forgotten after some minutes", () => {
    const { hear, judged, pass } = scene();
    hear("fra", -120_000);
    hear("iad", -120_000);
    pass(witnessKeptMs);
    expect(judged().trustworthy).toBe(false);
    pass(1);
    expect(judged()).toBe(own);
  });

  it("holds for the time that it was heard at: a clock set right is believed at once, one set wrong is found out", () => {
    const { hear, judged, pass, set } = scene();
    hear("fra", -120_000);
    hear("iad", -120_000);
    pass(minute);
    set(-120_000);
    expect(judged()).toBe(own);
    set(60_000);
    expect(judged()).toMatchObject({ trustworthy: false, errorMs: 60_000 });
  });

  it("is bounded: the voice heard longest ago makes room", () => {
    const { hear, judged } = scene();
    for (let voice = 0; voice <= voicesMax; voice += 1) hear(`site${voice}`, -120_000);
    expect(judged().says).toMatch(new RegExp(`^${voicesMax} of ${voicesMax} others`));
    expect(judged().says).not.toMatch(/site0\b/);
  });
});
