import { describe, expect, it } from "vitest";
import { add, day, hour } from "../../values/time.ts";
import { Sight } from "./integrity.fixture.ts";

function sightWith(leftMs: number) {
  const sight = new Sight();
  sight.expectation = { ...sight.expectation, expires: add(sight.now, leftMs) };
  return sight.look(0);
}

describe("a registration that ends", () => {
  it("is counted down in its last 30 days, in the availability alarm alone", () => {
    const { availability, integrity } = sightWith(12 * day + 3 * hour);
    expect(availability.map(({ code, about, says }) => [code, about, says.slice(0, 34)])).toEqual([
      ["domain-expiring", "zone", "The registration ends in 12 d 3 h,"],
    ]);
    expect(integrity).toEqual([]);
  });

  it("is told of once it is over, too", () => {
    expect(sightWith(-2 * day).availability[0]?.says).toContain("ended 2 d");
  });

  it("is not told of before, or where nobody declared it", () => {
    expect(sightWith(30 * day + hour).availability).toEqual([]);
    expect(new Sight().look().availability).toEqual([]);
  });
});
