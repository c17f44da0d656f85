import { describe, expect, it } from "vitest";
import { add, hour, minute } from "../../values/time.ts";
import { Desk } from "../core.fixture.ts";
import { rrset, type RRset } from "../plan/rrset.ts";
import type { Policy } from "../policy/policy.ts";
import { surveyTargets } from "./expected-of.ts";
import { judgeResolver } from "./resolver-judgement.ts";
import type { ResolverAnswer, ResolverSurvey } from "./resolver-survey.ts";

const desk = new Desk();
const policy: Policy = {
  ...desk.policy,
  zones: new Map([...desk.policy.zones].map(([name, zone]) => [name, { ...zone, dnssec: "required" }])),
  resolvers: new Map([
    [
      "office",
      { id: "office", view: "public", endpoint: { address: "192.0.2.53", port: 53 }, channel: { via: "udp" } },
    ],
  ]),
};
const [target] = surveyTargets(policy);
const { zone = "" } = target ?? {};
const [first = { name: "", type: "" }] = target?.watched ?? [];
const [record = ""] = desk.service.records.keys();
const standing = desk.state.baseline.get(record) ?? "absent";
const old = rrset(60, ["c6336463"]);

function judged(
  answer: Partial<ResolverAnswer> = {},
  broken: ResolverSurvey["broken"] = { outcome: "validates", code: "servfail" },
  afterMs: number = hour,
) {
  const state = { ...desk.state, earlier: new Map([[record, [old]]]) };
  const survey: ResolverSurvey = {
    resolver: "office",
    vantage: "here",
    at: add(state.baselineAt, afterMs),
    broken,
    watched: [{ zone, ...first, outcome: "answer", code: null, rrset: standing, authenticated: true, ...answer }],
  };
  const report = judgeResolver(policy, survey, new Map([[desk.service.id, state]]));
  return {
    validation: report?.validation,
    view: report?.watched[0]?.view,
    ttlLeft: report?.watched[0]?.ttlLeft,
    findings: report?.findings.map(({ code, bell }) => `${code} ${bell}`),
  };
}

function withTtl(set: RRset, ttl: number): RRset {
  return { ...set, ttl };
}

describe("a resolver", () => {
  it("that refuses what is broken and answers as the journal says has nothing to find", () => {
    expect(standing).not.toBe("absent");
    expect(judged()).toMatchObject({ validation: "validating", view: "as-expected", findings: [] });
  });

  it("that answers the broken name is not validating: advice, and no alarm", () => {
    const found = judged({ authenticated: false }, { outcome: "answers", code: null });
    expect(found).toMatchObject({ validation: "not-validating", findings: ["not-validating advice"] });
  });

  it.each([
    ["no-response", "no-response"],
    ["unclear", "unclear"],
    ["not-asked", "not-checked"],
  ] as const)("whose way with the broken name is %s is neither validating nor not", (outcome, validation) => {
    expect(judged({ authenticated: false }, { outcome, code: null })).toMatchObject({ validation, findings: [] });
  });

  it("that is wholly silent is told of once, and nothing is said of what it would answer", () => {
    const found = judged(
      { outcome: "no-response", code: "timeout", rrset: null },
      { outcome: "no-response", code: "timeout" },
    );
    expect(found.findings).toEqual(["resolver-no-response availability"]);
  });

  it("with what stood before is in the tail while its TTL lasts, and behind afterwards", () => {
    const tail = judged({ rrset: withTtl(old, 17) }, undefined, minute);
    expect(tail).toMatchObject({ view: "behind", ttlLeft: 17, findings: [] });
    const behind = judged({ rrset: withTtl(old, 17) }, undefined, 3 * minute);
    expect(behind).toMatchObject({ view: "behind", findings: ["resolver-behind availability"] });
  });

  it("with what no entry explains never rings integrity: it is not the zone that says so", () => {
    const found = judged({ rrset: rrset(60, ["c0000263"]) });
    expect(found).toMatchObject({ view: "other", findings: ["resolver-differs availability"] });
  });

  it("that refuses a good name keeps its users from it", () => {
    const found = judged({ outcome: "unusable", code: "servfail", rrset: null, authenticated: false });
    expect(found).toMatchObject({ view: "no-answer", findings: ["resolver-no-answer availability"] });
  });

  it("that validates, and not this zone, is advice where DNSSEC is required", () => {
    expect(judged({ authenticated: false }).findings).toEqual(["resolver-unauthenticated advice"]);
  });

  it("that the policy does not list says nothing", () => {
    const stranger = { ...policy, resolvers: new Map() };
    const survey = {
      resolver: "office",
      vantage: "here",
      at: desk.now,
      broken: { outcome: "not-asked", code: null },
    } as const;
    expect(judgeResolver(stranger, { ...survey, watched: [] }, new Map())).toBeUndefined();
  });
});
