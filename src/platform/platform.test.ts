import { describe, expect, it } from "vitest";
import type { Clock } from "../ports/clock.ts";
import { duration, hour, instant, minute } from "../values/time.ts";
import { clockSettleMs, watchClock } from "./clock-health.ts";
import { systemClock } from "./clock.ts";
import { newBoot, systemEntropy } from "./entropy.ts";

/** A clock whose two hands a test moves apart. */
function movableClock(): { clock: Clock; pass: (ms: number) => void; set: (ms: number) => void } {
  let wall = 1_790_000_000_000;
  let elapsed = 0;
  return {
    clock: { now: () => instant(wall), monotonic: () => duration(elapsed), schedule: () => () => undefined },
    pass(ms) {
      wall += ms;
      elapsed += ms;
    },
    set(ms) {
      wall += ms;
    },
  };
}

describe("the system's clock", () => {
  it("gives whole milliseconds, the monotonic ones never going back", () => {
    const clock = systemClock();
    const seen = Array.from({ length: 1000 }, () => clock.monotonic());
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(Number.isInteger(clock.monotonic())).toBe(true);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(100);
  });

  it("runs what is due, not what was cancelled, and not a wait longer than Node's timers hold", async () => {
    const clock = systemClock();
    const ran: string[] = [];
    clock.schedule(duration(60 * 24 * hour), () => ran.push("in sixty days"));
    const cancel = clock.schedule(duration(1), () => ran.push("cancelled"));
    cancel();
    const before = clock.monotonic();
    await new Promise<void>((resolve) => clock.schedule(duration(20), resolve));
    expect(clock.monotonic() - before).toBeGreaterThanOrEqual(19);
    expect(ran).toEqual([]);
  });
});

describe("the clock's health", () => {
  it("is trusted while both clocks run evenly", () => {
    const { clock, pass, set } = movableClock();
    const health = watchClock(clock);
    pass(hour);
    set(1500);
    expect(health()).toEqual({ trustworthy: true, errorMs: 1500, says: "The clock runs evenly." });
  });

  it("is not trusted after a step, either way, until the new time has stood", () => {
    for (const step of [6000, -6000]) {
      const { clock, pass, set } = movableClock();
      const health = watchClock(clock);
      pass(minute);
      set(step);
      expect(health()).toMatchObject({ trustworthy: false, errorMs: 6000 });
      expect(health().says).toContain(`stepped 6 s ${step > 0 ? "ahead" : "back"}`);
      pass(clockSettleMs - 1);
      expect(health().trustworthy).toBe(false);
      pass(1);
      expect(health()).toMatchObject({ trustworthy: true, errorMs: 0 });
    }
  });

  it("is not trusted with an error over 2 s made of small steps, and trusted again when it is undone", () => {
    const { clock, pass, set } = movableClock();
    const health = watchClock(clock);
    for (let step = 0; step < 3; step += 1) {
      pass(minute);
      set(900);
      expect(health().trustworthy).toBe(step < 2);
    }
    expect(health()).toMatchObject({ errorMs: 2700 });
    set(-2700);
    expect(health().trustworthy).toBe(true);
  });

  it("counts the time to settle from the last step", () => {
    const { clock, pass, set } = movableClock();
    const health = watchClock(clock);
    set(hour);
    health();
    pass(clockSettleMs - 1);
    set(-hour / 2);
    expect(health().trustworthy).toBe(false);
    pass(clockSettleMs - 1);
    expect(health().trustworthy).toBe(false);
    pass(1);
    expect(health().trustworthy).toBe(true);
  });
});

describe("the system's entropy", () => {
  it("gives as many octets as asked, other ones each time", () => {
    const entropy = systemEntropy();
    expect(entropy.octets(32)).toHaveLength(32);
    expect(newBoot(entropy)).toMatch(/^[0-9a-f]{32}$/);
    expect(newBoot(entropy)).not.toBe(newBoot(entropy));
    expect(() => entropy.octets(0)).toThrow("broken promise");
  });
});
