import { describe, expect, it } from "vitest";
import { toBase32Hex } from "../../wire/base32hex.ts";
import { proveNoCloserName, proveNoData, proveNoDs, proveNoName, type DenialRecords } from "./index.ts";
import { nsec3Hash } from "./nsec3-hash.ts";
import { HashAllowance, nameOf, readable, recordsOf, typeOf } from "./records.fixture.ts";

// The hashes of RFC 5155 appendix A: 12 iterations, salt aabbccdd.
const published = [
  ["example.", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom"],
  ["a.example.", "35mthgpgcu1qg68fab165klnsnk3dpvl"],
  ["ai.example.", "gjeqe526plbf1g8mklp59enfd789njgi"],
  ["ns1.example.", "2t7b4g4vsa5smi47k61mv5bv1a22bojr"],
  ["ns2.example.", "q04jkcevqvmu85r014c7dkba38o0ji5r"],
  ["w.example.", "k8udemvp1j2f7eg6jebps17vp3n8i58h"],
  ["*.w.example.", "r53bq7cc2uvmubfu5ocmm6pers9tk9en"],
  ["x.w.example.", "b4um86eghhds6nea196smvmlo4ors995"],
  ["y.w.example.", "ji6neoaepv8b5o6k4ev33abha8ht9fgc"],
  ["x.y.w.example.", "2vptu5timamqttgl4luu9kg21e0aor3s"],
  ["xx.example.", "t644ebqk9bibcna874givr6joj62mlhv"],
  ["2t7b4g4vsa5smi47k61mv5bv1a22bojr.example.", "kohar7mbb8dc2ce8a9qvl8hon4k53uhi"],
  ["c.x.w.example.", "0va5bpr2ou0vk0lbqeeljri88laipsfh"],
  ["*.x.w.example.", "92pqneegtaue7pjatc3l3qnk738c6v5m"],
];

// The chain of appendix A, each name of it by what it is the hash of; all of it opt-out.
const chain = {
  apex: "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. 1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG",
  ns1: "2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. 1 1 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG",
  xyw: "2vptu5timamqttgl4luu9kg21e0aor3s.example. 1 1 12 aabbccdd 35mthgpgcu1qg68fab165klnsnk3dpvl MX RRSIG",
  a: "35mthgpgcu1qg68fab165klnsnk3dpvl.example. 1 1 12 aabbccdd b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG",
  xw: "b4um86eghhds6nea196smvmlo4ors995.example. 1 1 12 aabbccdd gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG",
  ai: "gjeqe526plbf1g8mklp59enfd789njgi.example. 1 1 12 aabbccdd ji6neoaepv8b5o6k4ev33abha8ht9fgc HINFO A AAAA RRSIG",
  yw: "ji6neoaepv8b5o6k4ev33abha8ht9fgc.example. 1 1 12 aabbccdd k8udemvp1j2f7eg6jebps17vp3n8i58h",
  w: "k8udemvp1j2f7eg6jebps17vp3n8i58h.example. 1 1 12 aabbccdd kohar7mbb8dc2ce8a9qvl8hon4k53uhi",
  hashed: "kohar7mbb8dc2ce8a9qvl8hon4k53uhi.example. 1 1 12 aabbccdd q04jkcevqvmu85r014c7dkba38o0ji5r A RRSIG",
  ns2: "q04jkcevqvmu85r014c7dkba38o0ji5r.example. 1 1 12 aabbccdd r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG",
  wildcard: "r53bq7cc2uvmubfu5ocmm6pers9tk9en.example. 1 1 12 aabbccdd t644ebqk9bibcna874givr6joj62mlhv MX RRSIG",
  xx: "t644ebqk9bibcna874givr6joj62mlhv.example. 1 1 12 aabbccdd 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom HINFO A AAAA RRSIG",
};

const of = (...nsec3: readonly string[]): DenialRecords => recordsOf("example.", { nsec3 });
const all = of(...Object.values(chain));
/** The same chain as a zone without opt-out would have it. */
const withoutOptOut = (...nsec3: readonly string[]): DenialRecords =>
  of(...nsec3.map((text) => text.replace(" 1 1 12 ", " 1 0 12 ")));

const noName = (records: DenialRecords, name: string) =>
  readable(proveNoName(records, nameOf(name), new HashAllowance()));
const noData = (records: DenialRecords, name: string, type: string) =>
  readable(proveNoData(records, nameOf(name), typeOf(type), new HashAllowance()));
const noDs = (records: DenialRecords, name: string) => readable(proveNoDs(records, nameOf(name), new HashAllowance()));
const noCloser = (records: DenialRecords, name: string, wildcard: string) =>
  readable(proveNoCloserName(records, nameOf(name), nameOf(wildcard), new HashAllowance()));

const proven = { proved: true, optOut: false, wildcard: null };
const incomplete = { proved: false, code: "denial-incomplete" };

it.each(published)("the hash of %s is the one that RFC 5155 appendix A publishes", (name, hash) => {
  const salt = Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd);
  expect(toBase32Hex(nsec3Hash(nameOf(name), salt, 12))).toBe(hash);
  expect(toBase32Hex(nsec3Hash(nameOf(name.toUpperCase()), salt, 12))).toBe(hash);
});

describe("the denials of RFC 5155 appendix B", () => {
  it("B.1: a name error needs the closest encloser, the next closer's gap and the wildcard's gap", () => {
    const [closer, encloser, wildcard] = [chain.apex, chain.xw, chain.a];
    expect(noName(of(closer, encloser, wildcard), "a.c.x.w.example.")).toEqual({ ...proven, optOut: true });
    expect(noName(withoutOptOut(closer, encloser, wildcard), "a.c.x.w.example.")).toEqual(proven);
    expect(noName(of(encloser, wildcard), "a.c.x.w.example.")).toMatchObject(incomplete);
    expect(noName(of(closer, wildcard), "a.c.x.w.example.")).toMatchObject(incomplete);
    expect(noName(of(closer, encloser), "a.c.x.w.example.")).toMatchObject(incomplete);
  });

  it("B.2: no data", () => {
    expect(noData(of(chain.ns1), "ns1.example.", "MX")).toEqual(proven);
    expect(noData(of(chain.ns1), "ns1.example.", "A")).toMatchObject({ code: "answer-contradicts-itself" });
  });

  it("B.2.1: no data at an empty non-terminal", () => {
    expect(noData(of(chain.yw), "y.w.example.", "A")).toEqual(proven);
    expect(noData(of(chain.yw), "y.w.example.", "ANY")).toEqual(proven);
    expect(noDs(of(chain.yw), "y.w.example.")).toEqual({ ...proven, kind: "not-a-cut" });
    expect(noName(all, "y.w.example.")).toMatchObject({ proved: false, code: "answer-contradicts-itself" });
  });

  it("B.3: a referral to an unsigned zone by opt-out", () => {
    const optOut = { ...proven, optOut: true, kind: "opt-out" };
    expect(noDs(of(chain.a, chain.apex), "c.example.")).toEqual(optOut);
    expect(noDs(of(chain.a, chain.apex), "mc.c.example.")).toEqual(optOut);
    expect(noDs(of(chain.a), "c.example.")).toMatchObject(incomplete);
    expect(noDs(of(chain.apex), "c.example.")).toMatchObject(incomplete);
    expect(noDs(withoutOptOut(chain.a, chain.apex), "c.example.")).toMatchObject(incomplete);
  });

  it("B.4: a wildcard answer needs the next closer's gap", () => {
    const wildcard = { ...proven, wildcard: "*.w.example." };
    expect(noCloser(withoutOptOut(chain.ns2), "a.z.w.example.", "*.w.example.")).toEqual(wildcard);
    expect(noCloser(of(chain.ns2), "a.z.w.example.", "*.w.example.")).toEqual({ ...wildcard, optOut: true });
    expect(noCloser(of(chain.apex), "a.z.w.example.", "*.w.example.")).toMatchObject(incomplete);
    expect(noCloser(all, "a.x.w.example.", "*.w.example.")).toMatchObject({ code: "answer-contradicts-itself" });
    expect(noCloser(all, "*.w.example.", "*.w.example.")).toMatchObject(incomplete);
  });

  it("B.5: wildcard no data needs the closest encloser, the next closer's gap and the wildcard's types", () => {
    const [encloser, closer, wildcard] = [chain.w, chain.ns2, chain.wildcard];
    const expected = { ...proven, wildcard: "*.w.example." };
    expect(noData(withoutOptOut(encloser, closer, wildcard), "a.z.w.example.", "AAAA")).toEqual(expected);
    expect(noData(of(encloser, closer, wildcard), "a.z.w.example.", "AAAA")).toEqual({ ...expected, optOut: true });
    expect(noData(withoutOptOut(closer, wildcard), "a.z.w.example.", "AAAA")).toMatchObject(incomplete);
    expect(noData(withoutOptOut(encloser, wildcard), "a.z.w.example.", "AAAA")).toMatchObject(incomplete);
    expect(noData(withoutOptOut(encloser, closer), "a.z.w.example.", "AAAA")).toMatchObject(incomplete);
    expect(noData(withoutOptOut(encloser, closer, wildcard), "a.z.w.example.", "MX")).toMatchObject({
      code: "answer-contradicts-itself",
    });
  });

  it("B.6: a zone's own NSEC3 says nothing of its DS, which its parent has", () => {
    expect(noDs(of(chain.apex), "example.")).toMatchObject({ proved: false, code: "denial-from-elsewhere" });
    expect(noData(of(chain.apex), "example.", "DS")).toMatchObject({ proved: false, code: "denial-from-elsewhere" });
  });
});

describe("what an NSEC3 does not prove", () => {
  it("that a delegation with a DS has none", () => {
    expect(noDs(all, "a.example.")).toMatchObject({ proved: false, code: "answer-contradicts-itself" });
  });

  it("names and types at and below a delegation, for the zone above (RFC 5155 §8.3, RFC 6840 §4.1)", () => {
    const ancestor = { proved: false, code: "denial-from-ancestor" };
    expect(noName(all, "www.a.example.")).toMatchObject(ancestor);
    expect(noData(all, "www.a.example.", "A")).toMatchObject(ancestor);
    expect(noData(all, "a.example.", "A")).toMatchObject(ancestor);
    expect(noDs(all, "www.a.example.")).toMatchObject(ancestor);
  });

  it("names below a DNAME (RFC 5155 §8.3)", () => {
    const renamed = Object.values({ ...chain, xw: chain.xw.replace("MX", "DNAME") });
    expect(noName(of(...renamed), "a.c.x.w.example.")).toMatchObject({ proved: false, code: "denial-from-ancestor" });
  });

  it("a type where there is a CNAME (RFC 6840 §4.3)", () => {
    const alias = of(chain.ns1.replace(" A RRSIG", " CNAME RRSIG"));
    expect(noData(alias, "ns1.example.", "A")).toMatchObject({ code: "answer-contradicts-itself" });
  });

  it("anything, with an owner under another zone, or an apex that is none", () => {
    const elsewhere = { proved: false, code: "denial-from-elsewhere" };
    const under = (zone: string, ...texts: readonly string[]) =>
      of(...texts.map((each) => each.replace("example.", zone)));
    expect(noName(under("sub.example.", chain.apex, chain.xw, chain.a), "a.c.x.w.example.")).toMatchObject(elsewhere);
    expect(noName(under("test.", chain.apex, chain.xw, chain.a), "a.c.x.w.example.")).toMatchObject(elsewhere);
    expect(noDs(of(chain.a.replace("NS DS", "NS SOA")), "a.example.")).toMatchObject(elsewhere);
    expect(noData(of(chain.apex.replace("SOA", "")), "example.", "A")).toMatchObject({ code: "denial-from-ancestor" });
  });

  it("anything, with a hash that is not known (RFC 5155 §8.1)", () => {
    const unknown = of(...Object.values(chain).map((text) => text.replace(" 1 1 12 ", " 2 1 12 ")));
    expect(noName(unknown, "a.c.x.w.example.")).toMatchObject({ proved: false, code: "denial-missing" });
    const one = of(chain.ns1, chain.xw.replace(" 1 1 12 ", " 2 1 12 "));
    expect(noData(one, "ns1.example.", "MX")).toEqual(proven);
  });

  it("anything, with salts or iterations that differ (RFC 5155 §8.2)", () => {
    const contradicts = { proved: false, code: "answer-contradicts-itself" };
    expect(noData(of(chain.ns1, chain.xw.replace("aabbccdd", "-")), "ns1.example.", "MX")).toMatchObject(contradicts);
    expect(noData(of(chain.ns1, chain.xw.replace(" 12 ", " 11 ")), "ns1.example.", "MX")).toMatchObject(contradicts);
  });
});
