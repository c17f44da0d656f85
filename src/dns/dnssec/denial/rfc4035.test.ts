import { describe, expect, it } from "vitest";
import { proveNoCloserName, proveNoData, proveNoDs, proveNoName, type DenialRecords } from "./index.ts";
import { HashAllowance, nameOf, readable, recordsOf, typeOf } from "./records.fixture.ts";

// The NSEC chain of RFC 4035 appendix A.
const chain = {
  apex: "example. a.example. NS SOA MX RRSIG NSEC DNSKEY",
  a: "a.example. ai.example. NS DS RRSIG NSEC",
  ai: "ai.example. b.example. A HINFO AAAA RRSIG NSEC",
  b: "b.example. ns1.example. NS RRSIG NSEC",
  ns1: "ns1.example. ns2.example. A RRSIG NSEC",
  ns2: "ns2.example. *.w.example. A RRSIG NSEC",
  wildcard: "*.w.example. x.w.example. MX RRSIG NSEC",
  xw: "x.w.example. x.y.w.example. MX RRSIG NSEC",
  xyw: "x.y.w.example. xx.example. MX RRSIG NSEC",
  xx: "xx.example. example. A HINFO AAAA RRSIG NSEC",
};

const of = (...nsec: readonly string[]): DenialRecords => recordsOf("example.", { nsec });
const all = of(...Object.values(chain));
const budget = new HashAllowance(0);

const noName = (records: DenialRecords, name: string) => readable(proveNoName(records, nameOf(name), budget));
const noData = (records: DenialRecords, name: string, type: string) =>
  readable(proveNoData(records, nameOf(name), typeOf(type), budget));
const noDs = (records: DenialRecords, name: string) => readable(proveNoDs(records, nameOf(name), budget));
const noCloser = (records: DenialRecords, name: string, wildcard: string) =>
  readable(proveNoCloserName(records, nameOf(name), nameOf(wildcard), budget));

const proven = { proved: true, optOut: false, wildcard: null };

describe("the denials of RFC 4035 appendix B", () => {
  it("B.2: a name error needs the gap of the name and that of the wildcard", () => {
    expect(noName(of(chain.b, chain.apex), "ml.example.")).toEqual(proven);
    expect(noName(of(chain.b), "ml.example.")).toMatchObject({ proved: false, code: "denial-incomplete" });
    expect(noName(of(chain.apex), "ml.example.")).toMatchObject({ proved: false, code: "denial-incomplete" });
  });

  it("B.3: no data", () => {
    expect(noData(of(chain.ns1), "ns1.example.", "MX")).toEqual(proven);
    expect(noData(of(chain.ns1), "ns1.example.", "A")).toMatchObject({ code: "answer-contradicts-itself" });
    expect(noData(of(chain.ns2), "ns1.example.", "MX")).toMatchObject({ code: "denial-incomplete" });
  });

  it("B.4: a signed delegation is no insecure one", () => {
    expect(noDs(of(chain.a), "a.example.")).toMatchObject({ proved: false, code: "answer-contradicts-itself" });
  });

  it("B.5: a delegation without DS", () => {
    expect(noDs(of(chain.b), "b.example.")).toEqual({ ...proven, kind: "insecure-delegation" });
  });

  it("B.6: a wildcard answer needs that nothing is closer", () => {
    expect(noCloser(of(chain.xyw), "a.z.w.example.", "*.w.example.")).toEqual({ ...proven, wildcard: "*.w.example." });
    expect(noCloser(of(chain.xw), "a.z.w.example.", "*.w.example.")).toMatchObject({ code: "denial-incomplete" });
    expect(noCloser(all, "a.x.w.example.", "*.w.example.")).toMatchObject({ code: "answer-contradicts-itself" });
    expect(noCloser(of(chain.xyw), "a.z.w.example.", "*.example.")).toMatchObject({ proved: false });
  });

  it("B.7: wildcard no data needs the gap of the name and the types of the wildcard", () => {
    const wildcard = { ...proven, wildcard: "*.w.example." };
    expect(noData(of(chain.xyw, chain.wildcard), "a.z.w.example.", "AAAA")).toEqual(wildcard);
    expect(noData(of(chain.xyw), "a.z.w.example.", "AAAA")).toMatchObject({ code: "denial-incomplete" });
    expect(noData(of(chain.wildcard), "a.z.w.example.", "AAAA")).toMatchObject({ code: "denial-incomplete" });
    expect(noData(of(chain.xyw, chain.wildcard), "a.z.w.example.", "MX")).toMatchObject({
      code: "answer-contradicts-itself",
    });
  });

  it("B.8: a zone's own NSEC says nothing of its DS, which its parent has", () => {
    expect(noDs(of(chain.apex), "example.")).toMatchObject({ proved: false, code: "denial-from-elsewhere" });
    expect(noData(of(chain.apex), "example.", "DS")).toMatchObject({ proved: false, code: "denial-from-elsewhere" });
  });
});

describe("what an NSEC does not prove", () => {
  it("names and types at and below a delegation, for the zone above (RFC 6840 §4.1)", () => {
    const ancestor = { proved: false, code: "denial-from-ancestor" };
    expect(noName(all, "www.b.example.")).toMatchObject(ancestor);
    expect(noData(all, "www.b.example.", "A")).toMatchObject(ancestor);
    expect(noData(all, "b.example.", "A")).toMatchObject(ancestor);
    expect(noDs(all, "www.a.example.")).toMatchObject(ancestor);
    expect(noCloser(all, "www.b.example.", "*.example.")).toMatchObject({ proved: false });
  });

  it("names below a DNAME (RFC 6840 §4.1)", () => {
    const dname = of("example. d.example. SOA NS RRSIG NSEC", "d.example. example. DNAME RRSIG NSEC");
    expect(noName(dname, "x.d.example.")).toMatchObject({ proved: false, code: "denial-from-ancestor" });
    expect(noData(dname, "d.example.", "A")).toEqual(proven);
  });

  it("a type where there is a CNAME (RFC 6840 §4.3)", () => {
    const alias = of("www.example. example. CNAME RRSIG NSEC");
    expect(noData(alias, "www.example.", "A")).toMatchObject({ code: "answer-contradicts-itself" });
    expect(noData(alias, "www.example.", "CNAME")).toMatchObject({ code: "answer-contradicts-itself" });
    expect(noDs(alias, "www.example.")).toEqual({ ...proven, kind: "not-a-cut" });
  });

  it("all types at once, unless there are none", () => {
    expect(noData(of(chain.ns1), "ns1.example.", "ANY")).toMatchObject({ code: "answer-contradicts-itself" });
    expect(noData(of(chain.ns2), "w.example.", "ANY")).toEqual(proven);
    const compact = of(String.raw`x.example. \000.x.example. RRSIG NSEC TYPE128`);
    expect(noData(compact, "x.example.", "ANY")).toEqual(proven);
  });

  it("an empty non-terminal's absence: it has names below it", () => {
    expect(noData(of(chain.ns2), "w.example.", "A")).toEqual(proven);
    expect(noDs(of(chain.ns2), "w.example.")).toEqual({ ...proven, kind: "not-a-cut" });
    expect(noName(all, "w.example.")).toMatchObject({ proved: false, code: "answer-contradicts-itself" });
  });

  it("anything out of its zone, or from out of it", () => {
    const elsewhere = { proved: false, code: "denial-from-elsewhere" };
    expect(noName(all, "ml.example.org.")).toMatchObject(elsewhere);
    expect(noName(of("a.example.org. z.example.org. A RRSIG NSEC"), "ml.example.")).toMatchObject(elsewhere);
    expect(noName(of("b.example. z.example.org. A RRSIG NSEC"), "ml.example.")).toMatchObject(elsewhere);
    expect(noDs(of("b.example. c.b.example. NS SOA RRSIG NSEC"), "b.example.")).toMatchObject(elsewhere);
    // Only the last NSEC leads back, and to the apex alone.
    expect(noName(of("xx.example. b.example. A RRSIG NSEC"), "xy.example.")).toMatchObject(elsewhere);
    const parents = recordsOf("b.example.", { nsec: ["b.example. ns1.example. NS RRSIG NSEC"] });
    expect(noName(parents, "www.b.example.")).toMatchObject({ proved: false, code: "denial-from-ancestor" });
  });

  it("without any record, anything", () => {
    expect(noName(of(), "ml.example.")).toMatchObject({ proved: false, code: "denial-missing" });
  });
});

it("a name error may be signed on demand, with the least of gaps (RFC 4470 §3)", () => {
  const lies = of("exampld~.example. exampld~-.example. RRSIG NSEC", String.raw`\).example. +.example. RRSIG NSEC`);
  expect(noName(lies, "exampld~!.example.")).toEqual(proven);
  expect(noName(lies, "examplf.example.")).toMatchObject({ proved: false, code: "denial-incomplete" });
});

it("the root denies its own DS, and one NSEC denies all of a zone of one name", () => {
  const root = recordsOf(".", { nsec: [". . NS SOA RRSIG NSEC DNSKEY"] });
  expect(noDs(root, ".")).toEqual({ ...proven, kind: "not-a-cut" });
  expect(noName(root, "com.")).toEqual(proven);
});
