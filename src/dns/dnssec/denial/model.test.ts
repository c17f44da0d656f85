import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalText } from "../../wire/name.ts";
import { rrtype } from "../../wire/rrtype.ts";
import type { Nsec3 } from "../records.ts";
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
import {
  proveNoCloserName,
  proveNoData,
  proveNoDs,
  proveNoName,
  type DenialRecords,
  type NoDsProof,
  type Proof,
} from "./index.ts";
import { HashAllowance, readable } from "./records.fixture.ts";

const { A, AAAA, CNAME, NS, DS, DNAME, MX, SOA, DNSKEY, NSEC3PARAM, ANY } = rrtype;

// Few labels, so that names meet; `!` and NUL sort before the wildcard's asterisk.
const label: fc.Arbitrary<string> = fc.constantFrom("a", "b", "c", "*", "\u0000", "!");
const typesOfNode = fc.constantFrom([A], [A, AAAA], [MX], [CNAME], [NS], [NS, DS], [DNAME]);
const typesAsked = [A, AAAA, MX, CNAME, NS, DS, ANY];

const anyZone = (apex: Labels): fc.Arbitrary<ModelZone> => {
  const drawn = fc.array(fc.tuple(fc.array(label, { minLength: 1, maxLength: 3 }), typesOfNode), { maxLength: 8 });
  return fc.record({
    apex: fc.constant(apex),
    nodes: drawn.map((nodes) => nodesOf(apex, nodes)),
    denial: fc.constantFrom("nsec", "nsec3"),
    optOut: fc.constantFrom("none", "span", "all"),
    salt: fc.uint8Array({ maxLength: 4 }),
    iterations: fc.integer({ min: 0, max: 3 }),
  });
};

function nodesOf(
  apex: Labels,
  drawn: readonly (readonly [Labels, readonly number[]])[],
): ReadonlyMap<string, ModelNode> {
  const top = { name: apex, types: new Set<number>([SOA, NS, DNSKEY, NSEC3PARAM]) };
  const below = drawn.map(([labels, types]) => {
    const name = labels.concat(apex);
    // What a wildcard NS or DNAME means is nowhere defined (RFC 4592 §4.2, §4.4).
    const isWild = name[0] === "*" && (types.includes(NS) || types.includes(DNAME));
    return { name, types: new Set(isWild ? [A] : types) };
  });
  return new Map([...below, top].map((node) => [keyOf(node.name), node]));
}

const anyName = (zone: ModelZone): fc.Arbitrary<Labels> =>
  fc.oneof(
    fc.array(label, { maxLength: 4 }).map((labels) => labels.concat(zone.apex)),
    fc
      .tuple(fc.array(label, { maxLength: 1 }), fc.constantFrom(...zone.nodes.values()))
      .map(([labels, node]) => labels.concat(node.name)),
  );

const zoneAndName = anyZone(["example"]).chain((zone) => fc.tuple(fc.constant(zone), anyName(zone)));

function recordsOf(zone: ModelZone): DenialRecords {
  const isNsec = zone.denial === "nsec";
  return { zone: wireOf(zone.apex), nsec: isNsec ? nsecChain(zone) : [], nsec3: isNsec ? [] : nsec3Chain(zone) };
}

type Told = object | string | null;

/** Something that can be asked about a name: what is said of it, given records, and what is true; null for "not so". */
interface Question {
  readonly asks: string;
  readonly told: (records: DenialRecords) => Told;
  readonly truth: Told;
}

function questions(zone: ModelZone, name: Labels): readonly Question[] {
  const seen = { zone, names: chained(zone), spans: zone.denial === "nsec3" ? nsec3Chain(zone) : [] };
  const found = find(seen, name);
  const asked = wireOf(name);
  return [
    ...typesAsked.map((type) => ({
      asks: `no data of type ${type}`,
      told: (records: DenialRecords) => told(proveNoData(records, asked, type, new HashAllowance())),
      truth: noData(seen, name, found, type),
    })),
    {
      asks: "no name",
      told: (records) => told(proveNoName(records, asked, new HashAllowance())),
      truth: found.is === "absent" && found.source === undefined ? proven(found.optOut) : null,
    },
    {
      asks: "no DS",
      told: (records) => told(proveNoDs(records, asked, new HashAllowance())),
      truth: noDs(seen, name, found),
    },
    ...upTo(name, zone.apex)
      .slice(1)
      .filter((above) => isOpen(seen, above))
      .map((above) => ({
        asks: `nothing closer than ${keyOf(["*", ...above])}`,
        told: (records: DenialRecords) =>
          told(proveNoCloserName(records, asked, wireOf(["*", ...above]), new HashAllowance())),
        truth: noCloser(seen, name, above),
      })),
  ];
}

function told(proof: Proof | NoDsProof): Told {
  if (proof.proved === true) return readable(proof);
  return proof.proved === false ? null : proof.proved;
}

const truths = (asked: readonly Question[]): object => asked.map(({ asks, truth }) => [asks, truth]);
const answers = (asked: readonly Question[], records: DenialRecords): object =>
  asked.map((question) => [question.asks, question.told(records)]);

/** A zone as its chain shows it. */
interface Seen {
  readonly zone: ModelZone;
  readonly names: ReadonlyMap<string, ModelNode>;
  readonly spans: readonly Nsec3[];
}

type Found =
  | { readonly is: "not-ours" }
  | { readonly is: "here"; readonly types: ReadonlySet<number> }
  | {
      readonly is: "absent";
      readonly optOut: boolean;
      readonly wildcard: Labels;
      readonly source: ModelNode | undefined;
    };

/** What a server that has the zone finds at the name (RFC 1034 §4.3.2), seen through opt-out (RFC 5155 §6). */
function find({ zone, names, spans }: Seen, name: Labels): Found {
  const end = endAbove(zone, name);
  if (end !== undefined && names.has(keyOf(end.name))) return { is: "not-ours" };
  const node = names.get(keyOf(name));
  if (node !== undefined) return { is: "here", types: node.types };
  const path = upTo(name, zone.apex);
  const at = path.findIndex((each) => names.has(keyOf(each)));
  const wildcard = ["*", ...(path[at] ?? [])];
  const optOut = isPassedOver(zone, spans, path[at - 1] ?? []);
  return { is: "absent", optOut, wildcard, source: names.get(keyOf(wildcard)) };
}

/** Whether a wildcard may stand below a name: it exists and its zone goes on there. */
function isOpen({ zone, names }: Seen, name: Labels): boolean {
  const node = names.get(keyOf(name));
  return node !== undefined && !isCutNode(node) && !node.types.has(DNAME) && endAbove(zone, name) === undefined;
}

function proven(optOut: boolean, wildcard: Labels | null = null) {
  const text = wildcard === null ? null : canonicalText(wireOf(wildcard));
  return { proved: true, optOut, wildcard: text };
}

function noData({ zone }: Seen, name: Labels, found: Found, type: number): Told {
  if (found.is === "not-ours" || (type === DS && name.length === zone.apex.length)) return null;
  if (found.is === "here") return lacks(found.types, type) ? proven(false) : null;
  if (found.source !== undefined && lacks(found.source.types, type)) return proven(found.optOut, found.wildcard);
  return found.optOut ? proven(true) : null;
}

function lacks(types: ReadonlySet<number>, type: number): boolean {
  const isCut = types.has(NS) && !types.has(SOA);
  if (type === ANY) return types.size === 0;
  return !types.has(type) && !types.has(CNAME) && (!isCut || type === DS);
}

function noDs({ zone }: Seen, name: Labels, found: Found): Told {
  if (found.is === "not-ours" || name.length === zone.apex.length) return null;
  if (found.is === "here") {
    if (found.types.has(DS)) return null;
    return { ...proven(false), kind: found.types.has(NS) ? "insecure-delegation" : "not-a-cut" };
  }
  if (found.optOut) return { ...proven(true), kind: "opt-out" };
  if (found.source === undefined) return { ...proven(false), kind: "no-such-name" };
  return { ...proven(false, found.wildcard), kind: "not-a-cut" };
}

function noCloser({ zone, names, spans }: Seen, name: Labels, above: Labels): Told {
  const closer = name.slice(name.length - above.length - 1);
  if (keyOf(name) === keyOf(["*", ...above]) || names.has(keyOf(closer))) return null;
  return proven(isPassedOver(zone, spans, closer), ["*", ...above]);
}

describe("over any zone", () => {
  const timeoutMs = 30_000;

  it(
    "the whole chain proves what is true, and nothing else",
    () => {
      fc.assert(
        fc.property(zoneAndName, ([zone, name]) => {
          const asked = questions(zone, name);
          expect(answers(asked, recordsOf(zone))).toEqual(truths(asked));
        }),
        { numRuns: 800 },
      );
    },
    timeoutMs,
  );

  it(
    "whatever records are left out, no proof changes: it fails, or says the same",
    () => {
      const some = zoneAndName.chain((drawn) => fc.tuple(fc.constant(drawn), fc.infiniteStream(fc.boolean())));
      fc.assert(
        fc.property(some, ([[zone, name], kept]) => {
          const whole = recordsOf(zone);
          const keep = (): boolean => kept.next().value === true;
          const part = { ...whole, nsec: whole.nsec.filter(keep), nsec3: whole.nsec3.filter(keep) };
          const changed = questions(zone, name).filter(({ told: says, truth }) => !isSame(says(part), truth));
          expect(changed.map(({ asks, told: says, truth }) => ({ asks, truth, says: says(part) }))).toEqual([]);
        }),
        { numRuns: 800 },
      );
    },
    timeoutMs,
  );

  it(
    "no name is denied that the zone has, its unsigned delegations and what is below included, unless opted out",
    () => {
      fc.assert(
        fc.property(zoneAndName, ([zone, name]) => {
          const proof = proveNoName(recordsOf(zone), wireOf(name), new HashAllowance());
          const isDenied = proof.proved === true && !proof.optOut;
          expect(isDenied && (existing(zone).has(keyOf(name)) || endAbove(zone, name) !== undefined)).toBe(false);
        }),
        { numRuns: 500 },
      );
    },
    timeoutMs,
  );

  it(
    "records of the zone above or below neither help nor harm",
    () => {
      fc.assert(
        fc.property(parentAndChild, ([parent, child, parentName, childName]) => {
          const [ofParent, ofChild] = [recordsOf(parent), recordsOf(child)];
          const mixed = {
            nsec: ofChild.nsec.concat(ofParent.nsec),
            nsec3: ofParent.nsec3.concat(ofChild.nsec3),
          };
          const ofBelow = questions(child, childName);
          expect(answers(ofBelow, { ...mixed, zone: ofChild.zone })).toEqual(truths(ofBelow));
          expect(answers(ofBelow, { ...ofParent, zone: ofChild.zone })).toEqual(
            ofBelow.map(({ asks }) => [asks, null]),
          );
          const ofAbove = questions(parent, parentName);
          expect(answers(ofAbove, { ...mixed, zone: ofParent.zone })).toEqual(truths(ofAbove));
        }),
        { numRuns: 400 },
      );
    },
    timeoutMs,
  );
});

function isSame(said: Told, truth: Told): boolean {
  // Without the wildcard's record an opt-out span still says that it is insecure, though not of which wildcard.
  const isInsecure = (each: Told): boolean => each instanceof Object && "optOut" in each && each.optOut === true;
  return said === null || isDeepStrictEqual(said, truth) || (isInsecure(said) && isInsecure(truth));
}

/** A zone, one that hangs from it at c.example, and a name in each. */
const parentAndChild = fc.tuple(anyZone(["example"]), anyZone(["c", "example"])).chain(([drawn, child]) => {
  const cut = { name: child.apex, types: new Set([NS, DS]) };
  const others = [...drawn.nodes].filter(([, node]) => node.name.at(-2) !== "c");
  const parent = { ...drawn, nodes: new Map(others).set(keyOf(cut.name), cut) };
  // What is below the cut is kept from the parent by the signer's name, which the caller has checked.
  const ofParent = anyName(parent).filter((name) => name.length < 3 || name.at(-2) !== "c");
  return fc.tuple(fc.constant(parent), fc.constant(child), ofParent, anyName(child));
});
