import { describe, expect, it } from "vitest";
import { rrtype } from "../wire/rrtype.ts";
import { nameToText } from "../wire/name.ts";
import { aliasesMax } from "./limits.ts";
import { nameOf, recordOf } from "./sign.fixture.ts";
import { FixtureZone, testNow, message } from "./zone.fixture.ts";
import { delegation, keysOf, resolve, short, validatorOf, worldOf, type World } from "./world.fixture.ts";

const signal = new AbortController().signal;

function chainOf(length: number): readonly string[] {
  const hops = Array.from({ length }, (_, index) => `c${index}.example.com. 300 CNAME c${index + 1}.example.com.`);
  return [...hops, `c${length}.example.com. 300 A 192.0.2.1`];
}

describe("aliases", () => {
  const sub = keysOf("signed.example.com.");
  const world = worldOf({
    example: [
      "away.example.com. 300 CNAME alias.example.org.",
      "gone.example.com. 300 CNAME none.example.org.",
      "bad.example.com. 300 CNAME www.example.net.",
      "tree.example.com. 300 DNAME example.org.",
      `long.example.com. 300 DNAME ${`${"a".repeat(63)}.`.repeat(3)}${"b".repeat(50)}.`,
      "*.star.example.com. 300 CNAME www.example.com.",
      ...delegation("signed.example.com.", sub),
    ],
    more: [
      new FixtureZone(
        "example.org.",
        ["alias.example.org. 300 CNAME www.signed.example.com.", "www.example.org. 300 A 192.0.2.2"],
        {
          keys: keysOf("example.org.", 15),
        },
      ),
      new FixtureZone("signed.example.com.", ["www.signed.example.com. 300 A 192.0.2.7"], { keys: sub }),
    ],
  });

  it("are followed across zones, each hop validated", async () => {
    const validation = await resolve(validatorOf(world), "away.example.com.");
    expect(short(validation)).toEqual(["secure", "answer", "answer-secure"]);
    expect(validation.answer.map(({ name, type, zone }) => `${name} ${type} ${zone}`)).toEqual([
      "away.example.com. CNAME example.com.",
      "alias.example.org. CNAME example.org.",
      "www.signed.example.com. A signed.example.com.",
    ]);
    expect(validation.chain.map(({ zone }) => zone)).toEqual([
      ".",
      "com.",
      "example.com.",
      "org.",
      "example.org.",
      "signed.example.com.",
    ]);
  });

  it("may lead to a name that is proven missing", async () => {
    expect(short(await resolve(validatorOf(world), "gone.example.com."))).toEqual([
      "secure",
      "no-name",
      "no-name-secure",
    ]);
  });

  it("of a DNAME are made as RFC 6672 says, unsigned", async () => {
    const validation = await resolve(validatorOf(world), "www.tree.example.com.");
    expect(short(validation)).toEqual(["secure", "answer", "answer-secure"]);
    expect(validation.answer.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "tree.example.com. DNAME",
      "www.example.org. A",
    ]);
  });

  it("of a DNAME that would be too long are no names", async () => {
    const validation = await resolve(validatorOf(world), "a-name-that-is-not-short.long.example.com.");
    expect([validation.verdict, validation.outcome]).toEqual(["secure", "no-name"]);
  });

  it("may be made from a wildcard", async () => {
    const validation = await resolve(validatorOf(world), "x.star.example.com.");
    expect(short(validation)).toEqual(["secure", "answer", "answer-secure"]);
    expect(validation.answer[0]?.wildcard).toBe("*.star.example.com.");
  });

  it("are not asked for when they are what is asked", async () => {
    const validation = await resolve(validatorOf(world), "away.example.com.", "CNAME");
    expect(validation.answer).toHaveLength(1);
    expect(validation.reasons.at(-1)?.code).toBe("alias-secure");
  });

  it("whose server says something of a zone that is not its own: the zone itself is asked", async () => {
    const lying = worldOf({ example: ["out.example.com. 300 CNAME www.unsigned.org."] });
    lying.intercept = ({ name }, answer) =>
      nameToText(name) === "out.example.com."
        ? { ...answer, answer: [...answer.answer, recordOf("www.unsigned.org. 300 A 192.0.2.66")] }
        : undefined;
    const validation = await resolve(validatorOf(lying), "out.example.com.");
    expect(short(validation)).toEqual(["insecure", "answer", "opt-out"]);
    expect(validation.answer.at(-1)).toMatchObject({
      rdata: ["192.0.2.4"],
      zone: "unsigned.org.",
      verdict: "insecure",
    });
  });

  it("are read as far as one server's answer goes", async () => {
    const question = { name: nameOf("away.example.com."), type: rrtype.A };
    const validation = await validatorOf(world).judge(
      question,
      world.answerTo("away.example.com.", "A"),
      testNow,
      signal,
    );
    expect([validation.verdict, validation.outcome, validation.answer.length]).toEqual(["secure", "answer", 1]);
  });

  it("and the answer of a resolver is validated whole", async () => {
    const parts = ["away.example.com.", "alias.example.org.", "www.signed.example.com."].map((name) =>
      world.answerTo(name, "A"),
    );
    const whole = message({ answer: parts.flatMap(({ answer }) => answer) });
    const question = { name: nameOf("away.example.com."), type: rrtype.A };
    const validation = await validatorOf(world).judge(question, whole, testNow, signal);
    expect([validation.verdict, validation.answer.length]).toEqual(["secure", 3]);
    const gone = [world.answerTo("gone.example.com.", "A"), world.answerTo("none.example.org.", "A")];
    const negative = { ...(gone[1] ?? whole), answer: gone[0]?.answer ?? [] };
    const missing = await validatorOf(world).judge(
      { ...question, name: nameOf("gone.example.com.") },
      negative,
      testNow,
      signal,
    );
    expect(short(missing)).toEqual(["secure", "no-name", "no-name-secure"]);
  });
});

describe("aliases without end", () => {
  it(`more than ${aliasesMax} are not followed, and that is neither good nor bogus`, async () => {
    const enough = await resolve(validatorOf(worldOf({ example: chainOf(aliasesMax) })), "c0.example.com.");
    expect(enough.verdict).toBe("secure");
    const tooMany = await resolve(validatorOf(worldOf({ example: chainOf(aliasesMax + 1) })), "c0.example.com.");
    expect(short(tooMany)).toEqual(["unverifiable", "none", "too-many-aliases"]);
    expect(tooMany.fault).not.toBeNull();
  });

  it.each([
    ["to itself", ["a.example.com. 300 CNAME a.example.com."], "a.example.com."],
    [
      "through another",
      ["a.example.com. 300 CNAME b.example.com.", "b.example.com. 300 CNAME a.example.com."],
      "a.example.com.",
    ],
    ["through a zone", ["a.example.com. 300 CNAME back.example.org."], "a.example.com."],
  ])("that lead back %s", async (_, example, name) => {
    const world = worldOf({ example });
    world.put(
      new FixtureZone("example.org.", ["back.example.org. 300 CNAME a.example.com."], {
        keys: keysOf("example.org.", 15),
      }),
    );
    const validation = await resolve(validatorOf(world), name);
    expect(short(validation)).toEqual(["bogus", "none", "alias-loop"]);
    expect(validation.work.queries).toBeLessThan(20);
  });

  it("a DNAME that makes its names ever longer ends", async () => {
    const world: World = worldOf({ example: ["tree.example.com. 300 DNAME x.tree.example.com."] });
    const { verdict, work } = await resolve(validatorOf(world), "www.tree.example.com.");
    expect(verdict).toBe("unverifiable");
    expect(work.queries).toBeLessThan(40);
  });
});
