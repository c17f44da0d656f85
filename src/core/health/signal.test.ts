import { describe, expect, it } from "vitest";
import { duration, second } from "../../values/time.ts";
import { freshMs, HealthWorld, intervalMs } from "./health.fixture.ts";

const refused = "connect-refused";
const lost = { kind: "verdict", site: "fra", verdict: "down", vantages: 2, forMs: duration(20 * second) } as const;

describe("a verdict's signal", () => {
  it("waits for the band's time and then holds, at the moment it foretold", () => {
    const world = new HealthWorld({ bands: { lost } });
    world.rounds(2);
    expect(world.of().signals["lost"]).toMatchObject({ state: "clear" });
    world.down(3, "fra");
    expect(world.of().signals["lost"]).toMatchObject({ state: "pending", inMs: 20_000 });
    world.down(3, "fra");
    expect(world.of().signals["lost"]).toMatchObject({ state: "pending", inMs: 5000, figures: { domains: 3 } });
    world.mono += 5000;
    expect(world.health.advance(world.moment)).toEqual(["login"]);
    expect(world.of().signals["lost"]).toMatchObject({ state: "holds", figures: { heldMs: 20_000, forMs: 20_000 } });
  });

  it("is unknown while nothing is known, and its time begins anew", () => {
    const world = new HealthWorld({ bands: { lost } });
    world.down(5, "fra");
    world.mono += freshMs + 1;
    expect(world.of().signals["lost"]).toMatchObject({ state: "unknown", figures: { verdict: "unknown" } });
    world.down(3, "fra");
    expect(world.of().signals["lost"]).toMatchObject({ state: "pending", inMs: 20_000 });
  });

  it("asks for as many domains as the band does, and counts its time from when they were there", () => {
    const world = new HealthWorld({ bands: { lost: { ...lost, vantages: 3 } } });
    world.rounds(10, (vantage) => (vantage === "cloud2" ? "pass" : refused));
    expect(world.site("fra").verdict).toBe("down");
    expect(world.of().signals["lost"]).toMatchObject({ state: "clear", figures: { domains: 2, neededDomains: 3 } });
    world.down(3, "fra");
    expect(world.of().signals["lost"]).toMatchObject({ state: "pending", inMs: 20_000 });
  });

  it("is unknown before a full round was seen, even where the site itself is judged", () => {
    const world = new HealthWorld({ bands: { lost: { ...lost, forMs: duration(0) } } });
    world.rounds(4, (_, { site }) => (site === "fra" ? refused : undefined));
    expect(world.site("fra").verdict).toBe("down");
    expect(world.of().signals["lost"]).toMatchObject({ state: "unknown" });
  });
});

describe("the signal of an error rate", () => {
  const degraded = { kind: "error-rate", site: "fra", overPercent: 20, forMs: duration(10 * second) } as const;

  it("holds for a site that never falls, once the rate was over the limit for the band's time", () => {
    const world = new HealthWorld({ bands: { degraded } });
    world.rounds(12);
    expect(world.of().signals["degraded"]).toMatchObject({ state: "clear", figures: { errorPercent: 0, over: 20 } });
    everyThirdFails(world, 7);
    expect(world.of().signals["degraded"]).toMatchObject({ state: "pending", figures: { errorPercent: 25 } });
    world.rounds(1);
    expect(world.of().signals["degraded"]).toMatchObject({ state: "pending", inMs: 5000 });
    everyThirdFails(world, 6);
    expect(world.site("fra").verdict).toBe("up");
    expect(world.of().signals["degraded"]).toMatchObject({ state: "holds" });
  });

  it("clears when the failures are over, and is unknown when nothing is seen", () => {
    const world = new HealthWorld({ bands: { degraded } });
    everyThirdFails(world, 12);
    expect(world.of().signals["degraded"]).toMatchObject({ state: "holds" });
    world.rounds(6);
    expect(world.of().signals["degraded"]).toMatchObject({ state: "clear" });
    world.mono += freshMs + 1;
    expect(world.of().signals["degraded"]).toMatchObject({ state: "unknown", figures: { errorPercent: null } });
  });
});

it("the signal of a latency looks at the median of what passed", () => {
  const slow = { kind: "latency", site: "fra", overMs: duration(19), forMs: duration(0) } as const;
  const world = new HealthWorld({ bands: { slow, slower: { ...slow, overMs: duration(20) } } });
  world.rounds(3);
  expect(world.of().signals["slow"]).toMatchObject({ state: "holds", figures: { latencyMs: 20, over: 19 } });
  expect(world.of().signals["slower"]).toMatchObject({ state: "clear" });
  world.mono += intervalMs;
  for (const vantage of ["office", "cloud1", "cloud2"]) world.batch(vantage, () => refused);
  expect(world.of().signals["slow"]).toMatchObject({ state: "holds", figures: { latencyMs: 20 } });
});

function everyThirdFails(world: HealthWorld, rounds: number): void {
  for (let round = 0; round < rounds; round += 1)
    world.rounds(1, (_, { site }) => (site === "fra" && round % 3 === 0 ? "status-500" : "pass"));
}
