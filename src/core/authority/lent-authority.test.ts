import { describe, expect, it } from "vitest";
import { fingerprint, team } from "../../../test/world/signing.ts";
import { sha256OfJson } from "../../values/sha256.ts";
import { add, hour, minute } from "../../values/time.ts";
import { Desk } from "../core.fixture.ts";
import { type Facts } from "../cycle/facts.ts";
import { placementAt } from "../plan/placement.ts";
import { enrolled, sceneOf, withAuthority } from "./authority.fixture.ts";
import { soloStanding } from "./solo.ts";
import { type BreakGlass, type Delegation } from "./state.ts";
import { inPolicy, Table } from "./table.fixture.ts";

describe("delegations", () => {
  const { now } = sceneOf();
  const from = { person: "ana", key: fingerprint("ana"), statement: sha256OfJson("delegation"), at: now };
  const given: Delegation = {
    id: "delegation-1",
    from,
    to: "dan",
    duties: ["approve"],
    services: ["login"],
    since: now,
    until: add(now, 30 * minute),
    withdrawnAt: null,
  };
  const lent = { under: "delegation-1", role: "service-owner" } as const;

  function lending(change: Partial<Delegation> = {}, by = "fay"): Table {
    const scene = sceneOf();
    const delegations = new Map([["delegation-1", { ...given, ...change }]]);
    const failover = { ...scene.failover, by: { kind: "person", id: by, method: "statement" } } as const;
    return new Table(withAuthority({ ...scene, failover }, { delegations })).with((one) => ({ ...one, failover }));
  }

  it("lend the giver's role, are named by each use, and end with their time", () => {
    const table = lending();
    expect(table.sign("dan", "approve", lent)).toBeNull();
    expect(table.scene.failover.words.at(-1)).toMatchObject({
      person: "dan",
      role: "service-owner",
      under: { kind: "delegation", id: "delegation-1" },
      expires: add(now, 30 * minute),
    });
    expect(table.missing()).not.toContain("approve service-owner");
    expect(table.missing(add(now, 30 * minute))).toContain("approve service-owner");
  });

  it.each([
    ["withdrawn", { withdrawnAt: now }, "no-such-delegation"],
    ["somebody else's", { to: "eve" }, "no-such-delegation"],
    ["not yet begun", { since: add(now, 1) }, "no-such-delegation"],
    ["over another duty", { duties: ["validate"] }, "outside-delegation"],
    ["over another service", { services: ["mail"] }, "outside-delegation"],
  ] as const)("%s: refused", (_why, change, code) => {
    expect(lending(change).sign("dan", "approve", lent)).toBe(code);
  });

  it("end with the key of whoever gave them", () => {
    const table = lending();
    expect(table.sign("dan", "approve", lent)).toBeNull();
    table.with((scene) =>
      withAuthority(scene, {
        keys: new Map([...scene.world.authority.keys, [fingerprint("ana"), enrolled("ana", now, now)]]),
      }),
    );
    expect(table.missing()).toContain("approve service-owner");
    expect(lending({}, "dan").sign("dan", "approve", lent)).toBe("separate-duties");
  });
});

describe("emergencies change who decides, within what they bind (N13)", () => {
  const { now, failover } = sceneOf();
  const signers = ["eve", "fay"].map((person) => ({
    person,
    key: fingerprint(person),
    statement: sha256OfJson(person),
    at: now,
  }));
  const given: BreakGlass = {
    id: sha256OfJson("grant"),
    service: "login",
    plan: null,
    targets: ["iad"],
    moves: 1,
    incident: "INC 7",
    until: add(now, hour),
    requester: "eve",
    signers,
    need: 2,
    grantedAt: now,
    used: [],
    withdrawnAt: null,
  };
  const under = { under: given.id, role: "change-approver" } as const;

  function granted(change: Partial<BreakGlass> = {}): Table {
    return new Table().with((scene) =>
      withAuthority(scene, { grants: new Map([[given.id, { ...given, ...change }]]) }),
    );
  }

  it("fill every duty of the plan once a signer uses it, and not before", () => {
    const table = granted();
    expect(table.missing()).toHaveLength(3);
    expect(table.sign("eve", "approve", under)).toBeNull();
    expect(table.missing()).toEqual([]);
    expect(table.missing(add(now, hour))).toHaveLength(4);
    expect(granted({ plan: failover.planHash }).sign("eve", "approve", under)).toBeNull();
  });

  it.each([
    ["not yet granted", { grantedAt: null }, "grant-over"],
    ["withdrawn", { withdrawnAt: now }, "grant-over"],
    ["signed by too few who stand", { need: 3 }, "grant-over"],
    ["for another service", { service: "mail" }, "outside-grant"],
    ["for another plan", { plan: sha256OfJson("other") }, "outside-grant"],
    ["to another site", { targets: ["fra"] }, "outside-grant"],
    ["with its moves spent", { used: ["login-0"] }, "outside-grant"],
  ] as const)("%s: refused", (_why, change, code) => {
    expect(granted(change).sign("eve", "approve", under)).toBe(code);
  });

  it("stand with as many signers as they took, by nobody else, and never for what security contains", () => {
    const table = granted();
    expect(table.sign("gus", "approve", { ...under, role: "identity-owner" })).toBe("grant-over");
    expect(table.sign("eve", "approve", under)).toBeNull();
    const keys = new Map([...table.scene.world.authority.keys, [fingerprint("fay"), enrolled("fay", now, now)]]);
    table.with((scene) => withAuthority(scene, { keys }));
    expect(table.missing()).toHaveLength(3);
    expect(granted().in({ purpose: "contain" }).sign("eve", "approve", under)).toBe("duty-not-asked");
  });
});

function allowed(): Table {
  const { policy } = sceneOf();
  const solo = [{ person: "ben", service: "login", targets: ["iad"] }] as const;
  return new Table(inPolicy(sceneOf(), { authority: { ...policy.authority, solo } })).in({ scope: "partial" });
}

/** The sites as the fixture's desk sees them, ready or not. */
function facts(state: "passed" | "failed"): Pick<Facts, "health"> {
  const { health } = new Desk().facts;
  const ready = { state, reasons: [] };
  const sites = Object.entries(health.sites).map(([site, one]) => [site, Object.assign({}, one, { ready })]);
  return { health: { ...health, sites: Object.fromEntries(sites) } };
}

describe("one person alone", () => {
  const alone = { role: "dns-operator", under: "solo" } as const;

  it("moves to a proven target of the policy after five minutes for a veto, and once a day", () => {
    const table = allowed();
    const { now } = table.scene;
    expect(table.sign("ben", "approve", alone)).toBeNull();
    expect(soloStanding({ ...table.scene, facts: facts("passed") })).toMatchObject({
      state: "waits",
      until: add(now, 5 * minute),
    });
    expect(table.missing(add(now, 5 * minute - 1), facts("passed"))).toHaveLength(3);
    expect(table.missing(add(now, 5 * minute), facts("passed"))).toEqual([]);
    expect(table.missing(add(now, 5 * minute), facts("failed"))).toHaveLength(3);
    expect(table.missing(add(now, 5 * minute))).toHaveLength(3);
    const review = {
      id: "solo/login-0",
      kind: "solo",
      subject: "login-0",
      tookPart: ["ben"],
      openedAt: now,
      dueAt: now,
      closed: null,
    } as const;
    table.with((scene) => withAuthority(scene, { reviews: new Map([[review.id, review]]) }));
    expect(soloStanding({ ...table.scene, facts: facts("passed") })).toMatchObject({ code: "solo-spent" });
  });

  it("never moves all of a service, nor elsewhere, nor without a policy that says so", () => {
    const table = allowed();
    expect(table.sign("ben", "approve", alone)).toBeNull();
    expect(soloStanding({ ...table.in({ scope: "full" }).scene, facts: facts("passed") })).toMatchObject({
      code: "solo-full-scope",
    });
    const elsewhere = { before: placementAt(["iad"]), after: placementAt(["fra"]) };
    expect(soloStanding({ ...table.in({ placement: elsewhere }).scene, facts: facts("passed") })).toMatchObject({
      code: "solo-other-target",
    });
    expect(allowed().sign("chi", "approve", { ...alone, role: "identity-owner" })).toBe("no-solo");
    expect(new Table(sceneOf(team)).sign("ben", "approve", alone)).toBe("no-solo");
  });
});
