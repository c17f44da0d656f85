import { describe, expect, it } from "vitest";
import { now } from "../../../test/api/fake-operations.ts";
import type { ZoneServerFacts } from "../../core/integrity/zone-facts.ts";
import { instant, minute } from "../../values/time.ts";
import { recordAuthenticity } from "./record-authenticity.ts";

const record = { zone: "example.com.", view: "public" } as const;

function said(number: number, change: Partial<ZoneServerFacts> = {}): ZoneServerFacts {
  const address = `192.0.2.${number}:53`;
  const place = { provider: "primary", nameserver: `ns${number}.example.net.`, address, vantage: "office" };
  return { ...place, answers: true, authenticity: "secure", code: "secure", at: now, ...change };
}

function of(...servers: readonly ZoneServerFacts[]): ReturnType<typeof recordAuthenticity> {
  const zones = [{ ...record, everSecure: true, leavingDnssec: false, freshForMs: 3 * minute, servers }];
  return recordAuthenticity(record, { zones }, now);
}

describe("the authenticity of a record", () => {
  it("is secure when all that answer say so, and silence is no verdict", () => {
    expect(of(said(1), said(2, { answers: false, authenticity: "indeterminate" }))).toMatchObject({
      verdict: "secure",
      heard: 1,
    });
  });

  it("is bogus where one of three is, and names it: never an average", () => {
    expect(of(said(1), said(2), said(3, { authenticity: "bogus", code: "signature-expired" }))).toEqual({
      verdict: "bogus",
      at: ["ns3.example.net. (192.0.2.3:53, signature-expired)"],
      heard: 3,
    });
  });

  it("is not checked when nobody looked, or only long ago", () => {
    expect(recordAuthenticity(record, { zones: [] }, now).verdict).toBe("not checked");
    expect(of(said(1, { at: instant(now - 4 * minute) })).verdict).toBe("not checked");
  });
});
