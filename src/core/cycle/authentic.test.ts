import { describe, expect, it } from "vitest";
import { Desk } from "../core.fixture.ts";
import type { CheckedAuthenticity } from "../failover/verification.ts";

const ns3 = "203.0.113.3:53";
const secure: CheckedAuthenticity = { verdict: "secure", code: "answer-secure", vantages: ["office"] };
const insecure: CheckedAuthenticity = { verdict: "insecure", code: "insecure-delegation", vantages: ["office"] };
const bogus: CheckedAuthenticity = { verdict: "bogus", code: "signature-invalid", vantages: [] };
const required = { zone: { dnssec: "required" } } as const;

/** A move whose change was applied. */
function changed(options: ConstructorParameters<typeof Desk>[0] = {}): Desk {
  const desk = new Desk(options);
  if (options.zone !== undefined) desk.surveyed("secure");
  desk.lose("fra");
  const open = desk.state.failover;
  if (open?.status !== "changing") throw new Error(`it is ${open?.status ?? "not open"}`);
  desk.standing = open.plan.placement.after;
  for (const { id } of open.attempts)
    desk.ask({ kind: "attempt-result", attempt: id, outcome: { outcome: "applied", receipt: "NOERROR" } });
  return desk;
}

/** Every nameserver has the plan's data, of this authenticity. */
function verify(desk: Desk, all: CheckedAuthenticity | undefined, third = all): void {
  const nameservers = (desk.facts.readings["v4"] ?? []).flatMap(({ provider, nameserver, address }) => {
    const answered = { provider, nameserver, address, udp: "right", tcp: "right", serial: 7 } as const;
    const authenticity = address === ns3 ? third : all;
    return authenticity === undefined ? [answered] : [{ ...answered, authenticity }];
  });
  desk.ask({ kind: "verified", failover: "login-1", nameservers });
}

function answer(desk: Desk): void {
  desk.ask({ kind: "service-answered", failover: "login-1", failure: null });
}

function statusOf(desk: Desk): string | undefined {
  return desk.state.failover?.status;
}

describe("recovered and authenticity (N9)", () => {
  it("right data that is bogus at one nameserver is wrong there, and named with the reason", () => {
    const desk = changed();
    verify(desk, secure, bogus);
    expect(desk.state.failover).toMatchObject({
      status: "changed",
      verification: { wrong: [`ns3.primary.example.net. (${ns3}, bogus: signature-invalid)`] },
    });
  });

  it.each([
    ["insecure", insecure],
    ["not validated", { verdict: "not-checked", code: "not-checked", vantages: [] } as const],
    ["beyond what could be known", { verdict: "indeterminate", code: "no-answer", vantages: [] } as const],
  ])("where the policy requires DNSSEC, right data that is %s is not enough", (_, third) => {
    const desk = changed(required);
    verify(desk, secure, third);
    expect(statusOf(desk)).toBe("changed");
    verify(desk, secure);
    answer(desk);
    expect(desk.events.at(-1)).toMatchObject({ type: "failover-recovered", authenticity: "secure" });
  });

  it.each([
    ["nobody validates", undefined, "not checked"],
    ["all of it is signed", secure, "secure"],
    ["it is unsigned and one vantage saw it", insecure, "unauthenticated"],
    ["it is unsigned and one vantage saw it twice", { ...insecure, vantages: ["office", "office"] }, "unauthenticated"],
    [
      "it is unsigned and two vantages saw it over a stream",
      { ...insecure, vantages: ["office", "cloud1"] },
      "corroborated",
    ],
  ])("an unsigned zone says of itself when %s", (_, all, authenticity) => {
    const desk = changed();
    verify(desk, all);
    answer(desk);
    expect(desk.events.at(-1)).toMatchObject({ type: "failover-recovered", authenticity });
  });

  it("a zone that the monitor finds bogus after the change is not recovered until it is well again", () => {
    const desk = changed(required);
    verify(desk, secure);
    desk.pass(1000);
    desk.surveyed("secure", { [ns3]: "bogus" });
    answer(desk);
    expect(statusOf(desk)).toBe("changed");
    verify(desk, secure);
    expect(statusOf(desk)).toBe("changed");
    desk.pass(1000);
    desk.surveyed("secure");
    verify(desk, secure);
    answer(desk);
    expect(statusOf(desk)).toBe("recovered");
  });
});
