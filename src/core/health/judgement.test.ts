import { describe, expect, it } from "vitest";
import { freshMs, HealthWorld, httpsCheck, threeDomains } from "./health.fixture.ts";

const refused = "connect-refused";

describe("rise and fall", () => {
  it("decides nothing before a full round was seen", () => {
    const world = new HealthWorld();
    expect(world.site("fra")).toMatchObject({ verdict: "unknown", reason: "not-yet-judged" });
    world.rounds(1);
    expect(world.of()).toMatchObject({ judged: false });
    expect(world.site("fra")).toMatchObject({ verdict: "unknown", reason: "not-yet-judged" });
    world.rounds(1);
    expect(world.of()).toMatchObject({ judged: true, voices: { heard: 3, all: 3 } });
    expect(world.site("fra")).toMatchObject({ verdict: "up", reason: "quorum" });
  });

  it("needs `fall` failures in a row until down, and `rise` passes in a row until up again", () => {
    const world = new HealthWorld();
    world.rounds(2);
    world.down(2, "fra");
    expect(world.site("fra").verdict).toBe("up");
    world.rounds(1);
    world.down(2, "fra");
    expect(world.site("fra").verdict).toBe("up");
    world.down(1, "fra");
    expect(world.site("fra")).toMatchObject({ verdict: "down", failure: refused });
    world.rounds(1);
    expect(world.site("fra").verdict).toBe("down");
    world.rounds(1);
    expect(world.site("fra").verdict).toBe("up");
  });

  it("counts a service as judged only when every one of its checks was", () => {
    const world = new HealthWorld();
    world.rounds(5, (_, target) => (target.site === "fra" ? "pass" : undefined));
    expect(world.of().judged).toBe(false);
  });
});

describe("freshness", () => {
  it("lets a voice count for three intervals and the time-out, and not a millisecond longer", () => {
    const world = new HealthWorld();
    world.down(3, "fra");
    world.mono += freshMs;
    expect(world.site("fra")).toMatchObject({ verdict: "down", oldestMs: freshMs });
    world.mono += 1;
    expect(world.site("fra")).toMatchObject({ verdict: "unknown", reason: "stale", domains: { silent: 3 } });
    expect(world.of().voices).toEqual({ heard: 0, all: 3 });
  });

  it("begins anew after a gap: one pass does not bring an old verdict back", () => {
    const world = new HealthWorld();
    world.rounds(2);
    world.mono += freshMs;
    world.rounds(1);
    expect(world.site("fra")).toMatchObject({ verdict: "unknown", reason: "not-yet-judged" });
    world.rounds(1);
    expect(world.site("fra").verdict).toBe("up");
  });

  it("takes a batch that was held up on its way for as old as its observations", () => {
    const world = new HealthWorld();
    const [target] = world.targets;
    if (target === undefined) throw new Error("no target");
    world.rounds(2);
    const late = [1, 2, 3].flatMap(() => world.observe(target, refused));
    world.mono += 60_000;
    for (const vantage of Object.keys(threeDomains)) {
      const round = { vantage, controlsPass: true, observations: late, boot: "boot-1", ordinal: 100 };
      world.health.receive(round, world.moment);
    }
    expect(world.site("fra")).toMatchObject({ verdict: "unknown", reason: "stale" });
  });
});

describe("control checks", () => {
  it("take the voice from a vantage that is cut off, and the others decide", () => {
    const world = new HealthWorld();
    world.rounds(2);
    world.batch("cloud1", () => refused, "lost");
    expect(world.of()).toMatchObject({ cutOff: ["cloud1"], voices: { heard: 2, all: 3 } });
    expect(world.site("fra")).toMatchObject({ verdict: "up", domains: { up: 2, silent: 1 } });
  });

  it("leave the verdict unknown when two of three vantages are cut off", () => {
    const world = new HealthWorld();
    world.rounds(2);
    for (let round = 0; round < 4; round += 1) {
      world.mono += 5000;
      world.batch("office", () => refused);
      world.batch("cloud1", () => refused, "lost");
      world.batch("cloud2", () => refused, "lost");
    }
    expect(world.site("fra")).toMatchObject({ verdict: "unknown", reason: "cut-off", domains: { down: 1, silent: 2 } });
  });

  it("make a vantage that is back see a full round before it counts, and forget what it saw before", () => {
    const world = new HealthWorld();
    world.rounds(2);
    world.rounds(2, (vantage) => (vantage === "office" ? refused : "pass"));
    world.batch("office", () => refused, "lost");
    world.rounds(1, (vantage) => (vantage === "office" ? refused : "pass"));
    expect(world.of().cutOff).toEqual([]);
    expect(world.site("fra").domains).toEqual({ up: 2, down: 0, partly: 0, silent: 1 });
    world.rounds(2, (vantage) => (vantage === "office" ? refused : "pass"));
    expect(world.site("fra").domains).toEqual({ up: 2, down: 1, partly: 0, silent: 0 });
  });
});

describe("domains", () => {
  const paired = { a1: "isp-a", a2: "isp-a", b: "isp-b", c: "isp-c" };

  it("are one voice: two vantages of one of three domains make no quorum", () => {
    const world = new HealthWorld({ vantages: { a1: "isp-a", a2: "isp-a", b: "isp-b", c: "isp-c" } });
    world.rounds(4, (vantage) => (vantage.startsWith("a") ? refused : "pass"));
    expect(world.site("fra")).toMatchObject({ verdict: "up", domains: { up: 2, down: 1 } });
  });

  it("say down only if all of their vantages do, since a pass proves that the site answered", () => {
    const world = new HealthWorld({ vantages: paired });
    world.rounds(4, (vantage) => (vantage === "a1" || vantage === "b" ? refused : "pass"));
    expect(world.site("fra")).toMatchObject({ verdict: "up", domains: { up: 2, down: 1 } });
    world.rounds(3, (vantage) => (vantage === "c" ? "pass" : refused));
    expect(world.site("fra")).toMatchObject({ verdict: "down", domains: { up: 1, down: 2 } });
  });

  it("do not say down while one of their vantages is cut off: the others share its way to the world", () => {
    const world = new HealthWorld({ vantages: paired });
    world.rounds(4, (vantage) => (vantage === "c" ? "pass" : refused));
    expect(world.site("fra")).toMatchObject({ verdict: "down", domains: { up: 1, down: 2 } });
    world.batch("a1", () => undefined, "lost");
    expect(world.site("fra")).toMatchObject({ verdict: "disputed", domains: { up: 1, down: 1, silent: 1 } });
  });

  it("are one for all vantages on the controller's host, whatever the policy says, except in a lab", () => {
    const sameHost = ["office", "cloud1"];
    const seesDown = (vantage: string): string => (sameHost.includes(vantage) ? refused : "pass");
    const governed = new HealthWorld({ sameHost });
    governed.rounds(4, seesDown);
    expect(governed.of().voices.all).toBe(2);
    expect(governed.site("fra")).toMatchObject({ verdict: "disputed", domains: { up: 1, down: 1 } });
    const lab = new HealthWorld({ sameHost, lab: true });
    lab.rounds(4, seesDown);
    expect(lab.site("fra")).toMatchObject({ verdict: "down", domains: { up: 1, down: 2 } });
  });

  it("take in a remote vantage that claims the domain of one on the host", () => {
    const vantages = { local: "isp-a", remote: "isp-a", other: "isp-b" };
    expect(new HealthWorld({ vantages, sameHost: ["local", "other"] }).of().voices.all).toBe(1);
  });
});

describe("quorum", () => {
  it("is a majority of all domains, so that the last one heard does not decide alone", () => {
    const world = new HealthWorld();
    world.rounds(4, (vantage) => (vantage === "office" ? refused : undefined));
    expect(world.site("fra")).toMatchObject({ verdict: "unknown", reason: "not-yet-judged", domains: { down: 1 } });
  });

  it("is not reached by half: with two domains that differ the site is disputed", () => {
    const world = new HealthWorld({ vantages: { a: "isp-a", b: "isp-b" } });
    world.rounds(4, (vantage) => (vantage === "a" ? refused : "pass"));
    expect(world.site("fra")).toMatchObject({ verdict: "disputed", reason: "contradiction" });
  });

  it("names several reasons for silence as too few voices", () => {
    const world = new HealthWorld();
    world.rounds(2, (vantage) => (vantage === "cloud2" ? undefined : "pass"));
    world.batch("cloud1", () => undefined, "lost");
    expect(world.site("fra")).toMatchObject({ verdict: "unknown", reason: "too-few-voices", domains: { up: 1 } });
  });
});

describe("records and sites", () => {
  const dual = {
    fra: { v4: ["192.0.2.10"], v6: ["2001:db8:1::10"] },
    iad: { v4: ["198.51.100.10"], v6: "none" },
  } as const;

  it("make a site partly up when one record is up and another down", () => {
    const world = new HealthWorld({ services: { login: dual } });
    world.rounds(4, (_, target) => (target.record === "v6" ? refused : "pass"));
    expect(world.site("fra")).toMatchObject({
      verdict: "partly",
      reason: "records-differ",
      domains: { partly: 3 },
      records: { v4: { verdict: "up", reason: "quorum" }, v6: { verdict: "down", reason: "quorum" } },
    });
  });

  it("do not count a record that is `none` at a site", () => {
    const world = new HealthWorld({ services: { login: dual } });
    world.down(4, "iad");
    expect(world.site("iad").verdict).toBe("down");
    expect(Object.keys(world.site("iad").records)).toEqual(["v4"]);
    expect(world.site("fra").verdict).toBe("up");
  });

  it("need all of their checks: one that differs makes partly, one that is unknown makes unknown", () => {
    const tcp = { ...httpsCheck, type: "tcp", name: "port", port: 443 } as const;
    const world = new HealthWorld({ checks: [httpsCheck, tcp] });
    world.rounds(4, (_, target) => (target.definition.name === "port" ? undefined : refused));
    expect(world.site("fra")).toMatchObject({ verdict: "unknown", reason: "not-yet-judged" });
    world.rounds(2, (_, target) => (target.definition.name === "port" ? "pass" : refused));
    expect(world.site("fra")).toMatchObject({ verdict: "partly", reason: "checks-differ" });
    world.rounds(3, () => refused);
    expect(world.site("fra").verdict).toBe("down");
  });

  it("are unknown without any check, never down", () => {
    const world = new HealthWorld({ services: { login: { fra: { v6: "none" } } } });
    world.rounds(4, () => refused);
    expect(world.site("fra")).toMatchObject({ verdict: "unknown", reason: "not-checked" });
  });
});
