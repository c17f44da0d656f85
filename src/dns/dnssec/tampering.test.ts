import { describe, expect, it } from "vitest";
import type { Message, ResourceRecord } from "../wire/record.ts";
import { rcode, rrtype } from "../wire/rrtype.ts";
import { nameToText } from "../wire/name.ts";
import { add, day } from "../../values/time.ts";
import { expanded, nameOf, recordOf, rewritten } from "./sign.fixture.ts";
import { FixtureZone, testNow, type ZoneOptions } from "./zone.fixture.ts";
import { delegation, keysOf, resolve, rootAnchor, short, validatorOf, worldOf, type World } from "./world.fixture.ts";

const keys = keysOf("example.com.");
const lines = [
  "mail.example.com. 300 A 192.0.2.9",
  "tree.example.com. 300 DNAME www.example.org.",
  "*.wild.example.com. 300 TXT made",
  "here.wild.example.com. 300 TXT own",
  "zed.wild.example.com. 300 A 192.0.2.10",
  ...delegation("signed.example.com.", keysOf("signed.example.com.")),
];
const signed = new FixtureZone("signed.example.com.", ["www.signed.example.com. 300 A 192.0.2.7"], {
  keys: keysOf("signed.example.com."),
});

function fresh(): World {
  return worldOf({ example: lines, more: [signed] });
}

/** example.com. as it is, but for how it is signed. */
function twin(options: ZoneOptions): FixtureZone {
  return new FixtureZone("example.com.", ["www.example.com. 300 A 192.0.2.1", ...lines], { keys, ...options });
}

const isSignature = ({ type }: ResourceRecord): boolean => type === rrtype.RRSIG;
const isDenial = ({ type, rdata }: ResourceRecord): boolean =>
  type === rrtype.NSEC || (type === rrtype.RRSIG && rdata[1] === rrtype.NSEC);

function without(answer: Message, drops: (record: ResourceRecord) => boolean): Message {
  const kept = (records: readonly ResourceRecord[]) => records.filter((record) => !drops(record));
  return { ...answer, answer: kept(answer.answer), authority: kept(answer.authority) };
}

function withRcode(answer: Message, code: number): Message {
  return { ...answer, flags: { ...answer.flags, rcode: code } };
}

interface Case {
  readonly name: string;
  readonly type?: string;
  /** The question whose answer is changed. */
  readonly at: string;
  readonly change: (answer: Message, world: World) => Message;
  readonly gives: readonly [string, string, number | null];
}

const cases: { readonly [what: string]: Case } = {
  "an answer without its signature": {
    name: "www.example.com.",
    at: "www.example.com. A",
    change: (answer) => without(answer, isSignature),
    gives: ["bogus", "no-signature", 10],
  },
  "an answer with another address": {
    name: "www.example.com.",
    at: "www.example.com. A",
    change: (answer) => ({
      ...answer,
      answer: [recordOf("www.example.com. 300 A 192.0.2.66"), ...answer.answer.slice(1)],
    }),
    gives: ["bogus", "signature-invalid", 6],
  },
  "an answer with one address more": {
    name: "www.example.com.",
    at: "www.example.com. A",
    change: (answer) => ({ ...answer, answer: [...answer.answer, recordOf("www.example.com. 300 A 192.0.2.66")] }),
    gives: ["bogus", "signature-invalid", 6],
  },
  "an answer whose signature ended": {
    name: "www.example.com.",
    at: "www.example.com. A",
    change: () =>
      twin({ period: { inception: add(testNow, -9 * day), expiration: add(testNow, -day) } }).answer(
        nameOf("www.example.com."),
        rrtype.A,
      ),
    gives: ["bogus", "signature-expired", 7],
  },
  "an answer whose signature begins tomorrow": {
    name: "www.example.com.",
    at: "www.example.com. A",
    change: () =>
      twin({ period: { inception: add(testNow, day), expiration: add(testNow, 9 * day) } }).answer(
        nameOf("www.example.com."),
        rrtype.A,
      ),
    gives: ["bogus", "signature-not-yet-valid", 8],
  },
  "a signature that names the zone above as its signer": {
    name: "www.example.com.",
    at: "www.example.com. A",
    change: () => twin({ lies: { signer: nameOf("com.") } }).answer(nameOf("www.example.com."), rrtype.A),
    gives: ["bogus", "no-key-for-signature", 9],
  },
  "a signature that names a zone that is not above the name": {
    name: "www.example.com.",
    at: "www.example.com. A",
    change: () => twin({ lies: { signer: nameOf("example.org.") } }).answer(nameOf("www.example.com."), rrtype.A),
    gives: ["bogus", "signer-outside-zone", 6],
  },
  "a signature that names a zone that is none": {
    name: "www.example.com.",
    at: "www.example.com. A",
    change: () => twin({ lies: { signer: nameOf("www.example.com.") } }).answer(nameOf("www.example.com."), rrtype.A),
    gives: ["bogus", "signer-outside-zone", 6],
  },
  "a signature that counts labels beyond the name": {
    name: "www.example.com.",
    at: "www.example.com. A",
    change: () => twin({ lies: { labels: 4 } }).answer(nameOf("www.example.com."), rrtype.A),
    gives: ["bogus", "labels-beyond-name", 6],
  },
  "the zone's DNSKEY set without its signature": {
    name: "www.example.com.",
    at: "example.com. DNSKEY",
    change: (answer) => without(answer, isSignature),
    gives: ["bogus", "no-signature", 10],
  },
  "no DNSKEY set under a DS": {
    name: "www.example.com.",
    at: "example.com. DNSKEY",
    change: (answer) => ({ ...answer, answer: [] }),
    gives: ["bogus", "no-dnskey", 9],
  },
  "a DNSKEY set of another zone's keys": {
    name: "www.example.com.",
    at: "example.com. DNSKEY",
    change: (_, world) => {
      const answer = world.answerTo("example.org.", "DNSKEY").answer;
      return { ...world.answerTo("example.com.", "DNSKEY"), answer: expanded(answer, nameOf("example.com.")) };
    },
    gives: ["bogus", "ds-matches-no-key", 9],
  },
  "a DS without its signature": {
    name: "www.example.com.",
    at: "example.com. DS",
    change: (answer) => without(answer, isSignature),
    gives: ["bogus", "no-signature", 10],
  },
  "a DS that is hidden": {
    name: "www.example.com.",
    at: "example.com. DS",
    change: (answer) => ({ ...answer, answer: [] }),
    gives: ["bogus", "denial-missing", 12],
  },
  "a DS that is denied by the record of another delegation": {
    name: "www.example.com.",
    at: "example.com. DS",
    change: (_, world) => world.answerTo("none.com.", "DS"),
    gives: ["bogus", "answer-contradicts-itself", 6],
  },
  "a missing name without proof": {
    name: "none.example.com.",
    at: "none.example.com. A",
    change: (answer) => without(answer, isDenial),
    gives: ["bogus", "denial-missing", 12],
  },
  "a missing name whose proof has no signatures": {
    name: "none.example.com.",
    at: "none.example.com. A",
    change: (answer) => without(answer, isSignature),
    gives: ["bogus", "no-signature", 10],
  },
  "a name that is there, denied by the proof of another": {
    name: "www.example.com.",
    at: "www.example.com. A",
    change: (_, world) => world.answerTo("none.example.com.", "A"),
    gives: ["bogus", "denial-incomplete", 12],
  },
  "a missing name that is said to lack but the type": {
    name: "none.example.com.",
    at: "none.example.com. A",
    change: (answer) => withRcode(answer, rcode.NOERROR),
    gives: ["bogus", "denial-incomplete", 12],
  },
  "a name that is said to be missing, and lacks but the type": {
    name: "www.example.com.",
    type: "AAAA",
    at: "www.example.com. AAAA",
    change: (answer) => withRcode(answer, rcode.NXDOMAIN),
    gives: ["bogus", "answer-contradicts-itself", 6],
  },
  "a child's type denied by the parent's record of the cut": {
    name: "signed.example.com.",
    type: "A",
    at: "signed.example.com. A",
    change: () => twin({}).answer(nameOf("signed.example.com."), rrtype.A),
    gives: ["bogus", "denial-from-ancestor", 6],
  },
  "a wildcard's answer without proof that nothing closer is there": {
    name: "x.wild.example.com.",
    type: "TXT",
    at: "x.wild.example.com. TXT",
    change: (answer) => without(answer, isDenial),
    gives: ["bogus", "denial-missing", 12],
  },
  "a wildcard's answer for a name of its own": {
    name: "here.wild.example.com.",
    type: "TXT",
    at: "here.wild.example.com. TXT",
    change: (_, world) => {
      const answer = world.answerTo("x.wild.example.com.", "TXT");
      return { ...answer, answer: expanded(answer.answer, nameOf("here.wild.example.com.")) };
    },
    gives: ["bogus", "answer-contradicts-itself", 6],
  },
  "a type that is there, denied by the record of a wildcard under another name": {
    name: "zed.wild.example.com.",
    at: "zed.wild.example.com. A",
    change: (_, world) => {
      const answer = world.answerTo("x.wild.example.com.", "A");
      const { authority } = answer;
      const ofWildcard = authority.filter(({ name }) => nameToText(name) === "*.wild.example.com.");
      return { ...answer, authority: expanded(ofWildcard, nameOf("zed.wild.example.com.")) };
    },
    gives: ["bogus", "denial-from-elsewhere", 6],
  },
  "a CNAME that its DNAME does not make": {
    name: "mail.tree.example.com.",
    at: "mail.tree.example.com. A",
    change: (answer) => ({
      ...answer,
      answer: answer.answer.map((one) =>
        one.type === rrtype.CNAME ? recordOf("mail.tree.example.com. 300 CNAME www.example.com.") : one,
      ),
    }),
    gives: ["bogus", "answer-contradicts-itself", 6],
  },
};

describe("what was changed on the way is bogus, and says what is wrong", () => {
  it.each(Object.entries(cases))("%s", async (_, { name, type = "A", at, change, gives }) => {
    const world = fresh();
    world.intercept = ({ name: asked, type: askedType }, answer) => {
      const question = `${nameToText(asked)} ${Object.entries(rrtype).find(([, number]) => number === askedType)?.[0] ?? ""}`;
      return question === at ? change(answer, world) : undefined;
    };
    const validation = await resolve(validatorOf(world), name, type);
    const [verdict, code, info] = gives;
    expect([validation.verdict, validation.reasons.at(-1)?.code, validation.extendedError?.code]).toEqual([
      verdict,
      code,
      info,
    ]);
    expect(validation.holdsUntil).toBeNull();
    expect(validation.fault).not.toBeNull();
  });
});

describe("what is not looked for", () => {
  it("the keys of a signer that is not above the name", async () => {
    const world = fresh();
    world.intercept = ({ type }) =>
      type === rrtype.A
        ? twin({ lies: { signer: nameOf("example.org.") } }).answer(nameOf("www.example.com."), type)
        : undefined;
    await resolve(validatorOf(world), "www.example.com.");
    expect(world.asked.filter((one) => one.includes("org."))).toEqual([]);
  });

  it("cuts below a name that is not there", async () => {
    const world = fresh();
    const forged = recordOf("a.b.c.none.example.com. 300 A 192.0.2.66");
    world.intercept = ({ type }, answer) =>
      type === rrtype.A ? { ...withRcode(answer, rcode.NOERROR), answer: [forged], authority: [] } : undefined;
    const validation = await resolve(validatorOf(world), "a.b.c.none.example.com.");
    expect(short(validation)).toEqual(["bogus", "answer", "no-signature"]);
    expect(world.asked.filter((one) => one.includes("none."))).toEqual([
      "example.com. a.b.c.none.example.com. A",
      "example.com. none.example.com. DS",
    ]);
  });
});

describe("a DS that a wildcard makes", () => {
  it("delegates nothing", async () => {
    const child = keysOf("x.wild.com.");
    const ds = delegation("*.wild.com.", child).slice(1);
    const world = worldOf({
      com: ds,
      more: [new FixtureZone("x.wild.com.", ["www.x.wild.com. 300 A 192.0.2.1"], { keys: child })],
    });
    const validation = await resolve(validatorOf(world), "www.x.wild.com.");
    expect(short(validation)).toEqual(["bogus", "answer", "answer-contradicts-itself"]);
  });
});

describe("keys that may not sign", () => {
  it.each([
    ["a revoked key", 257 + 128, "key-revoked"],
    ["a key without the zone key bit", 1, "key-not-a-zone-key"],
  ])("%s, though a DS names it", async (_, flags, code) => {
    const [first = keys[0]] = keysOf("example.com.");
    if (first === undefined) throw new Error("a zone has a key");
    const bad = rewritten(first, { flags });
    const world = worldOf({ options: { keys: [bad], signers: () => [bad] } });
    expect(short(await resolve(validatorOf(world), "www.example.com."))).toEqual(["bogus", "answer", code]);
  });

  it("an anchor for a key that the zone does not have", async () => {
    const validator = validatorOf(fresh(), { anchors: rootAnchor(keysOf("com.")).replace("com.", ".") });
    expect(short(await resolve(validator, "www.example.com."))).toEqual(["bogus", "answer", "anchor-matches-no-key"]);
  });
});

describe("silence is never bogus", () => {
  const names = ["www.example.com.", "www.signed.example.com.", "none.example.com.", "mail.tree.example.com."];

  it.each(names)("whichever question of %s is not answered", async (name) => {
    const whole = fresh();
    expect((await resolve(validatorOf(whole), name)).verdict).toBe("secure");
    for (const kind of ["silence", "SERVFAIL"] as const) {
      for (const question of whole.asked) {
        const world = fresh();
        world.intercept = () => (world.asked.at(-1) === question ? kind : undefined);
        // oxlint-disable-next-line no-await-in-loop -- one world at a time
        const { verdict, fault, extendedError } = await resolve(validatorOf(world), name);
        expect([question, verdict]).toEqual([question, "indeterminate"]);
        expect(fault).not.toBeNull();
        expect([22, 24]).toContain(extendedError?.code);
      }
    }
  });

  it("and once it is over, the question is answered", async () => {
    const world = fresh();
    const validator = validatorOf(world);
    world.intercept = ({ type }) => (type === rrtype.DNSKEY ? "silence" : undefined);
    expect((await resolve(validator, "www.example.com.")).verdict).toBe("indeterminate");
    world.intercept = () => undefined;
    expect((await resolve(validator, "www.example.com.")).verdict).toBe("secure");
  });

  it("nor is a referral, a truncated answer, or an answer to another question", async () => {
    const changes: ((answer: Message) => Message)[] = [
      (answer) => ({ ...answer, flags: { ...answer.flags, tc: true } }),
      (answer) => ({ ...answer, flags: { ...answer.flags, qr: false } }),
      (answer) => ({ ...answer, question: [{ name: nameOf("other.example.com."), type: rrtype.A, class: 1 }] }),
      (answer) => ({
        ...answer,
        flags: { ...answer.flags, aa: false },
        answer: [],
        authority: [recordOf("example.com. 300 NS ns.invalid.")],
      }),
    ];
    for (const change of changes) {
      const world = fresh();
      world.intercept = ({ type }, answer) => (type === rrtype.A ? change(answer) : undefined);
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const validation = await resolve(validatorOf(world), "www.example.com.");
      expect(short(validation)).toEqual(["indeterminate", "none", "unusable-answer"]);
    }
  });
});
