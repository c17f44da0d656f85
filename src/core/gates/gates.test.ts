import { describe, expect, it } from "vitest";
import { epochOf } from "../../values/ids.ts";
import { add, duration, hour, instant, minute } from "../../values/time.ts";
import { Desk } from "../core.fixture.ts";
import { explain } from "../cycle/explain.ts";
import { preview } from "../cycle/preview.ts";
import type { Dispute } from "../authority/state.ts";
import type { Signer } from "../authority/word.ts";
import type { Facts } from "../cycle/facts.ts";
import type { SiteHealth } from "../health/verdict.ts";
import { sameData } from "../plan/rrset.ts";
import { rrset } from "../plan/rrset.ts";
import { utf8 } from "../../values/octets.ts";
import { sha256 } from "../../values/sha256.ts";
import type { ForcedVerdict } from "../failover/state.ts";
import type { GateReport } from "./gate.ts";

/** What the gates say of a person's move to iad, by gate. */
function reports(desk: Desk): ReadonlyMap<string, GateReport> {
  const { state, world, facts, now } = desk;
  const shown = preview(state, world, facts, now, epochOf(1), { kind: "to", site: "iad" });
  if (!shown.ok) throw new Error(shown.refusal.says);
  return new Map(shown.preview.gates.map((report) => [report.gate, report]));
}

function signer({ now }: Desk): Signer {
  return { person: "ana", key: "SHA256:", statement: sha256(utf8("a statement")), at: now };
}

function forced(desk: Desk): ForcedVerdict {
  return { verdict: "down", by: signer(desk), until: add(desk.now, minute) };
}

function disputeOf(desk: Desk): Dispute {
  const { statement, at } = signer(desk);
  return { statement, by: "ana", at, claimed: { size: 9, root: statement }, resumedBy: [] };
}

function healthOf(desk: Desk, site: string): SiteHealth {
  const health = desk.facts.health.sites[site];
  if (health === undefined) throw new Error(`no site ${site}`);
  return health;
}

function withHealth(desk: Desk, change: Partial<Facts["health"]>): void {
  desk.change = { health: { ...desk.facts.health, ...change } };
}

function withName(desk: Desk, change: Partial<Facts["names"][number]>): void {
  desk.change = { names: desk.facts.names.map((name) => Object.assign({}, name, change)) };
}

function ageing(desk: Desk, ms: number): Facts["readings"] {
  return Object.fromEntries(
    Object.entries(desk.facts.readings).map(([record, readings]) => [
      record,
      readings.map((reading) => Object.assign({}, reading, { at: add(reading.at, -ms) })),
    ]),
  );
}

describe("a move that nothing speaks against", () => {
  it("passes every gate, each of which was asked", () => {
    const all = [...reports(new Desk()).values()];
    expect(all.length).toBeGreaterThan(25);
    expect(all.filter(({ result }) => result !== "pass")).toEqual([]);
  });
});

describe("each gate refuses what it is there for, with a code, a sentence and figures", () => {
  const refused: readonly (readonly [gate: string, code: string, "refuse" | "warn" | "wait", (desk: Desk) => void])[] =
    [
      ["log-is-whole", "log-damaged", "refuse", (desk) => (desk.change = { log: { whole: false, says: "Cut." } })],
      ["not-stopped", "stopped", "refuse", (desk) => desk.ask({ kind: "stop" })],
      ["zone-cut", "delegated-away", "refuse", (desk) => withName(desk, { cutAt: "login.example.com." })],
      ["zone-cut", "name-unread", "refuse", (desk) => (desk.change = { names: [] })],
      ["path-available", "no-path", "refuse", (desk) => (desk.change = { paths: [] })],
      [
        "clock-trustworthy",
        "clock-off",
        "warn",
        (desk) => (desk.change = { clock: { trustworthy: false, errorMs: 9000, says: "It stepped." } }),
      ],
      ["observers-trustworthy", "too-few-voices", "warn", (desk) => withHealth(desk, { voices: { heard: 1, all: 3 } })],
      [
        "common-cause",
        "common-cause",
        "warn",
        (desk) => withHealth(desk, { commonCause: { kind: "common", says: "All.", sites: ["fra", "iad"] } }),
      ],
      ["verdict-fresh", "verdict-unknown", "warn", (desk) => desk.verdicts.set("fra", "unknown")],
      ["verdict-fresh", "not-yet-judged", "warn", (desk) => withHealth(desk, { judged: false })],
      [
        "not-forced",
        "forced",
        "warn",
        (desk) => (desk.state = { ...desk.state, forced: new Map([["fra", forced(desk)]]) }),
      ],
      [
        "site-not-barred",
        "site-barred",
        "refuse",
        (desk) => (desk.state = { ...desk.state, barred: new Map([["iad", signer(desk)]]) }),
      ],
      [
        "not-handed-over",
        "handed-over",
        "refuse",
        (desk) => (desk.state = { ...desk.state, handedOver: { by: signer(desk), codes: [], manual: [] } }),
      ],
      [
        "log-not-disputed",
        "log-disputed",
        "refuse",
        (desk) => (desk.authority = { ...desk.authority, dispute: disputeOf(desk) }),
      ],
      ["target-ready", "target-not-ready", "refuse", (desk) => desk.verdicts.set("iad", "down")],
      [
        "target-ready",
        "target-unproven",
        "refuse",
        (desk) =>
          withHealth(desk, {
            sites: {
              ...desk.facts.health.sites,
              iad: { ...healthOf(desk, "iad"), ready: { state: "could-not-run", reasons: ["no voice"] } },
            },
          }),
      ],
      ["plan-is-fresh", "records-stale", "refuse", (desk) => (desk.change = { readings: ageing(desk, minute) })],
    ];

  it.each(refused)("%s: %s", (gate, code, result, spoil) => {
    const desk = new Desk();
    spoil(desk);
    const report = reports(desk).get(gate);
    expect(report).toMatchObject({ result, code });
    expect(report?.says).toMatch(/\S/);
  });

  it("service-not-frozen: a freeze that the owner declared holds people too, until it ends", () => {
    const from = instant(1_790_000_000_000);
    const desk = new Desk({ service: { frozen: [{ from, until: add(from, hour), reason: "the sale" }] } });
    expect(reports(desk).get("service-not-frozen")).toMatchObject({ result: "refuse", code: "frozen" });
    desk.pass(hour);
    expect(reports(desk).get("service-not-frozen")?.result).toBe("pass");
  });

  it("wildcard: the last record of a name is not taken out where a wildcard would answer instead", () => {
    const desk = new Desk({
      records: ["v4", "v6"],
      sites: { fra: { v4: ["192.0.2.10"], v6: "none" }, iad: { v4: "none", v6: ["2001:db8:2::10"] } },
    });
    withName(desk, { wildcard: "*.example.com." });
    // One type for another keeps the name: nothing to fear.
    expect(reports(desk).get("wildcard")?.result).toBe("pass");
    const bare = new Desk({
      sites: { fra: { v4: ["192.0.2.10"], v6: ["2001:db8:1::10"] }, iad: { v4: "none", v6: "none" } },
    });
    withName(bare, { wildcard: "*.example.com." });
    expect(reports(bare).get("wildcard")).toMatchObject({ result: "refuse", code: "wildcard-takes-over" });
    expect(reports(bare).get("would-empty")).toMatchObject({ result: "refuse", code: "would-empty" });
  });

  it("not-flapping and hold-down: automation waits, and says until when", () => {
    const desk = new Desk({ service: { rollback: null, holdDownMs: duration(hour) } });
    for (let turn = 0; turn < 5; turn += 1) {
      for (const verdict of ["down", "up"] as const) {
        desk.verdicts.set("fra", verdict);
        desk.pass(20_000);
      }
    }
    expect(desk.state.suspended?.reason).toBe("flapping");
    expect(reports(desk).get("not-flapping")).toMatchObject({ result: "warn", code: "flapping" });
    expect(reports(desk).get("not-suspended")).toMatchObject({ result: "warn", code: "suspended" });
  });

  it("automation-key: with another key than the first entry names automation holds, says how to mend it, and people move", () => {
    const desk = new Desk();
    const automation = { line: "ssh-ed25519 AAAA", fingerprint: "SHA256:first" };
    desk.authority = { ...desk.authority, automation };
    desk.change = { automationKey: "SHA256:another" };
    desk.lose("fra");
    expect(desk.state.failover).toBeNull();
    expect([...desk.state.initiatives.values()]).toMatchObject([{ codes: ["automation-key-differs"] }]);
    const { state, world, facts, now } = desk;
    expect(explain(state, world, facts, now, epochOf(1)).holds).toMatchObject([
      { code: "automation-key-differs", says: expect.stringContaining("Restore automation.key") },
    ]);
    expect(reports(desk).get("automation-key")).toMatchObject({ result: "warn", code: "automation-key-differs" });
    desk.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
    expect(desk.state.failover).toMatchObject({ status: "proposed" });
    desk.change = { automationKey: "SHA256:first" };
    expect(reports(desk).get("automation-key")).toMatchObject({ result: "pass" });
  });

  it("target-has-room: what a site is asked to carry is at most its declared capacity", () => {
    const desk = new Desk({ service: { demand: 50 } });
    const sites = new Map(
      [...desk.policy.sites].map(([id, site]) => [id, { ...site, capacity: id === "iad" ? 40 : null }]),
    );
    Object.assign(desk.policy, { sites });
    expect(reports(desk).get("target-has-room")).toMatchObject({
      code: "no-room",
      figures: { load: 50, capacity: 40 },
    });
  });

  it("compare-and-swap: a record that changed under a proposed plan voids it", () => {
    const desk = new Desk({ band: { authority: "approve", budget: null } });
    desk.lose("fra");
    const foreign = rrset(60, ["0a0b0c0d"]);
    for (const nameserver of ["1", "2", "3"]) desk.answers.set(`v4 203.0.113.${nameserver}:53`, foreign);
    const open = desk.state.failover;
    if (open === null) throw new Error("nothing is proposed");
    desk.ask({ kind: "approve", failover: open.id, planHash: open.planHash });
    expect(desk.state.ended.at(-1)).toMatchObject({ how: "void" });
    expect(sameData(foreign, desk.state.baseline.get("v4") ?? "absent")).toBe(false);
  });
});
