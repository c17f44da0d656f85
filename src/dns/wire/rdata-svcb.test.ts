import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyName } from "../../../test/fuzz/arbitrary-message.ts";
import { concat, fromHex, toHex } from "../../values/octets.ts";
import { nameFromText, rootName } from "./name.ts";
import { canonicalRdata, rdataFromText, rdataToText } from "./rdata.ts";
import { rrtype } from "./rrtype.ts";
import { WireError } from "./wire-error.ts";

const target = "03666f6f076578616d706c65036f726700";

/** Octets written with blanks between their fields. */
function octets(text: string): string {
  return text.replaceAll(" ", "");
}

describe("HTTPS and SVCB as master-file text (RFC 9460)", () => {
  // Appendix D.1 and D.2: the text as it is printed there, ours, and the octets.
  it.each([
    ["0 foo.example.com.", "0 foo.example.com.", "0000 03666f6f076578616d706c6503636f6d00"],
    ["1 .", "1 .", "0001 00"],
    [
      "16 foo.example.com. port=53",
      "16 foo.example.com. port=53",
      "0010 03666f6f076578616d706c6503636f6d00 0003 0002 0035",
    ],
    [
      "1 foo.example.com. key667=hello",
      '1 foo.example.com. key667="hello"',
      "0001 03666f6f076578616d706c6503636f6d00 029b 0005 68656c6c6f",
    ],
    [
      String.raw`1 foo.example.com. key667="hello\210qoo"`,
      String.raw`1 foo.example.com. key667="hello\210qoo"`,
      "0001 03666f6f076578616d706c6503636f6d00 029b 0009 68656c6c6fd2716f6f",
    ],
    [
      '1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
      "1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1",
      "0001 03666f6f076578616d706c6503636f6d00 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001",
    ],
    [
      '1 example.com. ipv6hint="2001:db8:122:344::192.0.2.33"',
      "1 example.com. ipv6hint=2001:db8:122:344::c000:221",
      "0001 076578616d706c6503636f6d00 0006 0010 20010db80122034400000000c0000221",
    ],
    [
      "16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1",
      '16 foo.example.org. mandatory=alpn,ipv4hint alpn="h2,h3-19" ipv4hint=192.0.2.1',
      `0010 ${target} 0000 0004 00010004 0001 0009 026832 0568332d3139 0004 0004 c0000201`,
    ],
    [
      String.raw`16 foo.example.org. alpn="f\\\\oo\\,bar,h2"`,
      String.raw`16 foo.example.org. alpn="f\\\\oo\\,bar,h2"`,
      `0010 ${target} 0001 000c 08665c6f6f2c626172 026832`,
    ],
    [
      String.raw`16 foo.example.org. alpn=f\\\092oo\092,bar,h2`,
      String.raw`16 foo.example.org. alpn="f\\\\oo\\,bar,h2"`,
      `0010 ${target} 0001 000c 08665c6f6f2c626172 026832`,
    ],
    [
      '1 . ech="aGVsbG8=" no-default-alpn alpn=h2',
      '1 . alpn="h2" no-default-alpn ech=aGVsbG8=',
      "0001 00 0001 0003 026832 0002 0000 0005 0005 68656c6c6f",
    ],
    // A key of a name may be written by its number, with its octets.
    [String.raw`1 . key3=\001\187`, "1 . port=443", "0001 00 0003 0002 01bb"],
    ["1 . key65280", "1 . key65280", "0001 00 ff00 0000"],
  ])("%s", (text, written, hex) => {
    for (const type of ["SVCB", "HTTPS"]) {
      expect(rdataFromText(type, text)).toBe(octets(hex));
      expect(rdataToText(type, octets(hex))).toBe(written);
      expect(rdataFromText(type, written)).toBe(octets(hex));
    }
  });

  it.each([
    // Appendix D.3.
    "1 foo.example.com. key123=abc key123=def",
    "1 foo.example.com. mandatory",
    "1 foo.example.com. alpn",
    "1 foo.example.com. port",
    "1 foo.example.com. ipv4hint",
    "1 foo.example.com. ipv6hint",
    '1 foo.example.com. alpn=h2 no-default-alpn="abc"',
    "1 foo.example.com. mandatory=key123",
    "1 foo.example.com. mandatory=mandatory",
    "1 foo.example.com. mandatory=key123,key123 key123=abc",
    // And of our own.
    "1",
    "65536 .",
    "1 . no-such-key=1",
    "1 . ALPN=h2",
    "1 . alpn=",
    "1 . alpn=h2,",
    String.raw`1 . alpn=f\\ab`,
    '1 . "alpn=h2"',
    '1 . alpn="h2',
    "1 . no-default-alpn",
    "1 . port=65536",
    "1 . port=053",
    "1 . port=1 port=2",
    "1 . port=1 key3=ab",
    "1 . key3=a",
    "1 . key03=ab",
    "1 . key65535=a",
    "1 . ipv4hint=192.0.2.1,",
    "1 . ipv4hint=2001:db8::1",
    "1 . ech=",
    "1 . ech=a",
  ])("refuses %s", (text) => expect(rdataFromText("HTTPS", text)).toBeUndefined());

  it.each([
    ["keys that do not ascend", "0001 00 0003 0002 01bb 0001 0003 026832"],
    ["the same key twice", "0001 00 0003 0002 01bb 0003 0002 01bb"],
    ["a value that is longer than what is left", "0001 00 0003 0003 01bb"],
    ["a key without a length", "0001 00 0003 00"],
    ["the invalid key", "0001 00 ffff 0001 61"],
    ["an empty protocol", "0001 00 0001 0001 00"],
    ["half an address", "0001 00 0004 0003 c00002"],
    ["mandatory keys that do not ascend", "0001 00 0000 0004 00030001 0001 0003 026832 0003 0002 01bb"],
    ["a mandatory key that is not there", "0001 00 0000 0002 0003 0001 0003 026832"],
  ])("shows octets with %s as they are, and takes them from nobody", (_what, hex) => {
    const text = rdataToText("SVCB", octets(hex));
    expect(text.startsWith(String.raw`\#`)).toBe(true);
    expect(rdataFromText("SVCB", text)).toBeUndefined();
  });

  it("has the case of its target in the canonical form, and no compressed one", () => {
    const name = nameFromText("Foo.EXAMPLE.com") ?? rootName;
    for (const type of [rrtype.SVCB, rrtype.HTTPS]) {
      const rdata = concat(Uint8Array.of(0, 1), name, fromHex("000300020035") ?? name);
      expect(canonicalRdata(type, rdata)).toEqual(rdata);
      expect(() => canonicalRdata(type, Uint8Array.of(0, 1, 0xc0, 12))).toThrow(WireError);
    }
  });
});

const item = fc.uint8Array({ minLength: 1, maxLength: 12 });
const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);
const many = (arbitrary: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc.array(arbitrary, { minLength: 1, maxLength: 3 }).map((parts) => concat(...parts));
const protocols = many(item.map((octet) => concat(Uint8Array.of(octet.length), octet)));

/** Values by key, as a record without `mandatory` may have them. */
const values = fc
  .record(
    {
      1: protocols,
      3: fc.nat(65_535).map(u16),
      4: many(fc.uint8Array({ minLength: 4, maxLength: 4 })),
      5: item,
      6: many(fc.uint8Array({ minLength: 16, maxLength: 16 })),
      667: fc.uint8Array({ maxLength: 12 }),
      65534: fc.uint8Array({ maxLength: 12 }),
    },
    { requiredKeys: [] },
  )
  .map((byKey) => Object.entries(byKey).map(([key, value]) => ({ key: Number(key), value })));

const wire = fc.tuple(fc.nat(65_535), anyName, values, fc.boolean()).map(([priority, name, found, areMandatory]) => {
  const listed = concat(...found.map(({ key }) => u16(key)));
  const all = areMandatory && found.length > 0 ? [{ key: 0, value: listed }, ...found] : found;
  return concat(u16(priority), name, ...all.flatMap(({ key, value }) => [u16(key), u16(value.length), value]));
});

describe("any HTTPS record", () => {
  it("has text that reads back as the same octets, in whatever order its parameters are written", () => {
    fc.assert(
      fc.property(wire, fc.infiniteStream(fc.nat()), (rdata, chance) => {
        const hex = toHex(rdata);
        const text = rdataToText("HTTPS", hex);
        expect(text.startsWith(String.raw`\#`)).toBe(false);
        expect(rdataFromText("HTTPS", text)).toBe(hex);
        const [priority = "", name = "", ...parameters] = text.match(/(?:"(?:[^"\\]|\\.)*"|\\.|[^\s"\\])+/g) ?? [];
        const shuffled = parameters
          .map((parameter) => ({ parameter, place: chance.next().value ?? 0 }))
          .toSorted((a, b) => a.place - b.place)
          .map(({ parameter }) => parameter);
        expect(rdataFromText("HTTPS", [priority, name, ...shuffled].join(" "))).toBe(hex);
      }),
      { numRuns: 500 },
    );
  });

  it("has text or not, and what has text has one of its own, when an octet of it changes", () => {
    const changed = fc.tuple(wire, fc.nat(), fc.nat(255)).map(([rdata, at, octet]) => {
      const copy = new Uint8Array(rdata);
      copy[at % copy.length] = octet;
      return copy;
    });
    fc.assert(
      fc.property(changed, (rdata) => {
        const text = rdataToText("SVCB", toHex(rdata));
        expect(rdataFromText("SVCB", text)).toBe(text.startsWith(String.raw`\#`) ? undefined : toHex(rdata));
      }),
      { numRuns: 1000 },
    );
  });
});
