import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyMessage } from "../../../test/fuzz/arbitrary-message.ts";
import { concat } from "../../values/octets.ts";
import type { Message, ResourceRecord } from "../wire/record.ts";
import { rrclass, rrtype } from "../wire/rrtype.ts";
import { rdataOctetsToText } from "../wire/rdata.ts";
import { hashesPerHopMax, signaturesPerHopMax, workMax, zonesPerChainMax } from "./limits.ts";
import { trustAnchors } from "./anchors.ts";
import { Budget } from "./budget.ts";
import { parseDnskey } from "./parse.ts";
import { rrsetsOf } from "./rrset.ts";
import { checkRRset } from "./signature.ts";
import { createValidator } from "./validator.ts";
import { collidingKey, dsOf, keyPair, ksk, nameOf, zsk, type SigningKey } from "./sign.fixture.ts";
import { FixtureZone, testNow } from "./zone.fixture.ts";
import {
  delegation,
  ecdsa,
  ed25519,
  keysOf,
  resolve,
  rootAnchor,
  short,
  validatorOf,
  worldOf,
} from "./world.fixture.ts";

const zone = nameOf("example.com.");
const keys = [keyPair(zone, ed25519, ksk), keyPair(zone, ed25519, zsk)];
const [entry, signing] = keys;
if (entry === undefined || signing === undefined) throw new Error("there are two keys");
const likeEntry = Array.from({ length: 6 }, () => collidingKey(entry));
const likeSigning = Array.from({ length: 6 }, () => collidingKey(signing));

/** `count` signatures like one of these, none of them valid. */
function forged(records: readonly ResourceRecord[], count: number): readonly ResourceRecord[] {
  return records.flatMap((record) => {
    if (record.type !== rrtype.RRSIG) return [record];
    const head = record.rdata.subarray(0, record.rdata.length - 64);
    return Array.from({ length: count }, () => ({ ...record, rdata: concat(head, randomBytes(64)) }));
  });
}

function forgedIn(answer: Message, count: number): Message {
  return { ...answer, answer: forged(answer.answer, count), authority: forged(answer.authority, count) };
}

describe("KeyTrap: keys of one tag, and signatures that all of them might have made", () => {
  it("over the DNSKEY set: two failures, and the verdict is that it was not verified", async () => {
    const world = worldOf({ options: { keys } });
    world.intercept = ({ name, type }, answer) =>
      type === rrtype.DNSKEY && name.length === zone.length
        ? { ...answer, answer: [...forged(answer.answer, 200), ...likeEntry] }
        : undefined;
    const before = await resolve(validatorOf(world), "example.org.", "SOA");
    const validation = await resolve(validatorOf(world), "www.example.com.");
    expect(short(validation)).toEqual(["unverifiable", "answer", "budget-spent"]);
    expect(validation.work.signatures).toBeLessThanOrEqual(before.work.signatures + 3);
  });

  it("over an answer: eight signatures, two keys each", async () => {
    const world = worldOf({ options: { keys } });
    world.put(
      new FixtureZone("example.com.", ["www.example.com. 300 A 192.0.2.1"], {
        keys: [entry, signing, ...likeSigning.map((record) => Object.assign({}, signing, { record }))],
        signers: (type) => [type === rrtype.DNSKEY ? entry : signing],
      }),
    );
    world.intercept = ({ type }, answer) => (type === rrtype.A ? forgedIn(answer, 500) : undefined);
    const validation = await resolve(validatorOf(world), "www.example.com.");
    expect(short(validation)).toEqual(["bogus", "answer", "signature-invalid"]);
    expect(validation.work.signatures).toBeLessThanOrEqual(5 + 16 + 2);
  });

  it("over a denial of many records: no more than a hop may cost", async () => {
    const many = Array.from({ length: 40 }, (_, index) => `n${index}.example.com. 300 A 192.0.2.1`);
    const world = worldOf({ options: { keys }, example: many });
    const whole = world.zone("example.com.");
    const denials = many.flatMap((line) => whole.answer(nameOf(line.split(" ")[0] ?? ""), rrtype.TXT).authority);
    world.intercept = ({ type }, answer) =>
      type === rrtype.TXT ? { ...answer, authority: forged(denials, 8) } : undefined;
    const validation = await resolve(validatorOf(world), "none.example.com.", "TXT");
    expect(short(validation)).toEqual(["unverifiable", "no-name", "budget-spent"]);
    expect(validation.work.signatures).toBeLessThanOrEqual(5 + signaturesPerHopMax);
  });

  it("over every hop of an alias chain: no more than a question may cost", async () => {
    const chain = Array.from(
      { length: 11 },
      (_, index) => `c${index}.example.com. 300 CNAME c${index + 1}.example.com.`,
    );
    const world = worldOf({ options: { keys }, example: [...chain, "c11.example.com. 300 A 192.0.2.1"] });
    // Each has fifteen signatures that fail before the one that is valid.
    world.intercept = ({ type }, answer) =>
      type === rrtype.A
        ? {
            ...answer,
            answer: [
              ...forged(
                answer.answer.filter(({ type: one }) => one === rrtype.RRSIG),
                7,
              ),
              ...answer.answer,
            ],
          }
        : undefined;
    const { verdict, work } = await resolve(validatorOf(world), "c0.example.com.");
    expect(["secure", "unverifiable"]).toContain(verdict);
    expect(work.signatures).toBeLessThanOrEqual(workMax);
  });
});

/** Turns of the event loop until a verdict is there. */
async function turnsUntil(verdict: Promise<unknown>): Promise<number> {
  const ended = new AbortController();
  const counted = (async () => {
    let turns = 0;
    for (; !ended.signal.aborted; turns += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one turn after the other
      await new Promise((turn) => setImmediate(turn));
    }
    return turns;
  })();
  await verdict;
  ended.abort();
  return counted;
}

describe("while a hostile zone is looked at, the others go on", () => {
  it("thousands of signatures that cannot be tried: looked at in many turns, and no check is made", async () => {
    const signatures = 2000;
    const rrset = forged(
      worldOf({ options: { keys } })
        .answerTo("www.example.com.", "A")
        .answer.filter(({ type }) => type === rrtype.A || type === rrtype.RRSIG),
      signatures,
    );
    const [set] = rrsetsOf(rrset);
    if (set === undefined) throw new Error("an RRset");
    const budget = new Budget();
    const context = { now: testNow, budget, options: { legacy: "unsupported" } } as const;
    const stranger = keyPair(zone, ecdsa, zsk).dnskey;
    expect(await turnsUntil(checkRRset(set, zone, [stranger], context))).toBeGreaterThan(signatures / 512);
    expect(budget.figures.signatures).toBe(0);
  });

  it("an answer of thousands of records is judged in a turn of its own", async () => {
    const world = worldOf({ options: { keys } });
    const validator = validatorOf(world);
    const answer = forgedIn(world.answerTo("www.example.com.", "A"), 2000);
    const elsewhere = rootAnchor().replaceAll(/^\. /gm, "elsewhere. ");
    // Without an anchor above it there is no check to wait for.
    const unanchored = createValidator({ port: world, anchors: trustAnchors({ anchors: elsewhere }) });
    const question = { name: nameOf("www.example.com."), type: rrtype.A };
    const { signal } = new AbortController();
    let isAnotherServed = false;
    setImmediate(() => (isAnotherServed = true));
    await unanchored.judge(question, answer, testNow, signal);
    expect(isAnotherServed).toBe(true);
    expect((await validator.judge(question, answer, testNow, signal)).verdict).toBe("bogus");
  });
});

/** A DNSKEY of RSA with this exponent; nobody signs by it. */
function rsaKey(exponent: Uint8Array): SigningKey {
  const modulus = Uint8Array.from(randomBytes(256)).fill(0xc1, 0, 1).fill(1, 255);
  const length = Uint8Array.of(0, exponent.length >> 8, exponent.length & 0xff);
  const rdata = concat(Uint8Array.of(1, 1, 3, 8), length, exponent, modulus);
  const record = { name: zone, type: rrtype.DNSKEY, class: rrclass.IN, ttl: 300, rdata };
  const dnskey = parseDnskey(zone, rdata);
  if (dnskey === undefined) throw new Error("a DNSKEY");
  return { record, dnskey, privateKey: keyPair(zone, 8, ksk, 1024).privateKey };
}
describe("keys that nobody should have", () => {
  it("RSA with a huge exponent alone: insecure, as for an algorithm that is not supported, and no check is made", async () => {
    const huge = rsaKey(Uint8Array.from(randomBytes(200)).fill(1, 199));
    const world = worldOf({ options: { keys: [huge], signers: () => [huge] } });
    const validation = await resolve(validatorOf(world), "www.example.com.");
    expect(short(validation)).toEqual(["insecure", "answer", "unsupported-algorithm"]);
  });

  it("RSA with a huge exponent beside a good key: the good key's signature is missed, not made up for", async () => {
    const huge = rsaKey(Uint8Array.from(randomBytes(200)).fill(1, 199));
    const ds = [...delegation("example.com.", [entry]), ...delegation("example.com.", [huge]).slice(1)];
    const world = worldOf({ options: { keys: [huge, entry], signers: () => [huge] } });
    world.put(new FixtureZone("com.", ds, { keys: keysOf("com.") }));
    expect((await resolve(validatorOf(world), "www.example.com.")).verdict).toBe("bogus");
  });

  it("a thousand keys", async () => {
    const crowd = Array.from({ length: 1000 }, () => ({
      ...entry.record,
      rdata: concat(Uint8Array.of(1, 0, 3, 15), randomBytes(32)),
    }));
    const world = worldOf({ options: { keys } });
    world.intercept = ({ type, name }, answer) =>
      type === rrtype.DNSKEY && name.length === zone.length
        ? { ...answer, answer: [...answer.answer, ...crowd] }
        : undefined;
    const validation = await resolve(validatorOf(world), "www.example.com.");
    expect(short(validation)).toEqual(["unverifiable", "answer", "budget-spent"]);
    expect(validation.work.signatures).toBeLessThanOrEqual(4);
  });

  it("a thousand DS records, the right one the last", async () => {
    const good = dsOf(entry).rdata;
    const crowd = Array.from({ length: 1000 }, () => concat(good.subarray(0, 4), randomBytes(32)));
    const ds = crowd.map((rdata) => `example.com. 300 DS ${rdataOctetsToText(rrtype.DS, rdata)}`);
    const world = worldOf({ options: { keys } });
    world.put(new FixtureZone("com.", ["example.com. 300 NS ns.invalid.", ...ds], { keys: keysOf("com.") }));
    const validation = await resolve(validatorOf(world), "www.example.com.");
    expect(short(validation)).toEqual(["unverifiable", "answer", "budget-spent"]);
  });
});

describe("NSEC3 that costs much", () => {
  it.each([
    ["www.example.com.", "AAAA"],
    ["none.example.com.", "A"],
  ])("at 500 iterations %s %s is insecure, and nothing is hashed (RFC 9276 §3.2)", async (name, type) => {
    const world = worldOf({ options: { keys, denial: "nsec3", iterations: 500 } });
    const validation = await resolve(validatorOf(world), name, type);
    expect([validation.verdict, validation.reasons.at(-1)?.code]).toEqual(["insecure", "too-many-iterations"]);
    expect(validation.extendedError?.code).toBe(27);
    expect(validation.work.hashes).toBe(0);
    // What is signed and there stays secure: only denial is weakened.
    expect((await resolve(validatorOf(world), "www.example.com.")).verdict).toBe("secure");
  });

  it("names of a hundred labels cost no more hashes than a hop may", async () => {
    const world = worldOf({ options: { keys, denial: "nsec3", iterations: 50 } });
    const validation = await resolve(validatorOf(world), `${"a.".repeat(100)}example.com.`);
    expect(validation.work.hashes).toBeLessThanOrEqual(hashesPerHopMax);
    expect(["secure", "unverifiable"]).toContain(validation.verdict);
  });
});

describe("delegations without end", () => {
  it(`more than ${zonesPerChainMax} zone cuts are not followed`, async () => {
    const apexes = Array.from({ length: zonesPerChainMax + 4 }, (_, depth) => `${"z.".repeat(depth)}example.com.`);
    const zones = apexes.slice(1).map((apex, depth) => {
      const child = apexes[depth + 2];
      const lines =
        child === undefined
          ? [`www.${apex} 300 A 192.0.2.1`]
          : delegation(child, keysOf("z.", ed25519).map(ownedBy(child)));
      return new FixtureZone(apex, lines, { keys: keysOf("z.", ed25519).map(ownedBy(apex)) });
    });
    const first = apexes[1] ?? "";
    const world = worldOf({
      options: { keys },
      example: delegation(first, keysOf("z.", ed25519).map(ownedBy(first))),
      more: zones,
    });
    const deep = await resolve(validatorOf(world), `www.${apexes[8] ?? ""}`);
    expect(deep.chain).toHaveLength(2 + 9);
    const validation = await resolve(validatorOf(world), `www.${apexes.at(-1) ?? ""}`);
    expect(short(validation)).toEqual(["unverifiable", "answer", "budget-spent"]);
    expect(validation.work.signatures).toBeLessThanOrEqual(workMax);
    expect(validation.work.queries).toBeLessThanOrEqual(3 * zonesPerChainMax);
  });
});

/** The same key as another zone's. */
function ownedBy(apex: string): (key: SigningKey) => SigningKey {
  const name = nameOf(apex);
  return ({ dnskey, record, privateKey }) => ({
    dnskey: { ...dnskey, owner: name },
    record: { ...record, name },
    privateKey,
  });
}

describe("whatever comes as an answer", () => {
  it("is never secure, and never an exception", async () => {
    const world = worldOf({});
    const validator = validatorOf(world);
    const question = { name: nameOf("www.example.com."), type: rrtype.A };
    const signal = new AbortController().signal;
    await fc.assert(
      fc.asyncProperty(anyMessage, async (answer) => {
        const shaped = {
          ...answer,
          question: [],
          flags: { ...answer.flags, qr: true, tc: false, rcode: answer.flags.rcode & 3 },
        };
        const { verdict } = await validator.judge(question, shaped, testNow, signal);
        expect(["bogus", "indeterminate", "unverifiable"]).toContain(verdict);
      }),
      { numRuns: 300 },
    );
  });

  it("on the way down is never secure, and never an exception", async () => {
    await fc.assert(
      fc.asyncProperty(anyMessage, fc.constantFrom(rrtype.DS, rrtype.DNSKEY), async (answer, at) => {
        const world = worldOf({});
        world.intercept = ({ type }) => (type === at ? { ...answer, question: [] } : undefined);
        const { verdict } = await resolve(validatorOf(world), "www.example.com.");
        expect(["bogus", "indeterminate", "unverifiable"]).toContain(verdict);
      }),
      { numRuns: 100 },
    );
  });
});
