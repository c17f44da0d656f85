import fc from "fast-check";
import type { RRset } from "../plan/rrset.ts";
import { describe, expect, it } from "vitest";
import { add, day, hour, instant, minute } from "../../values/time.ts";
import {
  bells,
  bogus,
  classes,
  insecure,
  key,
  ksk,
  other,
  quiet,
  right,
  secure,
  Sight,
  silent,
  zsk,
} from "./integrity.fixture.ts";
import type { ServerClass } from "./report.ts";
import type { ServerSurvey } from "./survey.ts";

const foreign = key(99, "zsk");
const login = { name: "login.example.com.", type: "A", finding: secure, inception: null, expiration: null } as const;
const indeterminate = { authenticity: "indeterminate", code: "no-answer", says: "The parent is silent." } as const;
const expired = { authenticity: "bogus", code: "signature-expired", says: "It ended on Monday." } as const;

describe("a zone that is as it should be", () => {
  it("is ok everywhere and rings nothing; what was seen first becomes what should be seen, once", () => {
    const sight = new Sight();
    const first = sight.look();
    expect(classes(first)).toEqual(["ok", "ok", "ok"]);
    expect(bells(first)).toEqual(quiet);
    expect(first.baseline).toMatchObject({ secure: true, keys: [{ tag: 11 }, { tag: 22 }] });
    expect(sight.look().baseline).toBeNull();
  });
});

describe("one of three nameservers is classed by what is worst there, and the others stay ok", () => {
  const cases: readonly (readonly [
    ServerClass,
    "availability" | "integrity" | "advice",
    string,
    Partial<ServerSurvey>,
  ])[] = [
    ["no-response", "availability", "silent", silent()],
    ["no-response", "availability", "without a route from here", silent("no-route")],
    ["lame", "availability", "not serving the zone", silent("lame")],
    ["lame", "availability", "answering what cannot be read", silent("malformed")],
    ["bogus", "integrity", "bogus", { finding: bogus }],
    ["bogus", "integrity", "with an empty zone", { finding: { ...bogus, code: "no-dnskey" }, keys: [], watched: [] }],
    ["bogus", "integrity", "bogus in one RRset alone", { watched: [{ ...login, rrset: right, finding: bogus }] }],
    ["insecure-after-secure", "integrity", "insecure after secure", { finding: insecure }],
    ["unauthorised", "integrity", "with other NS", { ns: ["ns.evil.example."] }],
    ["unauthorised", "integrity", "with a key that nothing explains", { keys: [ksk, zsk, foreign] }],
    ["unauthorised", "integrity", "with an RRset that no entry explains", { watched: [{ ...login, rrset: other }] }],
    ["unauthorised", "integrity", "without a watched RRset", { watched: [{ ...login, rrset: "absent" }] }],
    ["unverified", "availability", "beyond what can be known", { finding: indeterminate }],
    ["divergent", "availability", "with other data under the same serial", { cds: ["0000000000"] }],
    [
      "expiring",
      "integrity",
      "about to have no valid signature",
      { signedUntil: instant(1_790_000_000_000 + 20 * hour) },
    ],
  ];
  it.each(cases)("%s, of %s: %s", (expected, bell, _, change) => {
    const sight = new Sight();
    sight.look();
    sight.each.set(2, change);
    const report = sight.look();
    expect(classes(report)).toEqual(["ok", "ok", expected]);
    expect(report.servers[2]?.findings.every((finding) => finding.bell === bell)).toBe(true);
    expect(report[bell].length).toBeGreaterThan(0);
    expect(bells(report)[bell === "integrity" ? "availability" : "integrity"]).toEqual([]);
    for (const { says, mend } of report[bell]) expect(`${says} ${mend}`).toMatch(/^[A-Z0-9a-z].*\.\S* \S.*$/s);
  });

  it("stale: behind the others of its provider for longer than refresh, not a moment before, with what is left", () => {
    const sight = new Sight();
    sight.look();
    const soa = { serial: 8, refreshMs: hour, retryMs: minute, expireMs: 14 * day };
    sight.all = { soa };
    sight.each.set(2, { soa: { ...soa, serial: 7 } });
    expect(classes(sight.look())).toEqual(["ok", "ok", "ok"]);
    expect(classes(sight.look(hour))).toEqual(["ok", "ok", "ok"]);
    const report = sight.look(minute);
    expect(classes(report)).toEqual(["ok", "ok", "stale"]);
    expect(report.availability).toMatchObject([{ code: "stale", figures: { behindMs: hour + minute, newest: 8 } }]);
    expect(bells(report).integrity).toEqual([]);
    sight.each.clear();
    expect(bells(sight.look())).toEqual(quiet);
  });

  it("stale at once where the copy is about to expire, and serials are compared around the wrap", () => {
    const sight = new Sight();
    const soa = { serial: 3, refreshMs: hour, retryMs: minute, expireMs: 20 * minute };
    sight.all = { soa };
    sight.each.set(0, { soa: { ...soa, serial: 2 ** 32 - 5 } });
    sight.look();
    expect(classes(sight.look(16 * minute))).toEqual(["stale", "ok", "ok"]);
  });

  it("two of three silent is availability alone", () => {
    const sight = new Sight();
    sight.look();
    for (const index of [0, 1]) sight.each.set(index, silent());
    const report = sight.look();
    expect(classes(report)).toEqual(["no-response", "no-response", "ok"]);
    expect(bells(report)).toEqual({ availability: ["no-response"], integrity: [] });
  });

  it("the worst comes first: bogus before unauthorised, and that before divergent", () => {
    const sight = new Sight();
    sight.look();
    sight.each.set(0, { finding: bogus, ns: ["ns.evil.example."], watched: [{ ...login, rrset: other }] });
    sight.each.set(1, { watched: [{ ...login, rrset: other }] });
    expect(classes(sight.look()).slice(0, 2)).toEqual(["bogus", "unauthorised"]);
  });
});

it("lack of answers never rings integrity, whoever is silent and in which way", () => {
  const outcome = fc.constantFrom("answer", "no-response", "lame", "malformed", "no-route");
  const rounds = fc.array(fc.tuple(outcome, outcome, outcome, fc.boolean(), fc.integer({ min: 1, max: 100 * hour })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(rounds, (all) => {
      const sight = new Sight();
      sight.look();
      for (const [a, b, c, parent, ms] of all) {
        for (const [index, one] of [a, b, c].entries()) sight.each.set(index, one === "answer" ? {} : silent(one));
        sight.delegation = parent ? {} : { ns: null, ds: null, dsTtlMs: null, finding: indeterminate };
        expect(bells(sight.look(ms)).integrity).toEqual([]);
      }
    }),
    { seed: 20_261_122, numRuns: 300 },
  );
});

describe("what the policy and people say", () => {
  it("an insecure zone is no alarm where DNSSEC is not required and it never was secure", () => {
    const sight = new Sight({ dnssec: "unsigned" });
    sight.all = { finding: insecure, keys: [], watched: [{ ...login, rrset: right, finding: insecure }] };
    sight.delegation = { ds: [] };
    expect(bells(sight.look())).toEqual(quiet);
    sight.expectation = { ...sight.expectation, dnssec: "required" };
    expect(bells(sight.look()).integrity).toEqual(["insecure-where-required"]);
  });

  it("unsigning that was announced rings nothing, and the zone is not held to DNSSEC afterwards", () => {
    const sight = new Sight({ dnssec: "unsigned" });
    sight.look();
    sight.announce("unsigning", day);
    sight.all = { finding: insecure, keys: [], watched: [{ ...login, rrset: right, finding: insecure }] };
    sight.delegation = { ds: [] };
    expect(bells(sight.look())).toEqual(quiet);
    expect(sight.baseline).toMatchObject({ secure: false, ds: [], keys: [] });
    expect(bells(sight.look(2 * day))).toEqual(quiet);
  });

  it("NS that change here and at the parent ring unless it was announced; then the new ones are what should be seen", () => {
    const ns = ["ns1.example.net.", "ns4.example.net."];
    for (const foretold of [false, true]) {
      const sight = new Sight();
      sight.look();
      if (foretold) sight.announce("delegation", hour);
      sight.all = { ns };
      sight.delegation = { ns };
      const report = sight.look();
      expect(bells(report).integrity).toEqual(foretold ? [] : ["unauthorised-delegation", "unauthorised-ns"]);
      expect(report.expected.map(({ what }) => what)).toEqual(foretold ? ["ns", "parent-ns"] : []);
      expect(bells(sight.look(2 * hour)).integrity.length === 0).toBe(foretold);
    }
  });

  it("DS taken away at the parent: insecure after secure at every server, and unauthorised at the parent", () => {
    const sight = new Sight();
    sight.look();
    sight.delegation = { ds: [] };
    sight.all = { finding: insecure };
    const report = sight.look();
    expect(classes(report)).toEqual(Array(3).fill("insecure-after-secure"));
    expect(bells(report)).toEqual({ availability: [], integrity: ["insecure-after-secure", "unauthorised-ds"] });
  });

  it("a failover on its way is explained: before and after are both right, an old value only where the server is behind", () => {
    const sight = new Sight();
    sight.look();
    const [watched] = sight.expectation.watched;
    if (watched === undefined) throw new Error("nothing is watched");
    sight.expectation = { ...sight.expectation, watched: [{ ...watched, current: [right, other] }] };
    sight.each.set(0, {
      soa: { serial: 8, refreshMs: hour, retryMs: minute, expireMs: day },
      watched: [{ ...login, rrset: other }],
    });
    expect(classes(sight.look())).toEqual(["ok", "ok", "ok"]);
    sight.expectation = {
      ...sight.expectation,
      watched: [{ ...watched, current: [other], earlier: [right], since: sight.now }],
    };
    expect(classes(sight.look(5 * minute))).toEqual(["ok", "ok", "ok"]);
    // As new as the others, and an earlier value all the same: somebody put it back.
    sight.each.set(1, { soa: { serial: 8, refreshMs: hour, retryMs: minute, expireMs: day } });
    expect(classes(sight.look())).toEqual(["ok", "unauthorised", "ok"]);
  });
});

describe("replay inside validity: an old zone, whole and signed, is found by memory alone", () => {
  const soa = { serial: 7, refreshMs: 10 * minute, retryMs: minute, expireMs: 14 * day };

  it("by its serial, at all nameservers at once", () => {
    const sight = new Sight();
    sight.all = { soa };
    sight.look();
    sight.look(hour);
    sight.all = { soa: { ...soa, serial: 6 } };
    const report = sight.look();
    expect(classes(report)).toEqual(Array(3).fill("unauthorised"));
    expect(bells(report)).toEqual({ availability: [], integrity: ["replayed"] });
  });

  it("by the beginning of its signatures, under the same serial", () => {
    const sight = new Sight();
    sight.look();
    sight.each.set(1, { signedFrom: add(sight.now, -6 * day) });
    expect(bells(sight.look(hour))).toEqual({ availability: [], integrity: ["replayed"] });
  });

  it("not while instances behind one address may still follow one another, and not when the zone was made anew as announced", () => {
    const sight = new Sight();
    sight.all = { soa };
    sight.look();
    sight.each.set(0, { soa: { ...soa, serial: 8 } });
    sight.look();
    sight.each.clear();
    expect(bells(sight.look())).toEqual(quiet);
    sight.announce("migration", hour);
    sight.all = { soa: { ...soa, serial: 1 } };
    expect(bells(sight.look(30 * minute))).toEqual(quiet);
    expect(bells(sight.look(2 * hour))).toEqual(quiet);
  });
});

describe("vantages and views", () => {
  it("one server that is right for one vantage and wrong for another is split, and both are named", () => {
    for (const change of [{ finding: bogus }, { keys: [ksk, foreign] }, { watched: [{ ...login, rrset: other }] }]) {
      const sight = new Sight();
      sight.look(minute, "office");
      sight.each.set(2, change);
      const report = sight.look(minute, "cloud");
      const split = report.integrity.find(({ code }) => code === "integrity-split");
      expect(split).toMatchObject({ figures: { right: ["office"], wrong: ["cloud"] } });
      sight.each.clear();
      expect(bells(sight.look(minute, "office")).integrity).toEqual(["integrity-split"]);
      expect(bells(sight.look(minute, "cloud")).integrity).toEqual([]);
    }
  });

  it("an answer that is steered by vantage is right where it is expected, and unauthorised elsewhere", () => {
    const sight = new Sight();
    const [watched] = sight.expectation.watched;
    if (watched === undefined) throw new Error("nothing is watched");
    sight.expectation = { ...sight.expectation, watched: [{ ...watched, byVantage: { cloud: [other] } }] };
    sight.look(minute, "office");
    sight.all = { watched: [{ ...login, rrset: other }] };
    expect(bells(sight.look(minute, "cloud"))).toEqual(quiet);
    expect(bells(sight.look(minute, "office")).integrity).toContain("unauthorised-rrset");
  });

  it("an answer of another view leaked", () => {
    const sight = new Sight({ otherViews: [{ view: "inside", name: login.name, type: "A", rrset: other }] });
    sight.look();
    sight.each.set(0, { watched: [{ ...login, rrset: other }] });
    expect(bells(sight.look()).integrity).toEqual(["view-leak"]);
  });
});

describe("what other views steer at names of this one", () => {
  const inside = { name: "db.example.com.", type: "A" };
  const leaky = { otherViews: [{ view: "inside", ...inside, rrset: other }] };

  it("leaks where it is answered, and is nothing where something else is", () => {
    const sight = new Sight(leaky);
    const here = { ...login, rrset: right };
    sight.all = { watched: [here, { ...here, ...inside, rrset: "absent" }] };
    sight.look();
    expect(bells(sight.look())).toEqual(quiet);
    sight.each.set(0, { watched: [here, { ...here, ...inside, rrset: other }] });
    const report = sight.look();
    expect(bells(report).integrity).toEqual(["view-leak"]);
    expect(report.integrity[0]).toMatchObject({ figures: { view: "inside", name: "db.example.com." } });
  });
});

it("a steered wildcard that is right at its own name, and wrong at a label that it answers for, is unauthorised", () => {
  const star = { name: "*.example.com.", type: "A" } as const;
  const sight = new Sight();
  sight.expectation = { ...sight.expectation, watched: sight.expectation.watched.map((one) => ({ ...one, ...star })) };
  const asked = (rrset: RRset | "absent") => [
    { ...login, ...star, rrset: right },
    { ...login, ...star, at: "fresh label" as const, rrset },
  ];
  sight.all = { watched: asked(right) };
  expect(bells(sight.look())).toEqual(quiet);
  sight.each.set(1, { watched: asked("absent") });
  const report = sight.look();
  expect(report.integrity).toMatchObject([
    { code: "unauthorised-rrset", about: expect.stringMatching(/\*\.example\.com\. A at a fresh label$/) },
  ]);
});

describe("a clock that is wrong here", () => {
  it("is found out, and not blamed on the zone", () => {
    const sight = new Sight();
    sight.look();
    sight.expectation = {
      ...sight.expectation,
      clock: { trustworthy: false, errorMs: 9000, says: "It stepped by 9 s." },
    };
    sight.all = { finding: expired };
    const report = sight.look();
    expect(classes(report)).toEqual(Array(3).fill("clock-doubtful"));
    expect(bells(report)).toEqual(quiet);
    // What time has nothing to do with is bogus by any clock.
    sight.all = { finding: bogus };
    expect(classes(sight.look())).toEqual(Array(3).fill("bogus"));
  });

  it("and by a clock that is right, an expired signature is bogus", () => {
    const sight = new Sight();
    sight.look();
    sight.each.set(0, { finding: expired });
    expect(classes(sight.look())).toEqual(["bogus", "ok", "ok"]);
  });
});

it("a zone that is bogus when it is seen first teaches nothing", () => {
  const sight = new Sight();
  sight.all = { finding: bogus };
  expect(sight.look().baseline).toBeNull();
  sight.all = {};
  sight.each.set(0, { finding: bogus, ns: ["ns.evil.example."], keys: [foreign] });
  const report = sight.look();
  expect(report.baseline).toMatchObject({ secure: true });
  expect(report.baseline?.keys?.map(({ tag }) => tag)).toEqual([11, 22]);
});
