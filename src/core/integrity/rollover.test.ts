import { describe, expect, it } from "vitest";
import { add, day, duration, hour, minute } from "../../values/time.ts";
import { bells, ds, insecure, key, ksk, quiet, Sight, signingBySigner, silent, zsk } from "./integrity.fixture.ts";
import type { IntegrityReport } from "./report.ts";
import type { KeyReport } from "./key-stage.ts";
import type { KeySurvey } from "./survey.ts";

const newZsk = key(23, "zsk");
const newKsk = key(12, "ksk");
const foreign = key(99, "zsk");

/** The DNSKEY TTL of an hour, and five minutes until every nameserver has it. */
const readyMs = hour + 5 * minute;

function publish(sight: Sight, keys: readonly KeySurvey[], change: Sight["all"] = {}): void {
  sight.all = { ...sight.all, ...change, keys };
}

function stageOf({ keys }: IntegrityReport, tag: number): KeyReport["stage"] | undefined {
  return keys.find((one) => one.tag === tag)?.stage;
}

function not(one: KeySurvey): KeySurvey {
  return { ...one, signsZone: false, signsKeys: false };
}

describe("a whole rollover by the signer rings nothing at any step, and each key is where RFC 7583 has it", () => {
  it("of a zone key, by pre-publication", () => {
    const sight = new Sight({ signing: signingBySigner() });
    expect(stageOf(sight.look(), 22)).toBe("active");
    publish(sight, [ksk, zsk, not(newZsk)]);
    const first = sight.look();
    expect(stageOf(first, 23)).toBe("published");
    expect(first.expected).toEqual([{ what: "keys", by: "signer", says: "key 23 was added" }]);
    const { next } = first.keys.find(({ tag }) => tag === 23) ?? {};
    expect(next).toMatchObject({ step: "sign", notBefore: add(sight.now, readyMs) });
    expect(bells(first)).toEqual(quiet);
    expect(stageOf(sight.look(readyMs), 23)).toBe("ready");
    publish(sight, [ksk, not(zsk), newZsk]);
    const signed = sight.look();
    expect([stageOf(signed, 22), stageOf(signed, 23)]).toEqual(["retired", "active"]);
    expect(bells(signed)).toEqual(quiet);
    const remove = signed.keys.find(({ tag }) => tag === 22)?.next.notBefore ?? sight.now;
    publish(sight, [ksk, newZsk]);
    const gone = sight.look(remove - sight.now + minute);
    expect(stageOf(gone, 22)).toBe("removed");
    expect(bells(gone)).toEqual(quiet);
    expect(sight.baseline?.keys?.map(({ tag }) => tag)).toEqual([11, 23]);
  });

  it("of a key for the chain of trust, by double signature and CDS", () => {
    const sight = new Sight({ signing: signingBySigner() });
    sight.look();
    publish(sight, [ksk, newKsk, zsk]);
    const published = sight.look();
    expect(stageOf(published, 12)).toBe("published");
    expect(published.keys.find(({ tag }) => tag === 12)?.next.step).toBe("submit-ds");
    publish(sight, [ksk, newKsk, zsk], { cds: [ds(newKsk)] });
    expect(bells(sight.look(readyMs))).toEqual(quiet);
    sight.delegation = { ds: [ds(newKsk)] };
    const swapped = sight.look();
    expect(swapped.expected).toEqual([{ what: "ds", by: "cds", says: "the parent's DS changed" }]);
    expect([stageOf(swapped, 11), stageOf(swapped, 12)]).toEqual(["retired", "active"]);
    publish(sight, [newKsk, zsk]);
    expect(bells(sight.look(2 * day))).toEqual(quiet);
    expect(sight.baseline).toMatchObject({ ds: [ds(newKsk)], keys: [{ tag: 22 }, { tag: 12 }] });
  });

  it("of a zone key, by double signatures: the old key and its signatures go together", () => {
    const sight = new Sight({ signing: signingBySigner() });
    sight.look();
    publish(sight, [ksk, zsk, newZsk]);
    expect(bells(sight.look())).toEqual(quiet);
    sight.look(2 * day);
    publish(sight, [ksk, newZsk]);
    expect(bells(sight.look())).toEqual(quiet);
  });

  it("of a key for the chain of trust, by double DS: the DS comes first", () => {
    const roles = new Map([
      ["ksk", { rolledBy: "signer", method: "double-ds", minAgeMs: duration(0), maxAgeMs: null }],
      ["zsk", { rolledBy: "signer", method: "pre-publication", minAgeMs: duration(0), maxAgeMs: null }],
    ] as const);
    const sight = new Sight({ signing: signingBySigner({ roles }) });
    sight.look();
    publish(sight, [ksk, zsk], { cds: [ds(ksk), ds(newKsk)].toSorted() });
    sight.delegation = { ds: [ds(ksk), ds(newKsk)].toSorted() };
    const known = sight.look();
    expect(bells(known)).toEqual(quiet);
    expect(stageOf(known, 12)).toBe("generated");
    expect(known.keys.find(({ tag }) => tag === 12)?.next).toMatchObject({
      step: "publish",
      notBefore: add(sight.now, readyMs),
    });
    // Both DS are known everywhere: the keys may be exchanged at one stroke (RFC 6781 §4.1.2).
    sight.look(2 * hour);
    publish(sight, [newKsk, zsk], { cds: [ds(newKsk)] });
    const exchanged = sight.look();
    expect(bells(exchanged)).toEqual(quiet);
    expect([stageOf(exchanged, 11), stageOf(exchanged, 12)]).toEqual(["retired", "active"]);
    sight.delegation = { ds: [ds(newKsk)] };
    expect(bells(sight.look(2 * hour))).toEqual(quiet);
  });

  it("of a key by double DS, too early: caches may hold the DS set without it", () => {
    const sight = new Sight({ signing: signingBySigner() });
    sight.look();
    publish(sight, [ksk, zsk], { cds: [ds(ksk), ds(newKsk)].toSorted() });
    sight.delegation = { ds: [ds(ksk), ds(newKsk)].toSorted() };
    sight.look();
    publish(sight, [newKsk, zsk]);
    expect(bells(sight.look()).integrity).toContain("early-removal");
  });

  it("of the algorithm, of one key for both", () => {
    const rule = { rolledBy: "signer", method: "double-signature", minAgeMs: duration(0), maxAgeMs: null } as const;
    const sight = new Sight({ signing: signingBySigner({ algorithms: [13, 15], roles: new Map([["csk", rule]]) }) });
    const [old, next] = [key(31, "csk"), key(32, "csk", { algorithm: 15 })];
    publish(sight, [old], { cds: [ds(old)] });
    sight.delegation = { ds: [ds(old)] };
    sight.look();
    publish(sight, [old, next]);
    expect(bells(sight.look())).toEqual(quiet);
    publish(sight, [old, next], { cds: [ds(next)] });
    expect(bells(sight.look(readyMs))).toEqual(quiet);
    sight.delegation = { ds: [ds(next)] };
    expect(bells(sight.look(hour))).toEqual(quiet);
    publish(sight, [not(old), next]);
    sight.look(2 * day);
    publish(sight, [next]);
    expect(bells(sight.look(2 * day))).toEqual(quiet);
  });

  it("over a restart: what the journal says of a key is enough", () => {
    const sight = new Sight({ signing: signingBySigner() });
    sight.look();
    publish(sight, [ksk, zsk, not(newZsk)]);
    sight.look();
    sight.restart();
    const report = sight.look(readyMs);
    expect(bells(report)).toEqual(quiet);
    expect(stageOf(report, 23)).toBe("ready");
  });
});

function advice(sight: Sight): readonly string[] {
  sight.look();
  const report = sight.look();
  expect(bells(report)).toEqual(quiet);
  return report.advice.map(({ code, about }) => `${code} ${about}`);
}

describe("what lies outside of the declared method and window rings integrity", () => {
  const cases: readonly (readonly [string, string, ConstructorParameters<typeof Sight>[0], (sight: Sight) => void])[] =
    [
      [
        "a foreign key, where nothing is declared",
        "unauthorised-key",
        {},
        (sight) => publish(sight, [ksk, zsk, foreign]),
      ],
      [
        "a key that people roll, unannounced",
        "unauthorised-key",
        { signing: signingBySigner({}, { rolledBy: "person" }) },
        (sight) => publish(sight, [ksk, zsk, newZsk]),
      ],
      [
        "an algorithm that is not declared",
        "unauthorised-key",
        { signing: signingBySigner() },
        (sight) => publish(sight, [ksk, zsk, key(23, "zsk", { algorithm: 8, bits: 2048 })]),
      ],
      [
        "three zone keys at once",
        "unauthorised-key",
        { signing: signingBySigner() },
        (sight) => publish(sight, [ksk, zsk, newZsk, foreign]),
      ],
      [
        "a key sooner than its time",
        "unauthorised-key",
        { signing: signingBySigner({}, { minAgeMs: duration(30 * day) }) },
        (sight) => {
          publish(sight, [ksk, zsk, not(newZsk)]);
          sight.look(31 * day);
          publish(sight, [ksk, newZsk]);
          sight.look(2 * day);
          publish(sight, [ksk, newZsk, foreign]);
        },
      ],
      [
        "a set that no trusted key signs",
        "unauthorised-key",
        { signing: signingBySigner() },
        (sight) => publish(sight, [ksk, foreign], { finding: insecure }),
      ],
      ["a key that is gone, unexplained", "unauthorised-key", {}, (sight) => publish(sight, [ksk])],
      [
        "the DS swapped before caches know the key",
        "early-ds-swap",
        { signing: signingBySigner() },
        (sight) => {
          publish(sight, [ksk, newKsk, zsk], { cds: [ds(newKsk)] });
          sight.look();
          sight.delegation = { ds: [ds(newKsk)] };
        },
      ],
      [
        "a DS that nobody asked for",
        "unauthorised-ds",
        { signing: signingBySigner() },
        (sight) => (sight.delegation = { ds: [ds(ksk), ds(foreign)] }),
      ],
      [
        "a DS without its DNSKEY",
        "ds-without-key",
        { signing: signingBySigner() },
        (sight) => (sight.delegation = { ds: [ds(newKsk)] }),
      ],
      [
        "a zone key that signs alone before caches know it",
        "early-signing",
        { signing: signingBySigner() },
        (sight) => publish(sight, [ksk, not(zsk), newZsk]),
      ],
      [
        "a key taken away while it signs",
        "early-removal",
        { signing: signingBySigner() },
        (sight) => {
          publish(sight, [ksk, zsk, not(newZsk)]);
          sight.look(day);
          publish(sight, [ksk, newZsk]);
        },
      ],
      [
        "a CDS that the parent does not follow",
        "cds-stuck",
        { signing: signingBySigner() },
        (sight) => {
          publish(sight, [ksk, newKsk, zsk], { cds: [ds(newKsk)] });
          sight.look(readyMs);
          expect(bells(sight.look(day))).toEqual(quiet);
          sight.now = add(sight.now, 2 * day);
        },
      ],
    ];

  it.each(cases)("%s: %s", (_, code, expectation, happens) => {
    const sight = new Sight(expectation);
    sight.look();
    happens(sight);
    const report = sight.look();
    expect(bells(report).integrity).toContain(code);
    expect(bells(report).availability).toEqual([]);
    const found = report.integrity.find((one) => one.code === code);
    expect(`${found?.says} ${found?.mend}`).toMatch(/^\S.*\. \S.*\.$/s);
  });

  it("a foreign key goes on ringing, and is what should be seen only once somebody said so", () => {
    const sight = new Sight({ signing: signingBySigner({}, { rolledBy: "person" }) });
    sight.look();
    publish(sight, [ksk, zsk, newZsk]);
    for (let round = 0; round < 5; round += 1) expect(bells(sight.look(day)).integrity).toEqual(["unauthorised-key"]);
    sight.announce("rollover", hour);
    const report = sight.look();
    expect(bells(report)).toEqual(quiet);
    expect(report.expected).toMatchObject([{ what: "keys", by: "announced" }]);
    expect(bells(sight.look(2 * hour))).toEqual(quiet);
    publish(sight, [ksk, zsk, newZsk, foreign]);
    expect(bells(sight.look()).integrity).toEqual(["unauthorised-key"]);
  });

  it("while nobody can tell whether a set is authentic, nothing is said of its keys", () => {
    const sight = new Sight({ signing: signingBySigner() });
    sight.look();
    publish(sight, [ksk, zsk, newZsk], {
      finding: { authenticity: "indeterminate", code: "no-answer", says: "The parent is silent." },
    });
    sight.delegation = { ns: null, ds: null, dsTtlMs: null };
    expect(bells(sight.look()).integrity).toEqual([]);
    expect(sight.baseline?.keys?.map(({ tag }) => tag)).toEqual([11, 22]);
  });

  it("CDS and CDNSKEY that ask for other things, or one of them for none", () => {
    const sight = new Sight();
    sight.look();
    sight.all = { cds: ["0000000000"], cdnskey: ["0101030d00"] };
    expect(bells(sight.look()).integrity).toEqual(["cds-cdnskey-disagree"]);
    sight.all = { cds: [ds(ksk)], cdnskey: [] };
    expect(bells(sight.look()).integrity).toEqual([]);
  });
});

describe("advice rings nothing", () => {
  it.each([
    ["RSA/SHA-1", { algorithm: 5, bits: 2048 }],
    ["RSA of 1024 bits", { algorithm: 8, bits: 1024 }],
    ["RSA/SHA-512", { algorithm: 10, bits: 4096 }],
  ])("on a key of %s", (_, change) => {
    const sight = new Sight();
    sight.all = { keys: [ksk, key(22, "zsk", change)] };
    expect(advice(sight)).toEqual(["weak-key key 22"]);
  });

  it("on a DS of SHA-1, a missing standby key, an old key, and key material of another zone", () => {
    const signing = signingBySigner({ standby: 1 }, { maxAgeMs: duration(30 * day) });
    const sight = new Sight({ signing, keysElsewhere: new Map([[zsk.fingerprint, ["example.net."]]]) });
    sight.delegation = { ds: [ds(ksk, 1), ds(ksk)] };
    expect(advice(sight)).toEqual(["key-shared key 22", "weak-digest parent", "standby-missing zone"]);
    sight.all = { keys: [ksk, not(newKsk), zsk] };
    const report = sight.look(31 * day);
    expect(report.advice.map(({ code }) => code)).toEqual(["key-too-old", "key-shared", "key-too-old", "weak-digest"]);
  });

  it("on providers whose keys do not know each other (RFC 8901)", () => {
    const sight = new Sight();
    sight.each.set(2, { provider: "second", keys: [ksk, newZsk] });
    const codes = advice(sight);
    expect(codes).toEqual(["providers-strangers provider primary", "providers-strangers provider second"]);
    const known = new Sight();
    known.all = { keys: [ksk, zsk, not(newZsk)] };
    known.each.set(2, { provider: "second", keys: [ksk, not(zsk), newZsk] });
    expect(advice(known)).toEqual([]);
  });
});

it("a zone none of whose nameservers answers keeps what is known of its keys", () => {
  const sight = new Sight();
  sight.look();
  sight.all = silent();
  const report = sight.look(day);
  expect(report.keys.map(({ tag, stage }) => [tag, stage])).toEqual([
    [11, "active"],
    [22, "active"],
  ]);
  expect(report.baseline).toBeNull();
});
