import { describe, expect, it } from "vitest";
import { epochOf } from "../../values/ids.ts";
import { minute } from "../../values/time.ts";
import { Desk } from "../core.fixture.ts";
import { preview } from "../cycle/preview.ts";
import type { Authenticity } from "../integrity/survey.ts";
import type { GateReport } from "./gate.ts";

const ns3 = "203.0.113.3:53";
const required = { zone: { dnssec: "required" } } as const;

/** What a gate says of a person's move to iad. */
function says(desk: Desk, gate: string): GateReport | undefined {
  const { state, world, facts, now } = desk;
  const shown = preview(state, world, facts, now, epochOf(1), { kind: "to", site: "iad" });
  if (!shown.ok) throw new Error(shown.refusal.says);
  return shown.preview.gates.find((report) => report.gate === gate);
}

function deskWith(options: ConstructorParameters<typeof Desk>[0], ...surveyed: Parameters<Desk["surveyed"]>): Desk {
  const desk = new Desk(options);
  desk.surveyed(...surveyed);
  return desk;
}

describe("zone-is-authentic: nobody moves what no validating resolver would see", () => {
  it("refuses people as well while every nameserver that answers is bogus, and names them", () => {
    const desk = deskWith({}, "bogus", { [ns3]: "no-response" });
    const report = says(desk, "zone-is-authentic");
    expect(report).toMatchObject({ kind: "absolute", result: "refuse", code: "zone-bogus" });
    expect(report?.says).toContain("203.0.113.1:53");
    expect(report?.says).not.toContain(ns3);
    expect(desk.ask({ kind: "declare", move: { kind: "to", site: "iad" } })).toMatchObject({
      accepted: false,
      refusal: { code: "zone-bogus" },
    });
  });

  it("passes by a clock in doubt: the fault may be here, and automation holds for it", () => {
    const desk = deskWith({}, "bogus");
    desk.change = { clock: { trustworthy: false, errorMs: 9000, says: "It stepped." } };
    expect(says(desk, "zone-is-authentic")?.result).toBe("pass");
    expect(says(desk, "zone-is-authentic-everywhere")?.result).toBe("warn");
  });

  it("passes where one nameserver is authentic, and where what was said is stale", () => {
    expect(says(deskWith({}, "bogus", { [ns3]: "secure" }), "zone-is-authentic")?.result).toBe("pass");
    const desk = deskWith({}, "bogus");
    desk.pass(4 * minute);
    expect(says(desk, "zone-is-authentic")?.result).toBe("pass");
  });
});

describe("zone-is-authentic-everywhere: automation holds, people are warned and may act", () => {
  it("one of three is bogus: the band is held, a person's move is not", () => {
    const desk = deskWith({}, "secure", { [ns3]: "bogus" });
    desk.lose("fra");
    expect(desk.state.failover).toBeNull();
    expect(desk.events.at(-1)).toMatchObject({ type: "initiative-held", codes: ["zone-bogus-somewhere"] });
    expect(says(desk, "zone-is-authentic-everywhere")).toMatchObject({ result: "warn", code: "zone-bogus-somewhere" });
    expect(desk.ask({ kind: "declare", move: { kind: "to", site: "iad" } }).accepted).toBe(true);
  });

  const unknown: readonly (readonly [string, Authenticity | "unwatched" | "silent", string])[] = [
    ["nobody watches it", "unwatched", "authenticity-unknown"],
    ["no nameserver answers", "silent", "authenticity-unknown"],
    ["its parent does not answer", "indeterminate", "authenticity-unknown"],
    ["the work for it was too much", "unverifiable", "authenticity-unknown"],
    ["it is insecure", "insecure", "zone-insecure"],
  ];
  it.each(unknown)("where the policy requires DNSSEC it holds while %s", (_, verdict, code) => {
    const desk = new Desk(required);
    const silent = { "203.0.113.1:53": "no-response", "203.0.113.2:53": "no-response", [ns3]: "no-response" } as const;
    if (verdict === "silent") desk.surveyed("secure", silent);
    else if (verdict !== "unwatched") desk.surveyed(verdict);
    desk.lose("fra");
    expect(desk.events.at(-1)).toMatchObject({ type: "initiative-held", codes: [code] });
    expect(desk.ask({ kind: "declare", move: { kind: "to", site: "iad" } }).accepted).toBe(true);
  });

  it("where it is not required, what is not known holds nobody", () => {
    for (const verdict of ["insecure", "indeterminate", "unverifiable"] as const) {
      const desk = deskWith({}, verdict);
      desk.lose("fra");
      expect(desk.state.failover?.status).toBe("changing");
    }
  });

  it("silence of some nameservers is no verdict: the move of a lost site goes on", () => {
    const desk = deskWith(required, "secure", { [ns3]: "no-response" });
    desk.lose("fra");
    expect(desk.state.failover?.status).toBe("changing");
  });
});

describe("insecure-after-secure", () => {
  it("holds people too: the mend is the DS, or an open word that it is meant so", () => {
    const desk = deskWith({}, "insecure", {}, { everSecure: true });
    expect(says(desk, "insecure-after-secure")).toMatchObject({ kind: "judgement", result: "refuse" });
    expect(says(desk, "insecure-after-secure")?.mend).toContain("pointsman announce example.com.");
    desk.surveyed("insecure", {}, { everSecure: true, leavingDnssec: true });
    expect(says(desk, "insecure-after-secure")?.result).toBe("pass");
  });
});

it("no alarm of DNS moves a site by itself, whatever it says, while the sites are well", () => {
  const desk = new Desk();
  for (const verdict of ["bogus", "insecure", "indeterminate", "unverifiable"] as const) {
    desk.surveyed(verdict, {}, { everSecure: true });
    desk.pass(minute);
  }
  for (const address of ["203.0.113.1:53", "203.0.113.2:53", ns3]) desk.answers.set(address, "silent");
  desk.pass(10 * minute);
  expect(desk.types().filter((type) => type.startsWith("failover") || type.startsWith("initiative"))).toEqual([]);
});
