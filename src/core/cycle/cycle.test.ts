import { describe, expect, it } from "vitest";
import { Desk } from "../core.fixture.ts";
import type { Failover } from "../failover/state.ts";
import { placementAt, rrsetUnder } from "../plan/placement.ts";
import { rrset } from "../plan/rrset.ts";
import { duration } from "../../values/time.ts";

const iad = placementAt(["iad"]);

function openOf(desk: Desk): Failover {
  const open = desk.state.failover;
  if (open === null) throw new Error("no failover is open");
  return open;
}

/** The outcome of the write: applied at the server, which then answers the new data. */
function applied(desk: Desk): void {
  const open = openOf(desk);
  if (open.status !== "changing") throw new Error(`it is ${open.status}`);
  for (const attempt of open.attempts.filter(({ outcome }) => outcome.state === "open")) {
    desk.standing = open.plan.placement.after;
    desk.ask({ kind: "attempt-result", attempt: attempt.id, outcome: { outcome: "applied", receipt: "NOERROR" } });
  }
}

function verified(desk: Desk, except: { readonly [address: string]: "wrong" | "no-response" } = {}): void {
  const nameservers = desk.facts.readings["v4"]?.map(({ provider, nameserver, address }) => ({
    provider,
    nameserver,
    address,
    udp: except[address] ?? ("right" as const),
    tcp: except[address] ?? ("right" as const),
    serial: 7,
  }));
  desk.ask({ kind: "verified", failover: openOf(desk).id, nameservers: nameservers ?? [] });
}

function recovered(desk: Desk): void {
  applied(desk);
  verified(desk);
  desk.ask({ kind: "service-answered", failover: openOf(desk).id, failure: null });
}

describe("a pre-authorised band", () => {
  it("proposes, authorises and intends in one go, and sends nothing before", () => {
    const desk = new Desk();
    expect(desk.types()).toEqual(["verdict-changed", "verdict-changed", "baseline-established"]);
    expect(desk.lose("fra").map(({ type }) => type)).toEqual([
      "verdict-changed",
      "failover-proposed",
      "failover-authorised",
      "attempt-intended",
    ]);
    expect(desk.effects.map(({ kind }) => kind)).toEqual(["write"]);
    expect(openOf(desk).plan.placement.after).toEqual(iad);
  });

  it("ends closed: changed, switched, recovered, settled after the largest TTL before", () => {
    const desk = new Desk();
    desk.lose("fra");
    recovered(desk);
    expect(openOf(desk).status).toBe("recovered");
    desk.pass(59_000);
    expect(openOf(desk).status).toBe("recovered");
    desk.pass(1_000);
    expect(desk.state.failover).toBeNull();
    expect(desk.state.ended.at(-1)).toMatchObject({ how: "closed", automatic: true });
    expect(desk.state.placement).toEqual(iad);
  });

  it("takes the AAAA out where the target has none, as the plan states, and keeps the A", () => {
    const desk = new Desk({
      sites: { fra: { v4: ["192.0.2.10"], v6: ["2001:db8:1::10"] }, iad: { v4: ["198.51.100.10"], v6: "none" } },
    });
    desk.lose("fra");
    const changes = openOf(desk)
      .plan.steps.flatMap((step) => step.changes)
      .flatMap((change) => change.rrsets);
    expect(changes.map(({ record, after }) => [record, after === "absent"])).toEqual([
      ["v4", false],
      ["v6", true],
    ]);
  });
});

describe("verification (N9)", () => {
  it("is not switched while one nameserver that answers gives other data, and names it", () => {
    const desk = new Desk();
    desk.lose("fra");
    applied(desk);
    verified(desk, { "203.0.113.3:53": "wrong" });
    expect(openOf(desk)).toMatchObject({
      status: "changed",
      verification: { wrong: ["ns3.primary.example.net. (203.0.113.3:53)"] },
    });
    desk.pass(60_000);
    expect(openOf(desk)).toMatchObject({ status: "changed", diverged: { since: desk.now } });
  });

  it("recovers with exceptions when one is silent, and verifies its first answer even after the close", () => {
    const desk = new Desk();
    desk.lose("fra");
    applied(desk);
    desk.answers.set("203.0.113.3:53", "silent");
    verified(desk, { "203.0.113.3:53": "no-response" });
    desk.ask({ kind: "service-answered", failover: openOf(desk).id, failure: null });
    expect(desk.events.at(-1)).toMatchObject({ type: "failover-recovered", exceptions: [{ kind: "silent" }] });
    desk.pass(61_000);
    expect(desk.state.failover).toBeNull();
    // It comes back with what stood before.
    for (const record of ["v4", "v6"])
      desk.answers.set(`${record} 203.0.113.3:53`, rrsetUnder(desk.service, record, placementAt(["fra"])));
    desk.answers.delete("203.0.113.3:53");
    desk.pass(2_000);
    expect(desk.state.owed).toMatchObject([{ state: "diverged" }]);
    expect(desk.effects.map(({ kind }) => kind)).toContain("notify");
    desk.answers.clear();
    desk.pass(2_000);
    expect(desk.state.owed).toEqual([]);
  });

  it("compares SOA serials inside a provider, and names the one whose nameservers differ", () => {
    const desk = new Desk();
    desk.lose("fra");
    applied(desk);
    const nameservers = (desk.facts.readings["v4"] ?? []).map(({ provider, nameserver, address }, index) => ({
      provider,
      nameserver,
      address,
      udp: "right" as const,
      tcp: "right" as const,
      serial: index === 2 ? 6 : 7,
    }));
    desk.ask({ kind: "verified", failover: openOf(desk).id, nameservers });
    expect(desk.events.at(-1)).toMatchObject({ type: "failover-switched", serialsDiffer: ["primary"] });
  });

  it("is not recovered while the service does not answer through its name", () => {
    const desk = new Desk();
    desk.lose("fra");
    applied(desk);
    verified(desk);
    desk.ask({ kind: "service-answered", failover: openOf(desk).id, failure: "connect-refused" });
    expect(openOf(desk).status).toBe("switched");
  });
});

describe("an outcome that nobody knows", () => {
  const unknown = { outcome: "unknown", code: "timeout", lateUntil: null } as const;

  it("is read back before anything is sent again", () => {
    const desk = new Desk();
    desk.lose("fra");
    const open = openOf(desk);
    const attempt = open.status === "changing" ? open.attempts[0] : undefined;
    if (attempt === undefined) throw new Error("no attempt");
    desk.ask({ kind: "attempt-result", attempt: attempt.id, outcome: unknown });
    expect(desk.effects.map(({ kind }) => kind)).toEqual(["read-back"]);
    const stands = (side: "before" | "after") => ({
      rrsets: attempt.change.rrsets.map((change) => ({ name: change.name, type: change.type, rrset: change[side] })),
      fences: attempt.fences.map((fence) => ({ name: fence.name, value: fence[side] })),
    });
    desk.ask({ kind: "read-back", attempt: attempt.id, found: stands("before"), code: "read" });
    expect(desk.effects).toMatchObject([{ kind: "write", data: { attempt: "login-1/primary/example.com/2" } }]);
    // The first one lands late after all: the second is refused by the nameserver, and the fence tells whose it is.
    desk.ask({
      kind: "attempt-result",
      attempt: "login-1/primary/example.com/2",
      outcome: { outcome: "conflict", code: "NXRRSET" },
    });
    desk.standing = iad;
    desk.ask({ kind: "read-back", attempt: "login-1/primary/example.com/2", found: stands("after"), code: "read" });
    expect(openOf(desk).status).toBe("changed");
  });

  it("voids the plan when what stands is neither before nor after, and automation holds on the drift", () => {
    const desk = new Desk();
    desk.lose("fra");
    const foreign = rrset(60, ["0a0b0c0d"]);
    for (const nameserver of ["1", "2", "3"]) desk.answers.set(`v4 203.0.113.${nameserver}:53`, foreign);
    desk.ask({
      kind: "attempt-result",
      attempt: "login-1/primary/example.com/1",
      outcome: { outcome: "conflict", code: "NXRRSET" },
    });
    const found = {
      rrsets: [{ name: "login.example.com.", type: "A", rrset: foreign }],
      fences: [{ name: "_pointsman.login.example.com.", value: "ffff" }],
    };
    desk.ask({ kind: "read-back", attempt: "login-1/primary/example.com/1", found, code: "read" });
    expect(desk.state.failover).toBeNull();
    expect(desk.state.ended.at(-1)?.how).toBe("void");
    expect(desk.state.drift.get("v4")?.kind).toBe("foreign");
    desk.pass(600_000);
    expect(desk.effects.map(({ kind }) => kind)).not.toContain("write");
  });
});

describe("people", () => {
  it("declare, approve the very plan, and withdraw", () => {
    const desk = new Desk();
    expect(desk.ask({ kind: "declare", move: { kind: "to", site: "iad" } }).accepted).toBe(true);
    const { id, planHash } = openOf(desk);
    expect(desk.ask({ kind: "approve", failover: id, planHash: "0".repeat(64) })).toMatchObject({
      accepted: false,
      refusal: { code: "plan-differs" },
    });
    expect(desk.ask({ kind: "approve", failover: id, planHash }).accepted).toBe(true);
    expect(openOf(desk).status).toBe("changing");
    expect(desk.ask({ kind: "withdraw", failover: id })).toMatchObject({
      accepted: false,
      refusal: { code: "not-open" },
    });
  });

  it("are refused a target that is not ready, with the figures and the exact manual steps", () => {
    const desk = new Desk();
    desk.verdicts.set("iad", "down");
    desk.settle();
    const refused = desk.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
    expect(refused).toMatchObject({ accepted: false, refusal: { code: "target-not-ready" } });
    if (refused.accepted) return;
    expect(refused.refusal.figures["manual"]).toContain("update add login.example.com. 60 A 198.51.100.10");
  });

  it("a veto bars the move for its time, whatever is proposed anew", () => {
    const desk = new Desk({ band: { authority: "approve", budget: null } });
    desk.lose("fra");
    desk.ask({ kind: "veto", failover: "login-1" });
    for (let tick = 0; tick < 1000; tick += 1) desk.pass(3_000);
    expect(desk.types().filter((type) => type === "failover-proposed")).toHaveLength(1);
    desk.pass(3_600_000);
    expect(desk.types().filter((type) => type === "failover-proposed")).toHaveLength(2);
  });

  it("stop before the next write, and resume", () => {
    const desk = new Desk();
    desk.ask({ kind: "stop" });
    desk.lose("fra");
    expect(desk.state.failover).toBeNull();
    desk.ask({ kind: "resume" });
    expect(openOf(desk).status).toBe("changing");
  });

  it("supersede a failover that is stuck in verifying, once it has diverged", () => {
    const desk = new Desk();
    desk.lose("fra");
    applied(desk);
    verified(desk, { "203.0.113.3:53": "wrong" });
    desk.verdicts.set("fra", "up");
    expect(desk.ask({ kind: "declare", move: { kind: "to", site: "fra" } })).toMatchObject({
      accepted: false,
      refusal: { code: "in-flight" },
    });
    desk.pass(61_000);
    expect(desk.ask({ kind: "declare", move: { kind: "to", site: "fra" } }).accepted).toBe(true);
    expect(desk.state.ended.at(-1)).toMatchObject({ id: "login-1", how: "superseded" });
    expect(openOf(desk)).toMatchObject({
      id: "login-2",
      status: "proposed",
      plan: { of: "login-1", purpose: "failback" },
    });
  });
});

describe("what automation does by itself", () => {
  it("rolls back onto the old site when the new one proves worse, without waiting for stability", () => {
    const desk = new Desk();
    desk.lose("fra");
    recovered(desk);
    desk.verdicts.set("fra", "up");
    desk.signal = { state: "clear", figures: {} };
    desk.verdicts.set("iad", "down");
    desk.settle();
    expect(openOf(desk)).toMatchObject({
      status: "changing",
      plan: { purpose: "rollback", of: "login-1", placement: { after: placementAt(["fra"]) } },
    });
  });

  it("holds when both sites are down: no write, and why says so once", () => {
    const desk = new Desk();
    desk.verdicts.set("iad", "down");
    desk.lose("fra");
    desk.pass(600_000);
    expect(desk.state.failover).toBeNull();
    expect(desk.events.filter(({ type }) => type === "initiative-held")).toMatchObject([
      { initiative: "site-lost", codes: ["target-not-ready"] },
    ]);
  });

  it("asks people for the way home once home was stable, and not while it is not", () => {
    const desk = new Desk({ service: { failback: { stableForMs: duration(30_000) } } });
    desk.lose("fra");
    recovered(desk);
    desk.pass(61_000);
    expect(desk.state.failover).toBeNull();
    desk.verdicts.set("fra", "up");
    desk.signal = { state: "clear", figures: {} };
    desk.settle();
    expect(openOf(desk)).toMatchObject({ status: "proposed", needs: "reverse", plan: { purpose: "failback" } });
    desk.verdicts.set("fra", "down");
    desk.settle();
    expect(desk.state.ended.at(-1)).toMatchObject({ how: "withdrawn" });
  });

  it("names an old value that something put back, and writes no more by itself", () => {
    const desk = new Desk();
    desk.lose("fra");
    recovered(desk);
    desk.pass(61_000);
    desk.standing = placementAt(["fra"]);
    desk.pass(10_000);
    expect(desk.state.drift.get("v4")?.kind).toBe("reverted");
    desk.pass(600_000);
    expect(desk.types().filter((type) => type === "attempt-intended")).toHaveLength(1);
    desk.verdicts.set("fra", "up");
    expect(desk.ask({ kind: "declare", move: { kind: "to", site: "iad" } }).accepted).toBe(true);
  });

  it("puts back what was reverted once, where the band says so, within its budget", () => {
    const desk = new Desk({ band: { reassert: true } });
    desk.lose("fra");
    recovered(desk);
    desk.pass(61_000);
    desk.standing = placementAt(["fra"]);
    desk.pass(10_000);
    expect(openOf(desk).plan.purpose).toBe("restore");
    recovered(desk);
    desk.pass(61_000);
    desk.standing = placementAt(["fra"]);
    desk.pass(10_000);
    expect(desk.state.failover).toBeNull();
    expect(desk.state.drift.get("v4")?.kind).toBe("reverted");
  });

  it("does nothing in observe mode but say what it would have done, once a signal", () => {
    const desk = new Desk();
    desk.change = { mode: "observe", paths: [] };
    desk.lose("fra");
    desk.pass(60_000);
    expect(desk.types().filter((type) => type === "attempt-intended")).toEqual([]);
    expect(desk.state.ended).toMatchObject([{ how: "observed" }]);
    desk.signal = { state: "clear", figures: {} };
    desk.settle();
    desk.signal = { state: "holds", figures: {} };
    desk.settle();
    expect(desk.state.ended).toHaveLength(2);
  });
});

it("two copies of an installation that intend the same in the same millisecond have different fences", () => {
  const fences = ["one", "other"].map((boot) => {
    const desk = new Desk();
    desk.change = { boot };
    desk.lose("fra");
    const open = openOf(desk);
    return open.status === "changing"
      ? open.attempts.flatMap((attempt) => attempt.fences.map(({ after }) => after))
      : [];
  });
  expect(fences[0]).toHaveLength(1);
  expect(fences[0]).not.toEqual(fences[1]);
});
