import { describe, expect, it } from "vitest";
import { toBase32Hex } from "../../wire/base32hex.ts";
import { rrtype } from "../../wire/rrtype.ts";
import { Budget } from "../budget.ts";
import { hashesPerHopMax, nsec3IterationsMax } from "../limits.ts";
import type { Nsec3 } from "../records.ts";
import { keyOf, nsec3Chain, type ModelZone } from "./chain.fixture.ts";
import { proveNoData, proveNoDs, proveNoName, type DenialRecords } from "./index.ts";
import { HashAllowance, nameOf, nsecOf } from "./records.fixture.ts";

const zone = nameOf("example.");
const { A, NS, SOA } = rrtype;

/** A zone of `hosts` names, each at the top. */
function nsec3Of(iterations: number, hosts = 3): readonly Nsec3[] {
  const names = Array.from({ length: hosts }, (_, index) => [`host${index}`, "example"]);
  const nodes = [
    { name: ["example"], types: new Set<number>([SOA, NS]) },
    ...names.map((name) => ({ name, types: new Set<number>([A]) })),
  ];
  const model: ModelZone = {
    apex: ["example"],
    nodes: new Map(nodes.map((node) => [keyOf(node.name), node])),
    denial: "nsec3",
    optOut: "none",
    salt: new Uint8Array(),
    iterations,
  };
  return nsec3Chain(model);
}

const recordsWith = (nsec3: readonly Nsec3[]): DenialRecords => ({ zone, nsec: [], nsec3 });
const absent = nameOf("absent.example.");
const deep = nameOf(`${"a.".repeat(100)}example.`);
const proven = { proved: true, optOut: false };

describe("the budget of hashes", () => {
  it("is not touched by a zone above the limit of iterations, which is insecure (RFC 9276 §3.2)", () => {
    const budget = new HashAllowance();
    const records = recordsWith(nsec3Of(nsec3IterationsMax + 1));
    const insecure = { proved: "insecure", code: "too-many-iterations" };
    expect(proveNoName(records, absent, budget)).toMatchObject(insecure);
    expect(proveNoData(records, absent, A, budget)).toMatchObject(insecure);
    expect(proveNoDs(records, absent, budget)).toMatchObject(insecure);
    expect(budget.taken).toBe(0);
  });

  it("suffices at the limit of iterations", () => {
    expect(proveNoName(recordsWith(nsec3Of(nsec3IterationsMax)), absent, new Budget())).toMatchObject(proven);
  });

  it("ends the search for an encloser of a name of a hundred labels, and then says so", () => {
    const budget = new Budget();
    expect(proveNoName(recordsWith(nsec3Of(0)), deep, budget)).toEqual({ proved: "spent" });
    expect(budget.spent).toBe(true);
    expect(budget.figures.hashes).toBe(hashesPerHopMax);
  });

  it("pays each name once a response, and only with what it has", () => {
    const records = recordsWith(nsec3Of(1));
    const budget = new HashAllowance();
    expect(proveNoName(records, absent, budget)).toMatchObject(proven);
    // The name, its encloser and the wildcard.
    expect(budget.taken).toBe(3);
    expect(proveNoName(records, nameOf("ABSENT.example."), budget)).toMatchObject(proven);
    expect(proveNoDs(records, absent, budget)).toMatchObject({ ...proven, kind: "no-such-name" });
    expect(budget.taken).toBe(3);
    for (const left of [0, 1, 2]) {
      expect(proveNoName(recordsWith(nsec3Of(1)), absent, new HashAllowance(left))).toEqual({ proved: "spent" });
    }
  });

  it("is the same for thousands of NSEC3 records", () => {
    const records = recordsWith(nsec3Of(0, 5000));
    const budget = new Budget();
    expect(proveNoName(records, absent, budget)).toMatchObject(proven);
    expect(proveNoName(records, deep, budget)).toEqual({ proved: "spent" });
    expect(budget.figures.hashes).toBe(hashesPerHopMax);
  });
});

it("thousands of NSEC records, the right ones last, cost no hash", () => {
  const decoys = Array.from({ length: 10_000 }, (_, i) => nsecOf(`n${i + 10_000}.example. n${i + 10_001}.example. A`));
  const nsec = [...decoys, nsecOf("example. n10000.example. SOA NS")];
  const budget = new HashAllowance(0);
  expect(proveNoName({ zone, nsec, nsec3: [] }, absent, budget)).toMatchObject(proven);
  expect(proveNoName({ zone, nsec, nsec3: [] }, nameOf("z.example."), budget)).toMatchObject({ proved: false });
});

describe("a zone that shows both NSEC and NSEC3", () => {
  const nsec = [nsecOf("host0.example. host1.example. A RRSIG NSEC")];

  it("is believed by whichever proves it", () => {
    const both = { zone, nsec, nsec3: nsec3Of(0) };
    expect(proveNoName(both, absent, new Budget())).toMatchObject(proven);
    expect(proveNoData({ ...both, nsec3: [] }, nameOf("host0.example."), NS, new Budget())).toMatchObject(proven);
  });

  it("is insecure, or not known, rather than bogus, where only the other one fails", () => {
    const high = { zone, nsec, nsec3: nsec3Of(nsec3IterationsMax + 1) };
    expect(proveNoName(high, absent, new Budget())).toMatchObject({ proved: "insecure" });
    const both = { zone, nsec, nsec3: nsec3Of(0) };
    expect(proveNoName(both, absent, new HashAllowance(1))).toEqual({ proved: "spent" });
  });
});

it("an NSEC3 zone of one name denies every other with its one record", () => {
  const [only] = nsec3Of(0, 0);
  expect(only?.next).toEqual(only?.hash);
  expect(toBase32Hex(only?.hash ?? new Uint8Array())).toHaveLength(32);
  expect(proveNoName(recordsWith(nsec3Of(0, 0)), absent, new Budget())).toMatchObject(proven);
});
