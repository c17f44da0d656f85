import { describe, expect, it } from "vitest";
import { asJson, canonicalJson } from "../../values/json.ts";
import { duration } from "../../values/time.ts";
import { freshMs, HealthWorld, intervalMs, twoSites } from "./health.fixture.ts";
import type { Verdict } from "./verdict.ts";

const refused = "connect-refused";

describe("how long a verdict is held", () => {
  it("counts from the observation that made the quorum, by monotonic time", () => {
    const world = new HealthWorld();
    world.rounds(2);
    world.down(3, "fra");
    expect(world.site("fra")).toMatchObject({ verdict: "down", heldMs: 0 });
    world.down(4, "fra");
    expect(world.site("fra")).toMatchObject({ verdict: "down", heldMs: 4 * intervalMs });
  });

  it("begins anew when the verdict was unknown in between, though nobody asked meanwhile", () => {
    const world = new HealthWorld({ checks: [fallOne()] });
    world.down(6, "fra");
    world.mono += freshMs + 1000;
    for (const vantage of ["office", "cloud1", "cloud2"])
      world.batch(vantage, ({ site }) => (site === "fra" ? refused : "pass"));
    expect(world.site("fra")).toMatchObject({ verdict: "down", heldMs: 0 });
  });

  it("follows a site that alternates 20 s up and down: each phase is one change", () => {
    const world = new HealthWorld();
    world.rounds(2);
    const seen: Verdict[] = [world.site("fra").verdict];
    for (let round = 0; round < 120; round += 1) {
      world.rounds(1, (_, { site }) => (site === "fra" && Math.floor(round / 4) % 2 === 0 ? refused : "pass"));
      const { verdict, heldMs } = world.site("fra");
      if (verdict !== seen.at(-1)) seen.push(verdict);
      expect(heldMs).toBeLessThanOrEqual(25_000);
    }
    // 600 s are 15 times down and 15 times up.
    expect(seen).toEqual(["up", ...Array.from({ length: 15 }, () => ["down", "up"]).flat()]);
  });
});

describe("batches", () => {
  it("do not count twice, nor after the boot that followed theirs", () => {
    const world = new HealthWorld();
    world.rounds(2);
    const fail = world.targets.flatMap((target) => world.observe(target, refused));
    const round = { vantage: "office", controlsPass: true, observations: fail };
    for (let again = 0; again < 5; again += 1) {
      world.health.receive({ ...round, boot: "boot-2", ordinal: 0 }, world.moment);
      world.health.receive({ ...round, boot: "boot-1", ordinal: 9 + again }, world.moment);
    }
    expect(world.site("fra").domains).toMatchObject({ up: 3, down: 0 });
  });

  it("of a strange vantage or with strange check numbers change nothing", () => {
    const world = new HealthWorld();
    world.rounds(2);
    const before = world.of();
    world.batch("stranger", () => refused);
    const [strange] = world.targets.flatMap((target) => world.observe({ ...target, check: 99 }, refused));
    if (strange === undefined) throw new Error("no observation");
    const observations = [strange, { ...strange, check: -1 }];
    world.health.receive(
      { vantage: "office", controlsPass: true, observations, boot: "boot-1", ordinal: 9 },
      world.moment,
    );
    expect(world.of()).toEqual(before);
  });
});

describe("what changed", () => {
  it("is told once: the services whose verdict moved, and all when the standing of a site did", () => {
    const login = { fra: { v4: ["192.0.2.10"] } } as const;
    const mail = { fra: { v4: ["192.0.2.11"] }, iad: { v4: ["198.51.100.11"] } } as const;
    const shop = { fra: { v4: ["192.0.2.12"] } } as const;
    const world = new HealthWorld({ services: { login, mail, shop } });
    world.rounds(2);
    world.health.advance(world.moment);
    world.mono += intervalMs;
    for (const vantage of ["office", "cloud1", "cloud2"]) expect(world.batch(vantage, () => "pass")).toEqual([]);
    const told = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      world.mono += intervalMs;
      for (const vantage of ["office", "cloud1", "cloud2"])
        for (const id of world.batch(vantage, ({ service }) => (service === "login" ? refused : "pass"))) told.add(id);
    }
    expect([...told]).toEqual(["login"]);
    expect(world.batch("office", () => "pass", "lost").toSorted()).toEqual(["login", "mail", "shop"]);
  });

  it("by time alone is foretold: staleness is announced at the millisecond it comes", () => {
    const world = new HealthWorld();
    world.rounds(2);
    for (let next = world.health.nextChangeAt(duration(world.mono)); next !== undefined;) {
      world.mono = next - 1;
      expect(world.site("fra").verdict).toBe("up");
      world.mono = next;
      if (world.health.advance(world.moment).length > 0) break;
      next = world.health.nextChangeAt(duration(world.mono));
    }
    expect(world.mono).toBe(1000 + 2 * intervalMs + freshMs + 1);
    expect(world.site("fra")).toMatchObject({ verdict: "unknown", reason: "stale" });
    expect(world.health.nextChangeAt(duration(world.mono))).toBeUndefined();
  });
});

describe("error rate and latency", () => {
  it("are those of the last minute, so a site that recovers is forgiven", () => {
    const world = new HealthWorld();
    world.rounds(12);
    expect(world.site("fra")).toMatchObject({ errorPercent: 0, latencyMs: 20 });
    world.down(3, "fra");
    expect(world.site("fra").errorPercent).toBe(25);
    world.rounds(12);
    expect(world.site("fra").errorPercent).toBe(0);
  });

  it("are what a quorum of domains sees: one domain in trouble raises neither", () => {
    const world = new HealthWorld();
    world.rounds(12, (vantage) => (vantage === "office" ? refused : "pass"));
    expect(world.site("fra").errorPercent).toBe(0);
    world.rounds(12, (vantage) => (vantage === "cloud2" ? "pass" : refused));
    expect(world.site("fra").errorPercent).toBe(100);
  });

  it("are not known when too few domains have data", () => {
    const world = new HealthWorld();
    world.rounds(4, (vantage) => (vantage === "office" ? "pass" : undefined));
    expect(world.site("fra")).toMatchObject({ errorPercent: null, latencyMs: null });
  });
});

it("gives health that stands in an entry: JSON without fractions", () => {
  const signal = { kind: "error-rate", site: "fra", overPercent: 20, forMs: duration(10_000) } as const;
  const world = new HealthWorld({ services: { login: twoSites }, bands: { degraded: signal } });
  world.rounds(3);
  world.down(1, "fra");
  expect(JSON.parse(canonicalJson(asJson(world.of())))).toEqual(world.of());
});

function fallOne() {
  return { type: "tcp", name: "port", intervalMs, timeoutMs: duration(2000), rise: 1, fall: 1, port: 443 } as const;
}
