import { describe, expect, it } from "vitest";
import { day, duration } from "../../values/time.ts";
import { freshMs, HealthWorld, httpsCheck, twoSites } from "./health.fixture.ts";

const dual = { login: { ...twoSites, iad: { v4: ["198.51.100.10"], v6: ["2001:db8::10"] } } } as const;

describe("a target is ready", () => {
  it("when every check of all its records is up by quorum and fresh", () => {
    const world = new HealthWorld({ services: dual });
    world.rounds(2);
    expect(world.site("iad").ready).toEqual({ state: "passed", reasons: [] });
  });

  it("not while a check on one of its records fails, which it names", () => {
    const world = new HealthWorld({ services: dual });
    world.rounds(4, (_, target) => (target.record === "v6" ? "tls-expired" : "pass"));
    const reasons = ["check health of record v6 at 2001:db8::10 is down (quorum)"];
    expect(world.site("iad").ready).toEqual({ state: "failed", reasons });
  });

  it("never by what is unknown, disputed or stale: that could not run", () => {
    const world = new HealthWorld({ vantages: { a: "isp-a", b: "isp-b" } });
    expect(world.site("iad").ready.state).toBe("could-not-run");
    world.rounds(4, (vantage) => (vantage === "a" ? "timeout" : "pass"));
    expect(world.site("iad")).toMatchObject({ verdict: "disputed", ready: { state: "could-not-run" } });
    world.rounds(4);
    expect(world.site("iad").ready.state).toBe("passed");
    world.mono += freshMs + 1;
    expect(world.site("iad").ready.state).toBe("could-not-run");
  });

  it("never without a record or a check there", () => {
    const world = new HealthWorld({ services: { login: { fra: twoSites["fra"] ?? {}, iad: { v4: "none" } } } });
    world.rounds(4);
    expect(world.site("iad").ready).toMatchObject({ state: "failed" });
  });
});

describe("readiness of a certificate", () => {
  it("passes while every certificate seen is valid for long enough", () => {
    const world = new HealthWorld({ readiness: asked(29) });
    world.rounds(3);
    expect(world.site("iad").ready.state).toBe("passed");
  });

  it("fails with the date and what is asked when one ends too soon", () => {
    const world = new HealthWorld({ readiness: asked(30) });
    world.rounds(3);
    expect(world.site("iad").ready.state).toBe("failed");
    expect(world.site("iad").ready.reasons.join()).toMatch(/198\.51\.100\.10 ends 20.*at least 30 d is required/);
  });

  it("could not run where no check shows a certificate", () => {
    const tcp = { ...httpsCheck, type: "tcp", port: 443 } as const;
    const world = new HealthWorld({ readiness: asked(1), checks: [tcp] });
    world.rounds(3);
    expect(world.site("iad").ready).toEqual({
      state: "could-not-run",
      reasons: ["no https check shows the certificate of iad"],
    });
  });
});

// The fixture's certificates end 30 days after its beginning.
function asked(days: number) {
  return [{ type: "tls", minValidityMs: duration(days * day) }] as const;
}
