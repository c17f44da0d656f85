import { describe, expect, test, vi } from "vitest";
import { gatesForPlan, momentOf } from "../../src/core/cycle/moment.ts";
import { makePlan } from "../../src/core/plan/make-plan.ts";
import { placementAt } from "../../src/core/plan/placement.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { day, duration, hour, minute, second } from "../../src/values/time.ts";
import { found } from "./dns.ts";
import { threeSites } from "./three-sites.ts";
import { foreignRRset, World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

/* What must never happen (design §4), as far as the simulated world can show it. `test/saboteurs` holds, for each, a patch
 * that removes the guard: under it the tests of that name must go red. */

describe("N1: no DNS write without a durable intent that names its authority", () => {
  test("the journal refuses the intent: nothing is sent, and the controller stops and says why", async () => {
    const world = await World.start();
    world.sites.set("fra", "down");
    await world.until(() => world.state().verdicts.get("fra")?.verdict === "down", minute);
    world.journalFault = () => "full";
    await world.advance(5 * minute);
    expect(world.paths.sent).toEqual([]);
    expect(world.controller.about()).toMatchObject({ status: "halted", halted: { code: "journal-full" } });
  });

  test("nobody knows whether the intent is durable, and it is not: it is decided and written anew before anything is sent", async () => {
    const world = await World.start();
    world.sites.set("fra", "down");
    await world.until(() => world.state().verdicts.get("fra")?.verdict === "down", minute);
    let faults = 3;
    world.journalFault = () => {
      faults -= 1;
      return faults >= 0 ? "unknown-before" : undefined;
    };
    await world.entry("failover-recovered", 5 * minute);
    expect(world.auditor.broken).toEqual([]);
    expect(world.ours()).toHaveLength(1);
  });

  test("a band that asks for approval moves nothing without it", async () => {
    const world = await World.start({ band: { authority: "approve" } });
    world.sites.set("fra", "down");
    await world.entry("failover-proposed");
    await world.advance(20 * minute);
    expect(world.events("attempt-intended")).toEqual([]);
    expect(world.paths.sent).toEqual([]);
  });
});

describe("N2: no write over an RRset that is not the one the plan was made for", () => {
  test("somebody changed it after the plan, and it was approved all the same: nothing is sent", async () => {
    const world = await World.start({ band: { authority: "approve" } });
    world.sites.set("fra", "down");
    const { failover, planHash } = await world.entry("failover-proposed");
    world.foreignWrite("v4", foreignRRset);
    await world.advance(10 * second);
    await world.ask({ kind: "approve", failover, planHash });
    await world.advance(5 * minute);
    expect(world.events("failover-ended")).toMatchObject([{ how: "void" }]);
    expect(world.paths.sent).toEqual([]);
  });

  test("a write that lands after the failback finds the RRset of its plan, and is refused by the fence", async () => {
    const world = await World.start();
    const faults = ["hold"] as const;
    world.paths.faultOf = () => (world.paths.sent.length === 0 ? faults[0] : undefined);
    world.sites.set("fra", "down");
    await world.entry("failover-ended", 10 * minute);
    world.sites.set("fra", "up");
    const back = await world.entry("failover-proposed", hour);
    await world.ask({ kind: "approve", failover: back.failover, planHash: back.planHash });
    await world.entry("failover-ended", 10 * minute);
    world.paths.release();
    expect(world.paths.sent[0]?.arrivals).toEqual(["prerequisite-failed"]);
    expect(world.dns.data(world.key("v4"))).toEqual(Array(3).fill(world.valuesAt("v4", "fra")));
  });
});

describe("N3: no RRset emptied through missing input, no name without any address, no removal that the plan does not state", () => {
  test("a move that would leave the name without any address is refused, though the plan states it", async () => {
    const world = await World.start({
      records: ["v4"],
      band: {
        when: { kind: "verdict", site: "iad", verdict: "down", vantages: 2, forMs: duration(20 * second) },
        move: { kind: "withdraw", site: "fra", record: "v4" },
      },
    });
    world.sites.set("iad", "down");
    await world.entry("initiative-held");
    await world.advance(5 * minute);
    expect(world.holds()).toContain("would-empty");
    expect(world.paths.sent).toEqual([]);
    expect(world.dns.primary().zone.rrsets.get(world.key("v4"))).toEqual(world.valuesAt("v4", "fra"));
  });

  test("a removal that the placement does not state is refused at the intent, whatever made the plan", async () => {
    const world = await World.start();
    const moment = found(
      momentOf(
        world.state(),
        world.controller.world(),
        world.facts(),
        world.clock.now(),
        world.controller.about().epoch,
      ),
      "moment",
    );
    const trigger = { kind: "declared" } as const;
    const planned = makePlan({ purpose: "failover", trigger, of: null, after: placementAt(["iad"]) }, moment);
    if (!planned.ok) throw new Error(planned.refusal.says);
    const codes = gatesForPlan(moment, withoutData(planned.plan), null, "person").map(({ code }) => code);
    expect(codes).toContain("removal-not-stated");
  });
});

describe("N4: no automatic move to a site that is not proven ready, nor a person's", () => {
  test("part of the target is down: automation holds, and says which check", async () => {
    const world = await World.start();
    world.sites.set("iad/v6", "down");
    await world.advance(minute);
    world.sites.set("fra", "down");
    const held = await world.entry("initiative-held");
    expect(held.codes).toEqual(["target-not-ready"]);
    await world.advance(10 * minute);
    expect(world.paths.sent).toEqual([]);
  });

  test("nobody knows whether the target is up: a person is refused as well, with the figures", async () => {
    const world = await World.start();
    world.vantages.vantage("office").state = "silent";
    world.vantages.vantage("cloud1").sees.set("iad", "down");
    await world.advance(minute);
    const declared = await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
    expect(declared).toMatchObject({ accepted: false, refusal: { code: "target-unproven" } });
  });
});

describe("N5: never two failovers of one service changing DNS, nor two controllers on one installation", () => {
  test("while one is changing, nobody starts another", async () => {
    const world = await World.start({ sites: threeSites });
    world.paths.faultOf = () => "refuse";
    world.sites.set("fra", "down");
    await world.entry("attempt-intended");
    const declared = await world.ask({ kind: "declare", move: { kind: "to", site: "sin" } });
    expect(declared).toMatchObject({ accepted: false, refusal: { code: "in-flight" } });
    world.paths.faultOf = () => undefined;
    await world.entry("failover-recovered");
    expect(world.auditor.broken).toEqual([]);
  });

  test("a second controller takes the journal: the first one stops acting at once", async () => {
    const world = await World.start();
    const first = world.controller;
    await world.startController();
    world.sites.set("fra", "down");
    await world.entry("failover-recovered");
    expect(world.ours()).toHaveLength(1);
    expect(first.about().status).toBe("halted");
    expect(world.auditor.broken).toEqual([]);
  });
});

describe("N6: no automatic move on unknown, disputed or common-cause signals, or after the budget is spent", () => {
  test("unknown: two of three vantages are cut off", async () => {
    const world = await World.start();
    world.vantages.vantage("office").state = "cut-off";
    world.vantages.vantage("cloud1").state = "cut-off";
    world.sites.set("fra", "down");
    await world.advance(10 * minute);
    expect(world.state().verdicts.get("fra")?.verdict).toBe("unknown");
    expect(world.paths.sent).toEqual([]);
  });

  test("disputed: one vantage is silent, and the others contradict each other", async () => {
    const world = await World.start();
    world.vantages.vantage("office").state = "silent";
    world.vantages.vantage("cloud1").sees.set("fra", "down");
    await world.advance(10 * minute);
    expect(world.state().verdicts.get("fra")?.verdict).toBe("disputed");
    expect(world.paths.sent).toEqual([]);
  });

  test("common cause: two sites that share nothing fail together, and the target is up", async () => {
    const world = await World.start({ sites: threeSites, band: { move: { kind: "replace", from: "fra", to: "sin" } } });
    world.sites.set("fra", "down");
    world.sites.set("iad", "down");
    const held = await world.entry("initiative-held");
    expect(held.codes).toEqual(["common-cause"]);
    await world.advance(10 * minute);
    expect(world.paths.sent).toEqual([]);
  });

  test("the budget is spent: one move a day, and it was made", async () => {
    const world = await World.start({ band: { budget: { moves: 1, perMs: duration(day) } } });
    world.sites.set("fra", "down");
    await world.entry("failover-ended", 10 * minute);
    world.sites.set("fra", "up");
    const back = await world.entry("failover-proposed", hour);
    await world.ask({ kind: "approve", failover: back.failover, planHash: back.planHash });
    await world.entry("failover-ended", 10 * minute);
    const sent = world.paths.sent.length;
    world.sites.set("fra", "down");
    await world.advance(30 * minute);
    expect(world.paths.sent).toHaveLength(sent);
  });
});

describe("N7: no vetoed, expired or altered plan is carried out", () => {
  test("vetoed: the move is not proposed again while the veto stands", async () => {
    const world = await World.start({ band: { authority: "approve" } });
    world.sites.set("fra", "down");
    const { failover } = await world.entry("failover-proposed");
    await world.ask({ kind: "veto", failover });
    await world.advance(30 * minute);
    expect(world.events("failover-proposed")).toHaveLength(1);
    const declared = await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
    expect(declared).toMatchObject({ accepted: false, refusal: { code: "vetoed" } });
  });

  test("altered: an approval of any other plan is refused", async () => {
    const world = await World.start({ band: { authority: "approve" } });
    world.sites.set("fra", "down");
    const { failover, planHash } = await world.entry("failover-proposed");
    const other = `${planHash.slice(1)}0`;
    const approved = await world.ask({ kind: "approve", failover, planHash: other });
    expect(approved).toMatchObject({ accepted: false, refusal: { code: "plan-differs" } });
    await world.advance(minute);
    expect(world.paths.sent).toEqual([]);
  });

  test("expired: what was authorised and could not be sent within its window is never sent", async () => {
    const world = await World.start();
    world.paths.faultOf = () => "refuse";
    world.sites.set("fra", "down");
    await world.entry("attempt-intended");
    await world.advance(15 * minute);
    world.paths.faultOf = () => undefined;
    await world.advance(10 * minute);
    expect(world.ours()).toEqual([]);
  });
});

describe("N9: never `recovered` while a nameserver that answers gives other data, or the service does not answer", () => {
  test("one nameserver is stuck on the old answer", async () => {
    const world = await World.start();
    world.dns.nameserver(2).transfers = "stuck";
    world.sites.set("fra", "down");
    await world.entry("failover-changed");
    await world.advance(10 * minute);
    expect(world.events("failover-recovered")).toEqual([]);
  });

  test("a nameserver comes back with the old answer between switched and recovered", async () => {
    const world = await World.start();
    const dead = world.dns.nameserver(2);
    dead.answers = "nothing";
    // The vantages think that the target is up; its users do not reach it.
    for (const { sees } of world.vantages.all) sees.set("iad", "up");
    world.sites.set("fra", "down");
    world.sites.set("iad", "down");
    await world.entry("failover-switched");
    dead.transfers = "stuck";
    dead.answers = "all";
    // What was verified counts for 5 s; then the records are read again first.
    await world.advance(10 * second);
    world.sites.set("iad", "up");
    await world.advance(10 * minute);
    expect(world.events("failover-recovered")).toEqual([]);
    expect(world.why().failover?.says).toContain(dead.address);
  });

  test("the service does not answer through its name", async () => {
    const world = await World.start();
    for (const { sees } of world.vantages.all) sees.set("iad", "up");
    world.sites.set("fra", "down");
    world.sites.set("iad", "down");
    await world.entry("failover-switched");
    await world.advance(10 * minute);
    expect(world.events("failover-recovered")).toEqual([]);
    expect(world.why().failover?.says).toContain("connect-refused");
  });

  test("no nameserver answers at all", async () => {
    const world = await World.start();
    world.paths.onSend = (order) => {
      world.auditor.onSend(order);
      for (const nameserver of world.dns.nameservers.slice(1)) nameserver.answers = "nothing";
    };
    world.dns.listeners.push(() => {
      world.dns.primary().answers = "nothing";
    });
    world.sites.set("fra", "down");
    await world.entry("attempt-intended");
    await world.advance(10 * minute);
    expect(world.events("failover-recovered")).toEqual([]);
  });
});

describe("N9: never `recovered` while a nameserver that answers is bogus, or insecure where the policy requires secure", () => {
  const required = { integrity: "watched", zone: { dnssec: "required" } } as const;

  test("one nameserver is bogus since the change", async () => {
    const world = await World.start({ integrity: "watched" });
    world.dns.listeners.push(() => (world.dns.nameserver(2).authenticity = "bogus"));
    world.sites.set("fra", "down");
    await world.entry("failover-changed");
    await world.advance(10 * minute);
    expect(world.events("failover-recovered")).toEqual([]);
    expect(world.why().failover?.says).toContain("bogus");
    world.dns.nameserver(2).authenticity = "secure";
    expect(await world.entry("failover-recovered")).toMatchObject({ authenticity: "secure" });
    expect(world.auditor.broken).toEqual([]);
  });

  test.each(["insecure", "indeterminate", "unverifiable"] as const)("one nameserver is %s", async (authenticity) => {
    const world = await World.start(required);
    world.dns.listeners.push(() => (world.dns.nameserver(2).authenticity = authenticity));
    world.sites.set("fra", "down");
    await world.entry("failover-changed");
    await world.advance(10 * minute);
    expect(world.events("failover-recovered")).toEqual([]);
  });

  test("the zone turns bogus between switched and recovered", async () => {
    const world = await World.start(required);
    for (const { sees } of world.vantages.all) sees.set("iad", "up");
    world.sites.set("fra", "down");
    world.sites.set("iad", "down");
    await world.entry("failover-switched");
    for (const nameserver of world.dns.nameservers) nameserver.authenticity = "bogus";
    await world.advance(minute);
    world.sites.set("iad", "up");
    await world.advance(10 * minute);
    expect(world.events("failover-recovered")).toEqual([]);
  });
});

/** The same plan, but for its data: gone, as through missing input. */
function withoutData(plan: Plan): Plan {
  const [{ changes }] = plan.steps;
  const [change] = changes;
  const [rrset] = change.rrsets;
  return { ...plan, steps: [{ changes: [{ ...change, rrsets: [{ ...rrset, after: "absent" }] }] }] };
}
