import { describe, expect, it } from "vitest";
import { PointsmanError } from "../../values/refusal.ts";
import { add, day, hour, parseInstant, type Instant } from "../../values/time.ts";
import { rdataOctetsToText } from "../wire/rdata.ts";
import { rrtype } from "../wire/rrtype.ts";
import { closestAnchor, trustAnchors } from "./anchors.ts";
import { digestOf } from "./digest.ts";
import { nameOf, recordOf } from "./sign.fixture.ts";
import { parseDnskey } from "./parse.ts";
import { FixtureZone, testNow } from "./zone.fixture.ts";
import { delegation, keysOf, resolve, rootAnchor, short, validatorOf, worldOf, type World } from "./world.fixture.ts";
import { toHex } from "../../values/octets.ts";

function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`no instant: ${text}`);
  return instant;
}

/** The form of data.iana.org/root-anchors/root-anchors.xml (RFC 9718 §2.1). */
const xml = `<?xml version="1.0" encoding="UTF-8"?>
<!-- for tests -->
<TrustAnchor id="test" source="http://data.iana.org/root-anchors/root-anchors.xml">
  <Zone>.</Zone>
  <KeyDigest id="K1" validFrom="2010-07-15T00:00:00+00:00" validUntil="2019-01-11T00:00:00+00:00">
    <KeyTag>19036</KeyTag><Algorithm>8</Algorithm><DigestType>2</DigestType>
    <Digest>49AAC11D7B6F6446702E54A1607371607A1A41855200FD2CE1CDDE32F24E8FB5</Digest>
  </KeyDigest>
  <KeyDigest id="K2" validFrom="2017-02-02T00:00:00+00:00">
    <KeyTag>20326</KeyTag><Algorithm>8</Algorithm><DigestType>2</DigestType>
    <Digest>E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D</Digest>
  </KeyDigest>
  <KeyDigest id="K3" validFrom="2024-07-18T02:00:00+02:00">
    <KeyTag>38696</KeyTag><Algorithm>8</Algorithm><DigestType>2</DigestType>
    <Digest>683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16</Digest>
  </KeyDigest>
</TrustAnchor>`;

/** The keys of a zone as anchors. */
function dnskey(apex: string, keys = keysOf(apex)): string {
  return keys.map(({ record }) => `${apex} DNSKEY ${rdataOctetsToText(rrtype.DNSKEY, record.rdata)}`).join("\n");
}

function tagsAt(text: string, name: string, now: string): readonly number[] {
  const closest = closestAnchor(trustAnchors({ anchors: text }), nameOf(name), at(now));
  if (closest.kind !== "positive") return [];
  return closest.anchors.map((anchor) => (anchor.form === "ds" ? anchor.ds.tag : anchor.key.tag));
}

describe("the root's anchors", () => {
  it("are both of IANA's, and have the digests of the root's keys", () => {
    expect(tagsAt("iana-root", "www.example.com.", "2026-11-22")).toEqual([20326, 38696]);
    // The DNSKEY of KSK-2024 as Debian's dns-root-data and BIND's bind.keys have it.
    const key = recordOf(
      ". 3600 DNSKEY 257 3 8 AwEAAa96jeuknZlaeSrvyAJj6ZHv28hhOKkx3rLGXVaC6rXTsDc449/cidltpkyGwCJNnOAlFNKF2jBosZBU5eeHspaQWOmOElZsjICMQMC3aeHbGiShvZsx4wMYSjH8e7Vrhbu6irwCzVBApESjbUdpWWmEnhathWu1jo+siFUiRAAxm9qyJNg/wOZqqzL/dL/q8PkcRU5oUKEpUge71M3ej2/7CPqpdVwuMoTvoB+ZOT4YeGyxMvHmbrxlFzGOHOijtzN+u1TQNatX2XBuzZNQ1K+s2CXkPIZo7s6JgZyvaBevYtxPvYLw4z9mR7K2vaF18UYH9Z9GNUUeayffKC73PYc=",
    );
    const root = parseDnskey(key.name, key.rdata);
    const ds = trustAnchors().positive.flatMap((anchor) => (anchor.form === "ds" ? [anchor.ds] : []))[1];
    if (root === undefined || ds === undefined) throw new Error("there is a key and an anchor");
    expect([root.tag, toHex(digestOf(2, root) ?? root.rdata)]).toEqual([ds.tag, toHex(ds.digest)]);
  });

  it("are read from the XML of RFC 9718, each for its time", () => {
    expect(tagsAt(xml, ".", "2016-01-01")).toEqual([19036]);
    expect(tagsAt(xml, ".", "2018-01-01")).toEqual([19036, 20326]);
    expect(tagsAt(xml, ".", "2024-07-17T23:59:59Z")).toEqual([20326]);
    expect(tagsAt(xml, ".", "2024-07-18T00:00:00Z")).toEqual([20326, 38696]);
    expect(tagsAt(xml, ".", "2010-01-01")).toEqual([]);
  });
});

describe("own anchors as text", () => {
  const ds = "12345 13 2 00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF";

  it.each([
    ["a DS", `example. IN DS ${ds}`],
    ["without class and final dot", `example DS ${ds}`],
    ["with TTL and class in either order", `example. IN 3600 DS ${ds}`],
    [
      "with comments and parentheses",
      `; of 2026\nexample. DS ( 12345 13 2 ; tag, algorithm, digest\n ${ds.slice(11)} )\n`,
    ],
    ["with blanks in the digest, as dnssec-signzone writes it", `example. IN DS ${ds.slice(0, 40)} ${ds.slice(40)}`],
    ["with Windows' line ends", `example. IN DS ${ds}\r\n`],
  ])("%s", (_, text) => expect(tagsAt(text, "www.example.", "2026-11-22")).toEqual([12345]));

  it.each([
    ["no record", "; nothing\n"],
    ["a record of another type", "example. A 192.0.2.1"],
    ["a digest that is no hexadecimal", "example. DS 12345 13 2 XY"],
    ["a DNSKEY without a key", "example. DNSKEY 257 3 13"],
    ["an owner that is no name", "a..b. DS 1 13 2 00"],
    ["a class that is not IN", `example. CH DS ${ds}`],
    ["XML without a zone", xml.replace("<Zone>.</Zone>", "")],
    ["XML with two digests in one element", xml.replace("</Digest>", "</Digest><Digest>00</Digest>")],
    ["XML with a time that is none", xml.replace("2017-02-02", "2017-02-30")],
    ["XML without a digest", xml.replaceAll("KeyDigest", "Other")],
    ["more octets than any anchor has", " ".repeat(1_000_001)],
  ])("%s is refused, and how to mend it is told", (_, text) => {
    expect(() => trustAnchors({ anchors: text })).toThrow(PointsmanError);
    expect(() => trustAnchors({ anchors: text })).toThrow(/Give DS or DNSKEY records/);
  });

  it("a negative anchor without a reason is refused", () => {
    const negative = [{ name: "example.", until: testNow, reason: " " }];
    expect(() => trustAnchors({ negative })).toThrow(/has no reason/);
  });
});

describe("the longest match wins", () => {
  const own = keysOf("island.example.com.");
  const island = new FixtureZone("island.example.com.", ["www.island.example.com. 300 A 192.0.2.8"], { keys: own });
  const world = (): World => worldOf({ example: ["island.example.com. 300 NS ns.invalid."], more: [island] });
  it("an island of security has an anchor of its own, as DNSKEY", async () => {
    const validator = validatorOf(world(), { anchors: [rootAnchor(), dnskey("island.example.com.")] });
    const validation = await resolve(validator, "www.island.example.com.");
    expect(short(validation)).toEqual(["secure", "answer", "answer-secure"]);
    expect(validation.chain.map(({ zone }) => zone)).toEqual(["island.example.com."]);
    expect(validation.chain[0]?.keys.map(({ trustedBy }) => trustedBy)).toEqual(["anchor", "anchor"]);
    expect(validation.work.queries).toBe(2);
  });

  it("its DS is the parent's, and validated from there", async () => {
    const validator = validatorOf(world(), { anchors: [rootAnchor(), dnskey("island.example.com.")] });
    expect(short(await resolve(validator, "island.example.com.", "DS"))).toEqual([
      "secure",
      "no-data",
      "no-data-secure",
    ]);
  });

  it("an anchor that fits no key makes bogus what the root would have made secure", async () => {
    const validator = validatorOf(world(), { anchors: [rootAnchor(), dnskey("example.com.", own)] });
    expect(short(await resolve(validator, "www.example.com."))).toEqual(["bogus", "answer", "anchor-matches-no-key"]);
    expect((await resolve(validator, "www.example.org.")).verdict).toBe("secure");
  });

  it("a revoked key is not the key of its anchor", async () => {
    const validator = validatorOf(world(), {
      anchors: dnskey("island.example.com.", own.slice(0, 1)).replace("257 3", "385 3"),
    });
    expect(short(await resolve(validator, "www.island.example.com."))).toEqual([
      "bogus",
      "answer",
      "anchor-matches-no-key",
    ]);
  });

  it("without an anchor at or above a name nothing is known of it", async () => {
    const validator = validatorOf(world(), { anchors: dnskey("island.example.com.") });
    const validation = await resolve(validator, "www.example.com.");
    expect(short(validation)).toEqual(["indeterminate", "answer", "no-anchor-above"]);
    expect(validation.extendedError?.code).toBe(5);
    const nothing = validatorOf(world(), { anchors: [] });
    expect(short(await resolve(nothing, "www.example.com."))).toEqual(["indeterminate", "answer", "no-anchor"]);
  });

  it("an anchor of an unsupported algorithm makes insecure", async () => {
    const digest = toHex(new Uint8Array(32).fill(7));
    const validator = validatorOf(world(), { anchors: [rootAnchor(), `example.com. DS 1 5 2 ${digest}`] });
    expect(short(await resolve(validator, "www.example.com."))).toEqual([
      "insecure",
      "answer",
      "unsupported-algorithm",
    ]);
  });
});

describe("a negative trust anchor", () => {
  const broken = worldOf({ options: { keys: keysOf("example.com."), signers: () => [] } });
  const negative = [{ name: "example.com.", until: add(testNow, hour), reason: "ticket 17: the signer is down" }];

  it("makes insecure what would be bogus, says why and until when, and ends", async () => {
    const validator = validatorOf(broken, { negative });
    const validation = await resolve(validator, "www.example.com.");
    expect(short(validation)).toEqual(["insecure", "answer", "negative-anchor"]);
    expect(validation.reasons.at(-1)?.says).toMatch(/until 2026-11-22T13:00:00Z: ticket 17/);
    expect(validation.extendedError).toEqual({ code: 33, name: "Negative Trust Anchor" });
    const later = await resolve(validator, "www.example.com.", "A", add(testNow, hour));
    expect(short(later)).toEqual(["bogus", "answer", "no-signature"]);
  });

  it("does not reach above itself, nor below a positive anchor that is deeper", async () => {
    const child = keysOf("signed.example.com.");
    const world = worldOf({
      example: delegation("signed.example.com.", child),
      more: [new FixtureZone("signed.example.com.", ["www.signed.example.com. 300 A 192.0.2.7"], { keys: child })],
    });
    const anchor = child.map(
      ({ record }) => `signed.example.com. DNSKEY ${rdataOctetsToText(rrtype.DNSKEY, record.rdata)}`,
    );
    const validator = validatorOf(world, { anchors: [rootAnchor(), ...anchor], negative });
    expect((await resolve(validator, "www.example.org.")).verdict).toBe("secure");
    expect((await resolve(validator, "www.example.com.")).verdict).toBe("insecure");
    expect((await resolve(validator, "www.signed.example.com.")).verdict).toBe("secure");
    const atOne = validatorOf(world, {
      anchors: [rootAnchor(), ...anchor],
      negative: [{ name: "signed.example.com.", until: add(testNow, day), reason: "both at one name" }],
    });
    expect((await resolve(atOne, "www.signed.example.com.")).verdict).toBe("insecure");
  });
});
