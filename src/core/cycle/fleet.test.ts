import { describe, expect, it } from "vitest";
import { simulatedPolicy } from "../../../test/world/policy.ts";
import { evolveZones } from "../integrity/evolve-zone.ts";
import { inForce, type ZoneState } from "../integrity/zone-state.ts";
import { zoneKey } from "../policy/zone-key.ts";
import { commandId, sequenceOf } from "../../values/ids.ts";
import { add, day, hour, instant, minute, type Instant } from "../../values/time.ts";
import { decideInstallation, type InstallationRequest } from "./fleet.ts";

const by = { kind: "local-user", id: "uid:1000", method: "local-user" } as const;
const start = instant(1_790_000_000_000);
const key = zoneKey("public", "example.com.");

/** The installation's own decisions, folded at once. */
class Office {
  readonly zones = new Map<string, ZoneState>();
  #commands = 0;

  ask(request: InstallationRequest, now: Instant = start) {
    this.#commands += 1;
    const world = { policy: simulatedPolicy().policy, stopped: null, zones: this.zones };
    const decision = decideInstallation(world, { id: commandId(`c-${this.#commands}`), by, request }, now);
    if (!decision.accepted) return decision.refusal.code;
    const [event] = decision.events;
    if ("zone" in event) evolveZones(this.zones, { event, sequence: sequenceOf(this.#commands), at: now });
    return event.type;
  }

  announce(change: Partial<Extract<InstallationRequest, { kind: "announce" }>> = {}, now: Instant = start) {
    const window = { from: start, until: add(start, hour) };
    return this.ask(
      { kind: "announce", zone: "example.com.", view: "public", change: "rollover", ...window, ...change },
      now,
    );
  }

  open(at: Instant): readonly string[] {
    return inForce(this.zones.get(key)?.announcements ?? [], at).map(({ id }) => id);
  }
}

describe("announce: a change that others will make is foretold", () => {
  it("given a window, then it is in force inside of it and nowhere else", () => {
    const office = new Office();
    expect(office.announce({ from: add(start, minute) })).toBe("change-announced");
    expect(office.open(start)).toEqual([]);
    expect(office.open(add(start, minute))).toEqual(["c-1"]);
    expect(office.open(add(start, hour - 1))).toEqual(["c-1"]);
    expect(office.open(add(start, hour))).toEqual([]);
  });

  it("given one, when it is withdrawn, then it is no more, and cannot be withdrawn again", () => {
    const office = new Office();
    office.announce();
    expect(office.ask({ kind: "withdraw-announcement", announcement: "c-1" })).toBe("announcement-withdrawn");
    expect(office.open(start)).toEqual([]);
    expect(office.ask({ kind: "withdraw-announcement", announcement: "c-1" })).toBe("no-such-announcement");
  });

  it.each([
    ["a zone that the policy does not have", { zone: "example.org." }, "no-such-zone"],
    ["a view that it does not have", { view: "inside" }, "no-such-zone"],
    ["a window that ends before it begins", { from: add(start, 2 * hour) }, "window-is-over"],
    ["a window in the past", { from: add(start, -day), until: add(start, -hour) }, "window-is-over"],
    ["a window without an end in sight", { until: add(start, 91 * day) }, "window-too-long"],
  ])("refuses %s", (_, change, code) => {
    expect(new Office().announce(change)).toBe(code);
  });

  it("refuses more of them than anybody can oversee, until one is over", () => {
    const office = new Office();
    for (let count = 0; count < 32; count += 1) expect(office.announce()).toBe("change-announced");
    expect(office.announce()).toBe("too-many-announcements");
    expect(office.announce({ until: add(start, 3 * hour) }, add(start, 2 * hour))).toBe("change-announced");
  });
});
