import { describe, expect, it } from "vitest";
import { siteLost, simulatedPolicy, type PolicyOptions } from "../../../../test/world/policy.ts";
import { sequenceOf } from "../../../values/ids.ts";
import { day, duration, hour, instant, minute, second, type Instant } from "../../../values/time.ts";
import type { Placed, ServiceEvent } from "../../failover/event.ts";
import type { SiteHealth, Verdict } from "../../health/verdict.ts";
import { placementAt } from "../../plan/placement.ts";
import type { History } from "./history.ts";
import { replayPolicy, type BandReplay } from "./replay-policy.ts";

const begin = 1_790_000_000_000;
const at = (ms: number): Instant => instant(begin + ms);
const window = { from: at(0), to: at(10 * day) };

describe("what a proposed policy would have done", () => {
  it("moves by itself once its signal held for the band's time, and not when it was shorter", () => {
    const band = replayed({}, [down(minute), up(minute + 19 * second), down(hour), up(hour + 30 * second)]);
    expect(band).toMatchObject({
      tooShort: 1,
      times: [{ at: at(hour + 20 * second), from: at(hour), ruling: { outcome: "moves" } }],
    });
    // The same history under a band that waits longer.
    const slower = { when: { ...siteLost.when, forMs: duration(minute) } };
    expect(replayed({ band: slower }, [down(hour), up(hour + 30 * second)])).toMatchObject({ tooShort: 1, times: [] });
  });

  it("waits for the duties that it names, and for the people who fill them", () => {
    const policy: PolicyOptions = {
      band: { authority: "approve" },
      people: {
        ana: { roles: ["service-owner"], group: "product", keys: [] },
        ben: { roles: ["dns-operator"], group: "network", keys: [] },
      },
      duties: {
        approve: { kind: "any", roles: ["service-owner"] },
        validate: { kind: "number", people: 2, groups: 2 },
      },
    };
    expect(replayed(policy, [down(hour)]).times).toMatchObject([
      {
        ruling: {
          outcome: "waits",
          waitsFor: ["validate by 2 people of 2 groups (ana, ben)", "approve by a service-owner (ana)"],
        },
      },
    ]);
  });

  it("stops at its budget, and a person's resume gives it back", () => {
    const outages = [1, 2, 3].flatMap((hours) => [down(hours * hour), up(hours * hour + minute)]);
    expect(rulings({}, outages)).toEqual(["moves", "moves", "budget-spent"]);
    const resumed = placed(2.5 * hour, { type: "service-resumed", by: ana });
    expect(rulings({}, [...outages.slice(0, 4), resumed, ...outages.slice(4)])).toEqual(["moves", "moves", "moves"]);
  });

  it("is held down after a move, and moves when that is over and the signal still there", () => {
    const again = minute + 30 * second;
    const history = [down(0), up(40 * second), down(again), up(10 * minute)];
    expect(replayed({}, history).times.map((time) => time.at)).toEqual([at(20 * second), at(5 * minute + 20 * second)]);
    expect(rulings({}, [down(0), up(40 * second), down(again), up(3 * minute)])).toEqual(["moves", "hold-down"]);
  });

  it("an expired band, a freeze, a stop and a service that stands elsewhere hold the move", () => {
    const frozen = { from: at(0), until: at(day), reason: "work" };
    const outage = [down(hour), up(2 * hour)];
    expect(rulings({ band: { expiresAt: at(0) } }, outage)).toEqual(["band-expired"]);
    expect(rulings({ service: { frozen: [frozen] } }, outage)).toEqual(["frozen"]);
    expect(rulings({}, [placed(minute, { type: "service-stopped", by: ana }), ...outage])).toEqual(["stopped"]);
    expect(rulings({}, [stands(minute, "iad"), ...outage])).toEqual(["no-move"]);
  });

  it("unknown is not nothing: too few domains at the entry, error rates, and times without a controller", () => {
    expect(rulings({}, [verdict(hour, "down", 1), up(2 * hour)])).toEqual(["unknown"]);
    const errors = { kind: "error-rate", site: "fra", overPercent: 10, forMs: duration(minute) } as const;
    expect(replayed({ band: { when: errors } }, [down(hour)])).toMatchObject({
      inJournal: false,
      unknownMs: 10 * day,
      times: [],
    });
    const crashed = [
      { from: at(0), until: at(hour + 10 * second) },
      { from: at(3 * hour), until: null },
    ];
    // The signal's time begins anew with the start.
    expect(replayed({}, [down(hour), up(4 * hour)], crashed)).toMatchObject({
      unknownMs: 2 * hour - 10 * second,
      tooShort: 1,
      times: [{ from: at(3 * hour), at: at(3 * hour + 20 * second) }],
    });
  });
});

const ana = { kind: "local-user", id: "uid:1000", method: "local-user" } as const;

function rulings(options: PolicyOptions, history: readonly Placed<ServiceEvent>[]): readonly string[] {
  return replayed(options, history).times.map(({ ruling }) => ("code" in ruling ? ruling.code : ruling.outcome));
}

function replayed(
  options: PolicyOptions,
  history: readonly Placed<ServiceEvent>[],
  runs: History["runs"] = [{ from: at(0), until: null }],
): BandReplay {
  const { policy } = simulatedPolicy(options);
  const services = new Map([["login", [stands(0, "fra"), up(0), ...history]]]);
  const [band] = replayPolicy(policy, { services, runs, stops: [] }, window).services[0]?.bands ?? [];
  if (band === undefined) throw new Error("the policy has a band");
  return band;
}

function placed(ms: number, event: ServiceEvent): Placed<ServiceEvent> {
  return { event, sequence: sequenceOf(0), at: at(ms) };
}

function stands(ms: number, site: string): Placed<ServiceEvent> {
  const placement = placementAt([site]);
  return placed(ms, { type: "baseline-established", placement, baseline: [], fences: [], drift: [] });
}

function down(ms: number): Placed<ServiceEvent> {
  return verdict(ms, "down", 3);
}

function up(ms: number): Placed<ServiceEvent> {
  return verdict(ms, "up", 0);
}

function verdict(ms: number, to: Verdict, saysDown: number): Placed<ServiceEvent> {
  const health: SiteHealth = {
    verdict: to,
    heldMs: duration(0),
    reason: "quorum",
    domains: { up: 3 - saysDown, down: saysDown, partly: 0, silent: 0 },
    oldestMs: duration(0),
    failure: null,
    records: {},
    errorPercent: null,
    latencyMs: null,
    ready: { state: "passed", reasons: [] },
  };
  return placed(ms, { type: "verdict-changed", site: "fra", from: "unknown", to, health });
}
