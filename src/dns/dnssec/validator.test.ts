import { describe, expect, it } from "vitest";
import { nameOf } from "./sign.fixture.ts";
import { FixtureZone, testNow } from "./zone.fixture.ts";
import { delegation, keysOf, resolve, short, validatorOf, worldOf } from "./world.fixture.ts";

const signed = keysOf("signed.example.com.");

const world = worldOf({
  example: [
    "example.com. 300 MX 10 www.example.com.",
    "alias.example.com. 300 CNAME www.example.com.",
    "away.example.com. 300 CNAME www.example.org.",
    "out.example.com. 300 CNAME www.unsigned.org.",
    "tree.example.com. 300 DNAME www.example.org.",
    "*.wild.example.com. 300 TXT made",
    "deep.below.example.com. 300 A 192.0.2.5",
    "unsigned.example.com. 300 NS ns.invalid.",
    ...delegation("signed.example.com.", signed),
    "island.example.com. 300 NS ns.invalid.",
  ],
  more: [
    new FixtureZone("unsigned.example.com.", ["www.unsigned.example.com. 300 A 192.0.2.6"]),
    new FixtureZone("signed.example.com.", ["www.signed.example.com. 300 A 192.0.2.7"], { keys: signed }),
    new FixtureZone("island.example.com.", ["www.island.example.com. 300 A 192.0.2.8"], {
      keys: keysOf("island.example.com."),
    }),
  ],
});

describe("a world without fault", () => {
  it.each([
    ["www.example.com.", "A", "secure", "answer", "answer-secure"],
    ["WWW.Example.COM.", "A", "secure", "answer", "answer-secure"],
    ["example.com.", "MX", "secure", "answer", "answer-secure"],
    ["example.com.", "DNSKEY", "secure", "answer", "answer-secure"],
    [".", "NS", "secure", "answer", "answer-secure"],
    ["example.com.", "DS", "secure", "answer", "answer-secure"],
    ["www.signed.example.com.", "A", "secure", "answer", "answer-secure"],
    ["alias.example.com.", "A", "secure", "answer", "answer-secure"],
    ["away.example.com.", "A", "secure", "answer", "answer-secure"],
    ["mail.tree.example.com.", "A", "secure", "answer", "answer-secure"],
    ["x.wild.example.com.", "TXT", "secure", "answer", "wildcard-secure"],
    ["www.example.com.", "AAAA", "secure", "no-data", "no-data-secure"],
    ["below.example.com.", "A", "secure", "no-data", "no-data-secure"],
    ["x.wild.example.com.", "A", "secure", "no-data", "no-data-secure"],
    ["www.example.com.", "DS", "secure", "no-data", "no-data-secure"],
    ["www.example.org.", "AAAA", "secure", "no-data", "no-data-secure"],
    ["none.example.com.", "A", "secure", "no-name", "no-name-secure"],
    ["none.example.org.", "A", "secure", "no-name", "no-name-secure"],
    ["none.", "A", "secure", "no-name", "no-name-secure"],
    ["none.org.", "A", "insecure", "no-name", "opt-out"],
    ["www.unsigned.org.", "A", "insecure", "answer", "opt-out"],
    ["none.unsigned.org.", "A", "insecure", "no-name", "opt-out"],
    ["unsigned.example.com.", "DS", "secure", "no-data", "no-data-secure"],
    ["www.unsigned.example.com.", "A", "insecure", "answer", "insecure-delegation"],
    ["www.unsigned.example.com.", "AAAA", "insecure", "no-data", "insecure-delegation"],
    ["www.island.example.com.", "A", "insecure", "answer", "insecure-delegation"],
    ["out.example.com.", "A", "insecure", "answer", "opt-out"],
  ])("%s %s is %s", async (name, type, ...expected) => {
    expect(short(await resolve(validatorOf(world), name, type))).toEqual(expected);
  });
});

describe("a validation tells the whole chain", () => {
  it("each zone with what vouches for its keys, and the answer with its signature", async () => {
    const validation = await resolve(validatorOf(world), "x.wild.example.com.", "TXT");
    expect(
      validation.chain.map(({ zone, verdict, ds, keys }) => [
        zone,
        verdict,
        ds.map(({ matches }) => matches),
        keys.map(({ flags, bits, trustedBy }) => `${flags} ${bits} ${trustedBy}`).toSorted(),
      ]),
    ).toEqual([
      [".", "secure", ["key"], ["256 256 signed", "257 256 anchor"]],
      ["com.", "secure", ["key"], ["256 256 signed", "257 256 ds"]],
      ["example.com.", "secure", ["key"], ["256 256 signed", "257 256 ds"]],
    ]);
    expect(validation.answer.map(({ name, type, zone, wildcard }) => [name, type, zone, wildcard])).toEqual([
      ["x.wild.example.com.", "TXT", "example.com.", "*.wild.example.com."],
      ["*.wild.example.com.", "NSEC", "example.com.", null],
    ]);
    expect(validation.answer[0]).toMatchObject({ verdict: "secure", ttl: 300, rdata: ['"made"'] });
    expect(validation.answer[0]?.signatures.map(({ state }) => state)).toEqual(["valid"]);
    expect(validation.reasons.map(({ code, record }) => `${code} ${record ?? ""}`)).toEqual([
      "anchor-trusted ",
      "keys-secure . DNSKEY",
      "ds-secure com. DS",
      "keys-secure com. DNSKEY",
      "ds-secure example.com. DS",
      "keys-secure example.com. DNSKEY",
      "answer-secure x.wild.example.com. TXT",
      "wildcard-secure x.wild.example.com. TXT",
    ]);
    expect(validation).toMatchObject({ fault: null, extendedError: null, holdsUntil: testNow + 300_000 });
  });

  it("and the keys of a zone can be asked for, or what keeps from them", async () => {
    const { signal } = new AbortController();
    const of = (name: string) => validatorOf(world).zoneKeys(nameOf(name), testNow, signal);
    const secure = await of("signed.example.com.");
    expect([secure.verdict, secure.zone, secure.isApex, secure.keys.length]).toEqual([
      "secure",
      "signed.example.com.",
      true,
      2,
    ]);
    const within = await of("www.example.com.");
    expect([within.verdict, within.zone, within.isApex]).toEqual(["secure", "example.com.", false]);
    const insecure = await of("island.example.com.");
    expect([insecure.verdict, insecure.keys, insecure.fault]).toEqual(["insecure", [], null]);
    expect(insecure.reasons.at(-1)?.code).toBe("insecure-delegation");
  });
});
