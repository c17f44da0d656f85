import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, parseCanonicalJson, type Json } from "./json.ts";
import { compareOctets, fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from "./octets.ts";
import { sha256, sha256OfJson } from "./sha256.ts";
import { formatDuration, formatInstant, instant, parseDuration, parseInstant } from "./time.ts";

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.string({ unit: "grapheme" }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe("canonical JSON (RFC 8785)", () => {
  it("sorts members by UTF-16 code units, as the RFC's own example does", () => {
    const members = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
    const text = canonicalJson(Object.fromEntries(members.map((member) => [member, 0])));
    expect(text).toBe('{"\\r":0,"1":0,"\u0080":0,"\u00f6":0,"\u20ac":0,"\ud83d\ude00":0,"\ufb33":0}');
  });

  it("reads back exactly what it wrote", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(parseCanonicalJson(canonicalJson(value)) ?? null)).toBe(canonicalJson(value));
      }),
    );
  });

  it.each([
    "1.5",
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    " 1",
    "9007199254740992",
    "-0",
    '"\\u0041"',
    '"\\ud800"',
    "[",
    "1e2",
  ])("refuses %s, which is not canonical", (text) => expect(parseCanonicalJson(text)).toBeUndefined());

  it("refuses nesting that would exhaust the stack", () => {
    expect(parseCanonicalJson("[".repeat(65) + "]".repeat(65))).not.toBeUndefined();
    expect(parseCanonicalJson("[".repeat(100_000) + "]".repeat(100_000))).toBeUndefined();
  });
});

describe("octets", () => {
  it("hex, base64 and UTF-8 read back what they wrote, and nothing looser", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        expect(fromHex(toHex(octets))).toEqual(new Uint8Array(octets));
        expect(fromBase64(toBase64(octets))).toEqual(new Uint8Array(octets));
      }),
    );
    for (const loose of ["0", "0G", "AB", "0x00", " 00"]) expect(fromHex(loose)).toBeUndefined();
    for (const loose of ["QQ", "QQ=", "QR==", "Q Q=", "QQ==\n", "-_=="]) expect(fromBase64(loose)).toBeUndefined();
    expect(fromUtf8(Uint8Array.of(0xc3))).toBeUndefined();
    expect(fromUtf8(utf8("é"))).toBe("é");
  });

  it("orders octets as RFC 4034 §6.3 does, a prefix first", () => {
    expect(compareOctets(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0);
    expect(compareOctets(Uint8Array.of(2), Uint8Array.of(1, 255))).toBeGreaterThan(0);
  });

  it("hashes as FIPS 180-4's example says", () => {
    expect(sha256(utf8("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256OfJson("abc")).toBe(sha256(utf8('"abc"')));
  });
});

describe("time", () => {
  it("reads every instant that it writes, over all of the calendar", () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }), (ms) => {
        expect(formatInstant(instant(ms))).toBe(new Date(ms).toISOString());
        expect(parseInstant(formatInstant(instant(ms)))).toBe(ms);
      }),
    );
  });

  it.each(["2027-02-29", "2027-13-01", "2027-06-30T24:00:00Z", "2027-06-30T10:00:00+01:00", "2027-6-30", ""])(
    "refuses the date %s",
    (text) => expect(parseInstant(text)).toBeUndefined(),
  );

  it("reads durations with one unit, and refuses the rest", () => {
    expect(["500ms", "45s", "5m", "24h", "7d", "0s"].map(parseDuration)).toEqual([
      500, 45_000, 300_000, 86_400_000, 604_800_000, 0,
    ]);
    for (const text of ["5", "5 m", "1.5m", "-1s", "05s", "1w", "99999d", ""])
      expect(parseDuration(text)).toBeUndefined();
  });

  it("writes durations with their units, short enough to read at three in the morning", () => {
    expect([0, 999, 1234, 45_000, 300_000, 5_405_000, 100 * 3_600_000].map(formatDuration)).toEqual([
      "0 ms",
      "999 ms",
      "1.23 s",
      "45 s",
      "5 min",
      "1 h 30 min",
      "4 d 4 h",
    ]);
  });
});
