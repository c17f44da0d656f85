import { describe, expect, it } from "vitest";
import { duration, minute } from "../../values/time.ts";
import { HealthWorld, intervalMs } from "./health.fixture.ts";

const places = {
  fra: { v4: ["192.0.2.10"] },
  ams: { v4: ["192.0.2.20"] },
  iad: { v4: ["198.51.100.10"] },
} as const;
const sites = { fra: ["eu", "dc-fra"], ams: ["eu", "dc-ams"], iad: ["us", "dc-iad"] } as const;

describe("common cause", () => {
  it("is none while one site fails", () => {
    const world = new HealthWorld({ sites, services: { login: places } });
    world.down(4, "fra");
    expect(world.of().commonCause).toEqual({ kind: "none" });
  });

  it("is assumed when the failing sites share no region and no dependency", () => {
    const world = new HealthWorld({ sites, services: { login: places } });
    world.down(4, "fra", "iad");
    expect(world.of().commonCause).toMatchObject({ kind: "common", sites: ["fra", "iad"] });
  });

  it("is assumed across services: the sites of another service count", () => {
    const login = { fra: places.fra };
    const mail = { iad: places.iad };
    const world = new HealthWorld({ sites, services: { login, mail } });
    world.down(4, "fra", "iad");
    expect(world.of("login").commonCause).toMatchObject({ kind: "common", sites: ["fra", "iad"] });
    expect(world.of("mail").commonCause).toMatchObject({ kind: "common", sites: ["fra", "iad"] });
  });

  it("is not seen in the own trouble of one service among many at a site", () => {
    const services = { login: { fra: places.fra }, mail: places, shop: places, docs: places };
    const world = new HealthWorld({ sites, services });
    world.rounds(4, (_, { service, site }) => (broken(service, site) ? "status-500" : "pass"));
    expect(world.site("fra", "login").verdict).toBe("down");
    expect(world.of("login").commonCause).toEqual({ kind: "none" });
    expect(world.of("shop").commonCause).toEqual({ kind: "none" });
  });

  it("is assumed for a service that fails everywhere, though its sites serve the others", () => {
    const world = new HealthWorld({ sites, services: { login: places, mail: places, shop: places } });
    world.rounds(4, (_, { service }) => (service === "login" ? "status-500" : "pass"));
    expect(world.of("login").commonCause).toMatchObject({ kind: "common", sites: ["ams", "fra", "iad"] });
    expect(world.of("mail").commonCause).toEqual({ kind: "none" });
  });

  it("is assumed when a vantage loses the control places with a site or after it", () => {
    const world = new HealthWorld({ sites, services: { login: places } });
    world.rounds(2);
    world.down(3, "fra");
    world.batch("cloud2", () => undefined, "lost");
    expect(world.of().commonCause).toMatchObject({
      kind: "common",
      says: "cloud2 lost the control places while fra failed",
    });
  });

  it("is not assumed for a vantage that was cut off long before the site failed", () => {
    const world = new HealthWorld({ sites, services: { login: places } });
    const others = (reason: string): void => {
      world.mono += intervalMs;
      for (const vantage of ["office", "cloud1"])
        world.batch(vantage, ({ site }) => (site === "fra" ? reason : "pass"));
    };
    world.batch("cloud2", () => undefined, "lost");
    for (let round = 0; round < (2 * minute) / intervalMs; round += 1) others("pass");
    for (let round = 0; round < 3; round += 1) others("timeout");
    expect(world.of()).toMatchObject({ cutOff: ["cloud2"], commonCause: { kind: "none" } });
  });
});

describe("regional loss", () => {
  it("is named after the region that all failing sites share and no healthy one has", () => {
    const world = new HealthWorld({ sites, services: { login: places } });
    world.rounds(2);
    world.down(3, "fra", "ams");
    world.down(2, "fra", "ams");
    const heldMs = 2 * intervalMs;
    expect(world.of().commonCause).toEqual({ kind: "regional", what: "region", name: "eu", heldMs });
  });

  it("is named after a dependency where regions differ", () => {
    const shared = { fra: ["eu", "carrier-x"], ams: ["us", "carrier-x"], iad: ["us", "carrier-y"] } as const;
    const world = new HealthWorld({ sites: shared, services: { login: places } });
    world.down(4, "fra", "ams");
    expect(world.of().commonCause).toMatchObject({ kind: "regional", what: "dependency", name: "carrier-x" });
  });

  it("is none where a healthy site shares the region", () => {
    const world = new HealthWorld({ sites: { ...sites, iad: ["eu"] }, services: { login: places } });
    world.down(4, "fra", "ams");
    expect(world.of().commonCause).toEqual({ kind: "none" });
  });

  it("is not believed from one domain alone", () => {
    const world = new HealthWorld({ sites, services: { login: places }, sameHost: ["office", "cloud1", "cloud2"] });
    world.down(4, "fra", "ams");
    expect(world.of()).toMatchObject({ voices: { all: 1 }, commonCause: { kind: "common" } });
  });

  it("meets a band of its own after the band's time, counted from the last site that failed", () => {
    const signal = { kind: "regional-loss", region: "eu", forMs: duration(10_000) } as const;
    const world = new HealthWorld({ sites, services: { login: places }, bands: { "eu-lost": signal } });
    world.rounds(2);
    expect(world.of().signals["eu-lost"]).toMatchObject({ state: "clear" });
    world.down(3, "fra");
    world.down(3, "fra", "ams");
    expect(world.of().signals["eu-lost"]).toMatchObject({ state: "pending", inMs: 10_000, figures: { lost: "eu" } });
    expect(world.health.nextChangeAt(duration(world.mono))).toBe(world.mono + 10_000);
    world.down(2, "fra", "ams");
    expect(world.of().signals["eu-lost"]).toMatchObject({ state: "holds" });
    world.down(4, "fra", "ams", "iad");
    expect(world.of().signals["eu-lost"]).toMatchObject({ state: "unknown" });
  });
});

function broken(service: string, site: string): boolean {
  return (service === "login" && site === "fra") || (service === "mail" && site === "iad");
}
