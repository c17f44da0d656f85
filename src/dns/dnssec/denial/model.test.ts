import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalName, nameToText } from "../../wire/name.ts";
import { rrtype } from "../../wire/rrtype.ts";
import {
  chained,
  endAbove,
  existing,
  isCutNode,
  isPassedOver,
  keyOf,
  nsec3Chain,
  nsecChain,
  upTo,
  wireOf,
  type Labels,
  type ModelNode,
  type ModelZone,
} from "./chain.fixture.ts";
import { proveNoCloserName, proveNoData, proveNoDs, proveNoName, type DenialRecords } from "./index.ts";
import { HashAllowance, readable } from "./records.fixture.ts";

const { A, AAAA, CNAME, NS, DS, DNAME, MX, SOA, DNSKEY, NSEC3PARAM, ANY } = rrtype;

// Few labels, so that names meet; `!` and NUL sort before the wildcard's asterisk.
const label = fc.constantFrom("a", "b", "c", "*", "\u0000", "!");
const typesOfNode = fc.constantFrom([A], [A, AAAA], [MX], [CNAME], [NS], [NS, DS], [DNAME]);
const typesAsked = [A, AAAA, MX, CNAME, NS, DS, ANY];

const anyZone = (apex: Labels): fc.Arbitrary<ModelZone> =>
  fc
    .record({
      nodes: fc.array(fc.tuple(fc.array(label, { minLength: 1, maxLength: 3 }), typesOfNode), { maxLength: 8 }),
      denial: fc.constantFrom("nsec" as const, "nsec3" as const),
      optOut: fc.constantFrom("none" as const, "span" as const, "all" as const),
      salt: fc.uint8Array({ maxLength: 4 }),
      iterations: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ nodes, ...rest }) => ({ ...rest, apex, nodes: nodesOf(apex, nodes, rest.denial) }));

function nodesOf(
  apex: Labels,
  drawn: readonly (readonly [Labels, readonly number[]])[],
  denial: ModelZone["denial"],
): ReadonlyMap<string, ModelNode> {
  const chainType = denial === "nsec3" ? [NSEC3PARAM] : [];
  const top = { name: apex, types: new Set<number>([SOA, NS, DNSKEY, ...chainType]) };
  const below = drawn.map(([labels, types]) => {
    const name = [...labels, ...apex];
    // What a wildcard NS or DNAME means is nowhere defined (RFC 4592 §4.2, §4.4).
    const isWild = name[0] === "*" && (types.includes(NS) || types.includes(DNAME));
    return { name, types: new Set(isWild ? [A] : types) };
  });
  return new Map([...below, top].map((node) => [keyOf(node.name), node]));
}

const anyName = (zone: ModelZone): fc.Arbitrary<Labels> =>
  fc.oneof(
    fc.array(label, { maxLength: 4 }).map((labels) => [...labels, ...zone.apex]),
    fc
      .tuple(fc.array(label, { maxLength: 1 }), fc.constantFrom(...zone.nodes.values()))
      .map(([labels, node]) => [...labels, ...node.name]),
  );

const zoneAndName = anyZone(["example"]).chain((zone) => fc.tuple(fc.constant(zone), anyName(zone)));

function recordsOf(zone: ModelZone): DenialRecords {
  const isNsec = zone.denial === "nsec";
  return { zone: wireOf(zone.apex), nsec: isNsec ? nsecChain(zone) : [], nsec3: isNsec ? [] : nsec3Chain(zone) };
}

/** All that can be asked of the code about one name, each with the true answer: a proof, or null for none. */
function questions(zone: ModelZone, name: Labels) {
  const truth = truthOf(zone, name);
  const asked = wireOf(name);
  const wildcards = upTo(name, zone.apex)
    .slice(1)
    .filter((above) => isOpen(zone, above));
  return [
    ...typesAsked.map((type) => ({
      asks: `no data of type ${type}`,
      prove: (records: DenialRecords) => proveNoData(records, asked, type, new HashAllowance()),
      truth: noData(zone, name, truth, type),
    })),
    {
      asks: "no name",
      prove: (records: DenialRecords) => proveNoName(records, asked, new HashAllowance()),
      truth: truth.is === "absent" && truth.source === undefined ? proven(truth.optOut) : null,
    },
    {
      asks: "no DS",
      prove: (records: DenialRecords) => proveNoDs(records, asked, new HashAllowance()),
      truth: noDs(zone, name, truth),
    },
    ...wildcards.map((above) => ({
      asks: `nothing closer than ${keyOf(["*", ...above])}`,
      prove: (records: DenialRecords) =>
        proveNoCloserName(records, asked, wireOf(["*", ...above]), new HashAllowance()),
      truth: noCloser(zone, name, above),
    })),
  ];
}

type Truth =
  | { readonly is: "not-ours" }
  | { readonly is: "here"; readonly types: ReadonlySet<number> }
  | {
      readonly is: "absent";
      readonly optOut: boolean;
      readonly wildcard: Labels;
      readonly source: ModelNode | undefined;
    };

/** What a server that has the zone finds at the name (RFC 1034 §4.3.2), seen through opt-out (RFC 5155 §6). */
function truthOf(zone: ModelZone, name: Labels): Truth {
  const names = chained(zone);
  const end = endAbove(zone, name);
  if (end !== undefined && names.has(keyOf(end.name))) return { is: "not-ours" };
  const node = names.get(keyOf(name));
  if (node !== undefined) return { is: "here", types: node.types };
  const path = upTo(name, zone.apex);
  const at = path.findIndex((each) => names.has(keyOf(each)));
  const wildcard = ["*", ...(path[at] ?? [])];
  const optOut = zone.denial === "nsec3" && isPassedOver(zone, nsec3Chain(zone), path[at - 1] ?? []);
  return { is: "absent", optOut, wildcard, source: names.get(keyOf(wildcard)) };
}

/** Whether a wildcard may stand below a name: it exists and its zone goes on there. */
function isOpen(zone: ModelZone, name: Labels): boolean {
  const node = chained(zone).get(keyOf(name));
  return node !== undefined && !isCutNode(node) && !node.types.has(DNAME) && endAbove(zone, name) === undefined;
}

function proven(optOut: boolean, wildcard: Labels | null = null) {
  const text = wildcard === null ? null : nameToText(canonicalName(wireOf(wildcard)));
  return { proved: true, optOut, wildcard: text };
}

function noData(zone: ModelZone, name: Labels, truth: Truth, type: number) {
  if (truth.is === "not-ours" || (type === DS && name.length === zone.apex.length)) return null;
  if (truth.is === "here") return lacks(truth.types, type) ? proven(false) : null;
  if (truth.source !== undefined && lacks(truth.source.types, type)) return proven(truth.optOut, truth.wildcard);
  return truth.optOut ? proven(true) : null;
}

function lacks(types: ReadonlySet<number>, type: number): boolean {
  const isCut = types.has(NS) && !types.has(SOA);
  if (type === ANY) return types.size === 0;
  return !types.has(type) && !types.has(CNAME) && (!isCut || type === DS);
}

function noDs(zone: ModelZone, name: Labels, truth: Truth) {
  if (truth.is === "not-ours" || name.length === zone.apex.length) return null;
  if (truth.is === "here") {
    if (truth.types.has(DS)) return null;
    return { ...proven(false), kind: truth.types.has(NS) ? "insecure-delegation" : "not-a-cut" };
  }
  if (truth.optOut) return { ...proven(true), kind: "opt-out" };
  if (truth.source === undefined) return { ...proven(false), kind: "no-such-name" };
  return { ...proven(false, truth.wildcard), kind: "not-a-cut" };
}

function noCloser(zone: ModelZone, name: Labels, above: Labels) {
  const closer = name.slice(name.length - above.length - 1);
  if (keyOf(name) === keyOf(["*", ...above]) || chained(zone).has(keyOf(closer))) return null;
  const optOut = zone.denial === "nsec3" && isPassedOver(zone, nsec3Chain(zone), closer);
  return proven(optOut, ["*", ...above]);
}

describe("over any zone", () => {
  it("the whole chain proves what is true, and nothing else", () => {
    fc.assert(
      fc.property(zoneAndName, ([zone, name]) => {
        const records = recordsOf(zone);
        for (const { asks, prove, truth } of questions(zone, name)) {
          const proof = prove(records);
          if (truth === null) expect(proof, asks).toMatchObject({ proved: false });
          else expect(readable(proof), asks).toEqual(truth);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it("whatever records are left out, no proof changes: it fails, or says the same", () => {
    const some = zoneAndName.chain((drawn) => fc.tuple(fc.constant(drawn), fc.infiniteStream(fc.boolean())));
    fc.assert(
      fc.property(some, ([[zone, name], kept]) => {
        const whole = recordsOf(zone);
        const keep = () => kept.next().value === true;
        const part = { ...whole, nsec: whole.nsec.filter(keep), nsec3: whole.nsec3.filter(keep) };
        for (const { asks, prove, truth } of questions(zone, name)) {
          const proof = prove(part);
          if (proof.proved !== true) continue;
          expect(truth, asks).not.toBeNull();
          // Without the wildcard's record an opt-out span still says that it is insecure, though not why.
          if (proof.optOut) expect(truth, asks).toMatchObject({ optOut: true });
          else expect(readable(proof), asks).toEqual(truth);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it("a proof without opt-out is true of what the zone has, its unsigned delegations included", () => {
    fc.assert(
      fc.property(zoneAndName, ([zone, name]) => {
        const proof = proveNoName(recordsOf(zone), wireOf(name), new HashAllowance());
        if (proof.proved !== true || proof.optOut) return;
        expect(existing(zone).has(keyOf(name))).toBe(false);
        expect(endAbove(zone, name)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it("records of the zone above or below neither help nor harm", () => {
    // The child hangs at c.example; its own names are what the parent cannot see.
    const both = fc.tuple(anyZone(["example"]), anyZone(["c", "example"])).chain(([parent, child]) => {
      const cut = { name: child.apex, types: new Set([NS, DS]) };
      const nodes = new Map([...parent.nodes].filter(([, node]) => node.name.at(-2) !== "c"));
      const above = { ...parent, nodes: nodes.set(keyOf(cut.name), cut) };
      return fc.tuple(fc.constant(above), fc.constant(child), anyName(above), anyName(child));
    });
    fc.assert(
      fc.property(both, ([parent, child, parentName, childName]) => {
        const [ofParent, ofChild] = [recordsOf(parent), recordsOf(child)];
        const mixed = {
          nsec: [...ofChild.nsec, ...ofParent.nsec],
          nsec3: [...ofParent.nsec3, ...ofChild.nsec3],
        };
        for (const { asks, prove, truth } of questions(child, childName)) {
          const proof = prove({ ...mixed, zone: ofChild.zone });
          if (truth === null) expect(proof, asks).toMatchObject({ proved: false });
          else expect(readable(proof), asks).toEqual(truth);
          expect(prove({ ...ofParent, zone: ofChild.zone }), asks).toMatchObject({ proved: false });
        }
        // What is below the cut is kept from the parent by the signer's name, which the caller has checked.
        if (parentName.length > 2 && parentName.at(-2) === "c") return;
        for (const { asks, prove, truth } of questions(parent, parentName)) {
          const proof = prove({ ...mixed, zone: ofParent.zone });
          if (truth === null) expect(proof, asks).toMatchObject({ proved: false });
          else expect(readable(proof), asks).toEqual(truth);
        }
      }),
      { numRuns: 500 },
    );
  });
});
