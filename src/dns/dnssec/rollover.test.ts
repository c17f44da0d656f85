import { describe, expect, it } from "vitest";
import { add, hour, minute } from "../../values/time.ts";
import { rrtype } from "../wire/rrtype.ts";
import { keyPair, ksk, nameOf, zsk, type SigningKey } from "./sign.fixture.ts";
import { FixtureZone, testNow, type ZoneOptions } from "./zone.fixture.ts";
import {
  delegation,
  ecdsa,
  ed25519,
  keysOf,
  resolve,
  short,
  validatorOf,
  worldOf,
  type World,
} from "./world.fixture.ts";

const zone = nameOf("example.com.");
const address = ["www.example.com. 300 A 192.0.2.1"];

function made(algorithm: number, flags: number): SigningKey {
  return keyPair(zone, algorithm, flags);
}

const [oldKsk, newKsk] = [made(ecdsa, ksk), made(ecdsa, ksk)];
const [oldZsk, newZsk] = [made(ecdsa, zsk), made(ecdsa, zsk)];
const [otherKsk, otherZsk] = [made(ed25519, ksk), made(ed25519, zsk)];

interface Stage {
  readonly keys: readonly SigningKey[];
  readonly ofKeys: readonly SigningKey[];
  readonly ofData: readonly SigningKey[];
  readonly ds: readonly SigningKey[];
}

function optionsOf({ keys, ofKeys, ofData }: Stage): ZoneOptions {
  return { keys, signers: (type) => (type === rrtype.DNSKEY ? ofKeys : ofData) };
}

function worldAt(stage: Stage): World {
  const world = worldOf({ options: optionsOf(stage) });
  parentOfStage(world, stage);
  return world;
}

function parentOfStage(world: World, { ds }: Stage): void {
  world.put(new FixtureZone("com.", delegation("example.com.", ds), { keys: keysOf("com."), denial: "nsec3" }));
}

const start = { keys: [oldKsk, oldZsk], ofKeys: [oldKsk], ofData: [oldZsk], ds: [oldKsk] };

/** RFC 6781 §4.1 and RFC 7583: what a zone looks like in the middle of each. */
const stages: { readonly [stage: string]: Stage } = {
  "a ZSK published before it signs": { ...start, keys: [oldKsk, oldZsk, newZsk] },
  "a ZSK that signs, the one before it still there": { ...start, keys: [oldKsk, oldZsk, newZsk], ofData: [newZsk] },
  "two ZSKs that both sign": { ...start, keys: [oldKsk, oldZsk, newZsk], ofData: [oldZsk, newZsk] },
  "a KSK published before its DS": { ...start, keys: [oldKsk, newKsk, oldZsk], ofKeys: [oldKsk, newKsk] },
  "a DS published before its KSK": { ...start, ds: [oldKsk, newKsk] },
  "two KSKs and two DS": {
    ...start,
    keys: [oldKsk, newKsk, oldZsk],
    ofKeys: [oldKsk, newKsk],
    ds: [oldKsk, newKsk],
  },
  "the new DS alone, both KSKs": {
    ...start,
    keys: [oldKsk, newKsk, oldZsk],
    ofKeys: [oldKsk, newKsk],
    ds: [newKsk],
  },
  "an algorithm whose signatures come before its keys": {
    ...start,
    ofData: [oldZsk, otherZsk],
    ofKeys: [oldKsk, otherKsk],
  },
  "two algorithms, one DS": {
    keys: [oldKsk, oldZsk, otherKsk, otherZsk],
    ofKeys: [oldKsk, otherKsk],
    ofData: [oldZsk, otherZsk],
    ds: [oldKsk],
  },
  "two algorithms in the DS set, one of them signs nothing (RFC 6840 §5.11)": { ...start, ds: [oldKsk, otherKsk] },
  "the new algorithm's DS alone": {
    keys: [oldKsk, oldZsk, otherKsk, otherZsk],
    ofKeys: [oldKsk, otherKsk],
    ofData: [oldZsk, otherZsk],
    ds: [otherKsk],
  },
  "one key for all": { keys: [oldKsk], ofKeys: [oldKsk], ofData: [oldKsk], ds: [oldKsk] },
};

describe("a zone in the middle of a rollover is secure", () => {
  it.each(Object.entries(stages))("%s", async (_, stage) => {
    const validator = validatorOf(worldAt(stage));
    expect(short(await resolve(validator, "www.example.com."))).toEqual(["secure", "answer", "answer-secure"]);
    expect(short(await resolve(validator, "none.example.com."))).toEqual(["secure", "no-name", "no-name-secure"]);
  });
});

describe("a rollover that comes while keys are remembered", () => {
  it.each([
    ["a ZSK that was never published before", { ...start, keys: [oldKsk, newZsk], ofData: [newZsk] }],
    ["all keys at once", { keys: [newKsk, newZsk], ofKeys: [newKsk], ofData: [newZsk], ds: [newKsk] }],
  ])("%s: the zone is asked once more before it is called bogus", async (_, after: Stage) => {
    const world = worldAt(start);
    const validator = validatorOf(world);
    expect((await resolve(validator, "www.example.com.")).verdict).toBe("secure");
    parentOfStage(world, after);
    world.put(new FixtureZone("example.com.", address, optionsOf(after)));
    const before = world.asked.length;
    expect((await resolve(validator, "www.example.com.", "A", add(testNow, minute))).verdict).toBe("secure");
    expect(world.asked.slice(before)).toEqual([
      "example.com. www.example.com. A",
      "example.com. www.example.com. DS",
      "example.com. www.example.com. A",
      "com. example.com. DS",
      "example.com. example.com. DNSKEY",
    ]);
  });

  it("and a zone that is bogus is asked once more for each question, not without end", async () => {
    const world = worldAt(start);
    const validator = validatorOf(world);
    await resolve(validator, "www.example.com.");
    world.put(new FixtureZone("example.com.", address, { ...optionsOf(start), signers: () => [newZsk] }));
    const before = world.asked.length;
    const bogus = await resolve(validator, "www.example.com.");
    expect(short(bogus)).toEqual(["bogus", "answer", "no-key-for-signature"]);
    expect(world.asked.length - before).toBeLessThanOrEqual(6);
  });

  it("a zone that was delegated since, below a name that had none", async () => {
    const world = worldOf({ example: ["a.new.example.com. 300 A 192.0.2.1"] });
    const validator = validatorOf(world);
    await resolve(validator, "a.new.example.com.", "DS");
    await resolve(validator, "none.new.example.com.", "A");
    const child = keysOf("new.example.com.");
    await validator.zoneKeys(nameOf("new.example.com."), testNow, new AbortController().signal);
    world.put(
      new FixtureZone("example.com.", [...address, ...delegation("new.example.com.", child)], {
        keys: keysOf("example.com."),
      }),
    );
    world.put(new FixtureZone("new.example.com.", ["a.new.example.com. 300 A 192.0.2.1"], { keys: child }));
    expect(short(await resolve(validator, "a.new.example.com."))).toEqual(["secure", "answer", "answer-secure"]);
  });
});

/** Model 2 of RFC 8901: each provider has a KSK and a ZSK of its own, and publishes what it knows of the other's. */
function provider(own: readonly [SigningKey, SigningKey], others: readonly SigningKey[]): FixtureZone {
  const signers = (type: number) => [type === rrtype.DNSKEY ? own[0] : own[1]];
  return new FixtureZone("example.com.", address, { keys: [...own, ...others], signers });
}

describe("a zone that two providers sign (RFC 8901)", () => {
  const signal = new AbortController().signal;
  const question = { name: nameOf("www.example.com."), type: rrtype.A };
  const both = { ...start, ds: [oldKsk, newKsk] };

  it("is secure at either, whosever keys are remembered", async () => {
    const world = worldAt(both);
    const [one, two] = [provider([oldKsk, oldZsk], [newZsk]), provider([newKsk, newZsk], [oldZsk])];
    for (const server of [one, two]) {
      world.put(server);
      const validator = validatorOf(world);
      for (const answers of [one, two]) {
        const answer = answers.answer(question.name, question.type);
        // oxlint-disable-next-line no-await-in-loop -- one server after the other
        expect((await validator.judge(question, answer, testNow, signal)).verdict).toBe("secure");
      }
    }
  });

  it("is secure by any DNSKEY set that is validated, where the sets differ by server", async () => {
    const world = worldAt(both);
    const [one, two] = [provider([oldKsk, oldZsk], []), provider([newKsk, newZsk], [])];
    const validator = validatorOf(world);
    const asked = [one, two, one, two, two, one];
    for (const answers of asked) {
      world.put(answers);
      // oxlint-disable-next-line no-await-in-loop -- one server after the other
      const { verdict } = await validator.judge(
        question,
        answers.answer(question.name, question.type),
        testNow,
        signal,
      );
      expect(verdict).toBe("secure");
    }
    // Once both sets are known nobody is asked again.
    expect(world.asked.filter((one_) => one_.endsWith("example.com. DNSKEY"))).toHaveLength(2);
  });
});

describe("a DNSKEY set in hand", () => {
  const signal = new AbortController().signal;
  const question = { name: zone, type: rrtype.DNSKEY };
  const both = { ...start, ds: [oldKsk, newKsk] };

  it("is validated by the DS, not by the keys of another server, and its keys are good for that server's answers", async () => {
    const world = worldAt(both);
    world.put(provider([oldKsk, oldZsk], []));
    const validator = validatorOf(world);
    const other = provider([newKsk, newZsk], []);
    const validation = await validator.judge(question, other.answer(zone, rrtype.DNSKEY), testNow, signal);
    expect(short(validation)).toEqual(["secure", "answer", "answer-secure"]);
    const queries = world.asked.length;
    const name = nameOf("www.example.com.");
    const answer = await validator.judge({ name, type: rrtype.A }, other.answer(name, rrtype.A), testNow, signal);
    expect([answer.verdict, world.asked.length]).toEqual(["secure", queries]);
  });

  it("is bogus when no key that the DS names signed it, though a key of the zone did", async () => {
    const world = worldAt(start);
    const signers = () => [oldZsk];
    const alone = new FixtureZone("example.com.", address, { keys: [oldKsk, oldZsk], signers });
    const validation = await validatorOf(world).judge(question, alone.answer(zone, rrtype.DNSKEY), testNow, signal);
    expect(short(validation)).toEqual(["bogus", "answer", "no-key-for-signature"]);
  });

  it("of another server is asked for when a signature is by none of the keys of the first", async () => {
    const world = worldAt(both);
    const servers = [provider([oldKsk, oldZsk], []), provider([newKsk, newZsk], [])];
    const [first, second] = servers;
    world.intercept = ({ name, type }) => {
      if (type !== rrtype.DNSKEY || name.length !== zone.length) return undefined;
      return servers.shift()?.answer(zone, type);
    };
    const name = nameOf("www.example.com.");
    const answer = second?.answer(name, rrtype.A);
    if (first === undefined || answer === undefined) throw new Error("there are two servers");
    expect((await validatorOf(world).judge({ name, type: rrtype.A }, answer, testNow, signal)).verdict).toBe("secure");
  });
});

describe("what is remembered", () => {
  it("is used until its TTL ends, and costs no signature check", async () => {
    const world = worldOf({});
    const validator = validatorOf(world);
    const first = await resolve(validator, "www.example.com.");
    const second = await resolve(validator, "www.example.com.");
    expect([first.work, second.work]).toEqual([
      { signatures: 6, hashes: 0, queries: 6 },
      { signatures: 1, hashes: 0, queries: 1 },
    ]);
    expect(second.chain).toEqual(first.chain);
    expect(second.reasons).toEqual(first.reasons);
    const later = await resolve(validator, "www.example.com.", "A", add(testNow, 2 * hour));
    expect(later.work.queries).toBe(6);
  });

  it("is shared by questions that come at once", async () => {
    const world = worldOf({});
    const validator = validatorOf(world);
    const all = await Promise.all(Array.from({ length: 20 }, () => resolve(validator, "www.example.com.")));
    expect(all.every(({ verdict }) => verdict === "secure")).toBe(true);
    expect(world.asked).toHaveLength(5 + 20);
  });

  it("is not what came of another's end: who waits for a step that was stopped goes it again", async () => {
    const world = worldOf({});
    const validator = validatorOf(world);
    const stopped = new AbortController();
    stopped.abort();
    const question = { name: nameOf("www.example.com."), type: rrtype.A };
    const [gone, here] = await Promise.all([
      validator.resolve(question, testNow, stopped.signal),
      validator.resolve(question, testNow, new AbortController().signal),
    ]);
    expect([gone.verdict, here.verdict]).toEqual(["indeterminate", "secure"]);
  });

  it("is bounded", async () => {
    const world = worldOf({});
    const validator = validatorOf(world, { options: { stepsMax: 2 } });
    for (const name of ["www.example.com.", "www.example.org.", "www.example.com."]) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      expect((await resolve(validator, name)).verdict).toBe("secure");
    }
    expect(world.asked.filter((one) => one === "example.com. example.com. DNSKEY")).toHaveLength(2);
  });

  it("is not believed by a clock that is before it", async () => {
    const world = worldOf({});
    const validator = validatorOf(world);
    await resolve(validator, "www.example.com.");
    const earlier = await resolve(validator, "www.example.com.", "A", add(testNow, -hour));
    expect(earlier.work.queries).toBe(6);
  });
});
