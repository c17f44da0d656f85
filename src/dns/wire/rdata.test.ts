import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyName } from "../../../test/fuzz/arbitrary-message.ts";
import { concat, fromHex, toHex } from "../../values/octets.ts";
import { fromBase32Hex, toBase32Hex } from "./base32hex.ts";
import { nameFromText, rootName } from "./name.ts";
import { canonicalRdata, rdataFromText, rdataToText, soaFigures, soaSerial } from "./rdata.ts";
import {
  classFromText,
  classToText,
  opcodeToText,
  rcodeToText,
  rrtype,
  tsigErrorToText,
  typeFromText,
  typeToText,
} from "./rrtype.ts";
import { serialCompare } from "./serial.ts";
import { bitmapOfTypes, typesInBitmap } from "./type-bitmap.ts";
import { WireError } from "./wire-error.ts";

const known = [
  "A",
  "AAAA",
  "CNAME",
  "NS",
  "PTR",
  "TXT",
  "MX",
  "SRV",
  "CAA",
  "SOA",
  "DS",
  "CDS",
  "DNSKEY",
  "CDNSKEY",
  "RRSIG",
  "NSEC",
  "NSEC3",
  "NSEC3PARAM",
  "DNAME",
  "TLSA",
  "SVCB",
  "HTTPS",
];

function head(length: number): Uint8Array {
  return new Uint8Array(length).fill(0x41);
}

describe("RDATA as master-file text", () => {
  // The octets are those that BIND 9.18's named-rrchecker gives for these texts.
  it.each([
    ["A", "192.0.2.10", "c000020a"],
    ["AAAA", "2001:db8:1::10", "20010db8000100000000000000000010"],
    ["CNAME", "fra.example.net.", "03667261076578616d706c65036e657400"],
    ["TXT", '"a b" "c\\"\\\\\\255" ""', "03612062 04 63225cff 00".replaceAll(" ", "")],
    ["MX", "10 mail.example.", "000a046d61696c076578616d706c6500"],
    ["SRV", "0 5 5060 sip.example.", "0000000513c403736970076578616d706c6500"],
    ["CAA", '0 issue "ca.example; a=b"', "0005697373756563612e6578616d706c653b20613d62"],
    [
      "SOA",
      "ns. root. 2026112201 7200 3600 1209600 300",
      "026e730004726f6f740078c404c900001c2000000e10001275000000012c",
    ],
    ["NSEC3PARAM", "1 0 0 -", "0100000000"],
    [
      "NSEC3",
      "1 1 0 AABB 0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM A RRSIG",
      "0101000002aabb140653 68abeed7ec6e9feba96b8c8bc3e8b791f716 0006 400000000002".replaceAll(" ", ""),
    ],
    ["DS", "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118", "ec4505012bb183af5f22588179a53b0a98631fad1a292118"],
    [
      "NSEC",
      "host.example.com. A MX RRSIG NSEC TYPE1234",
      "04686f7374076578616d706c6503636f6d000006400100000003041b000000000000000000000000000000000000000000000000000020",
    ],
    ["CDNSKEY", "0 3 0 AA==", "0000030000"],
    ["DNAME", "fra.example.net.", "03667261076578616d706c65036e657400"],
    ["TLSA", "3 1 1 D2ABDE240D7CD3EE6B4B28C54DF034B9", "030101d2abde240d7cd3ee6b4b28c54df034b9"],
    [
      "RRSIG",
      "A 8 3 300 20030322173103 20030220173103 2642 example.com. oJB1W6WN",
      "000108030000012c3e7c9dd73e5510d70a52076578616d706c6503636f6d00a090755ba58d",
    ],
  ])("%s %s", (type, text, hex) => {
    expect(rdataFromText(type, text)).toBe(hex);
    expect(rdataToText(type, hex)).toBe(text);
  });

  it("takes what people write, and gives the one canonical form", () => {
    expect(rdataFromText("AAAA", "2001:DB8::0010")).toBe(rdataFromText("AAAA", "2001:db8::10"));
    expect(rdataFromText("cname", "FRA.Example.NET")).toBe(rdataFromText("CNAME", "fra.example.net."));
    expect(rdataFromText("TXT", "v=spf1  -all")).toBe(rdataFromText("TXT", '"v=spf1" "-all"'));
    expect(rdataFromText("DS", "1 ED25519 2 AB cd")).toBe(rdataFromText("DS", "1 15 2 ABCD"));
    const signature = "8 3 300 20030322173103 20030220173103 2642 Example.com. oJB1 W6WN";
    const seconds = "RSASHA256 3 300 1048354263 1045762263 2642 example.com. oJB1W6WN";
    expect(rdataFromText("RRSIG", `A ${signature}`)).toBe(rdataFromText("RRSIG", `TYPE1 ${seconds}`));
    expect(rdataFromText("A", String.raw`\# 4 C0 00020A`)).toBe("c000020a");
    expect(rdataFromText("TYPE65280", String.raw`\# 0`)).toBe("");
  });

  it.each([
    ["A", "192.0.2"],
    ["A", "192.0.2.1 192.0.2.2"],
    ["A", '"192.0.2.1"'],
    ["A", String.raw`\# 3 c00002`],
    ["A", String.raw`\# 4 c00002`],
    ["AAAA", "192.0.2.1"],
    ["AAAA", "fe80::1%eth0"],
    ["CNAME", ""],
    ["CNAME", "a..b"],
    ["CNAME", "a b"],
    ["MX", "65536 mail"],
    ["MX", "-1 mail"],
    ["MX", "mail"],
    ["TXT", ""],
    ["TXT", `"${"a".repeat(256)}"`],
    ["TXT", '"open'],
    ["TXT", "é"],
    ["TXT", "a ; comment"],
    ["TXT", '"a\nb"'],
    ["TXT", String.raw`"\256"`],
    ["CAA", '0 is-sue "ca"'],
    ["CAA", '256 issue "ca"'],
    ["DS", "1 8 2 abc"],
    ["DNSKEY", "257 3 13 not base64!"],
    ["RRSIG", "A 8 3 300 20030231173103 20030220173103 2642 a. oJB1"],
    ["NSEC3", "1 0 0 - 0 A"],
    ["SSHFP", "1 1 abcd"],
    ["TLSA", "3 1 1"],
    ["TLSA", "3 1 256 ab"],
    ["TXT", 'a="b"'],
    ["NO-SUCH-TYPE", "1"],
  ])("refuses %s %s", (type, text) => expect(rdataFromText(type, text)).toBeUndefined());

  it("reads back exactly what it wrote, for any octets that have the form of their type", () => {
    const tails = fc.uint8Array({ maxLength: 60 });
    const rdata = fc.oneof(
      tails,
      fc.tuple(tails, anyName, tails).map((parts) => concat(...parts)),
      anyName,
    );
    fc.assert(
      fc.property(fc.constantFrom(...known, "TYPE65280"), rdata, (type, octets) => {
        const text = rdataToText(type, toHex(octets));
        // Octets that a known type forbids are shown as `\#`, and never taken back.
        const isForbidden = text.startsWith(String.raw`\#`) && type !== "TYPE65280";
        const canonical = (): string => toHex(canonicalRdata(typeFromText(type) ?? 0, new Uint8Array(octets)));
        expect(rdataFromText(type, text)).toBe(isForbidden ? undefined : canonical());
      }),
      { numRuns: 3000 },
    );
  });

  it("reads back the text of any strings and numbers", () => {
    const strings = fc.array(fc.uint8Array({ maxLength: 255 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(strings, (list) => {
        const hex = toHex(concat(...list.flatMap((string) => [Uint8Array.of(string.length), string])));
        expect(rdataFromText("TXT", rdataToText("TXT", hex))).toBe(hex);
      }),
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 19, maxLength: 19 }),
        anyName,
        fc.uint8Array({ minLength: 1 }),
        (fields, name, rest) => {
          const octets = concat(fields.subarray(0, 18), name, rest);
          const hex = toHex(canonicalRdata(rrtype.RRSIG, octets));
          expect(rdataFromText("RRSIG", rdataToText("RRSIG", hex))).toBe(hex);
        },
      ),
    );
  });
});

describe("canonical RDATA (RFC 4034 §6.2)", () => {
  const upper = nameFromText("EXAMPLE.com") ?? rootName;
  const lower = nameFromText("example.com") ?? rootName;

  it("has names in lower case, and leaves the numbers beside them alone", () => {
    const cases: [number, (name: Uint8Array) => Uint8Array][] = [
      [rrtype.CNAME, (name) => name],
      [rrtype.DNAME, (name) => name],
      [rrtype.SOA, (name) => concat(name, name, head(20))],
      [rrtype.MX, (name) => concat(head(2), name)],
      [rrtype.SRV, (name) => concat(head(6), name)],
      [rrtype.RRSIG, (name) => concat(head(18), name, head(9))],
      [rrtype.NAPTR, (name) => concat(head(4), Uint8Array.of(1, 0x41, 0, 1, 0x42), name)],
    ];
    for (const [type, rdata] of cases) expect(canonicalRdata(type, rdata(upper))).toEqual(rdata(lower));
  });

  it("leaves the next name of NSEC as it is (RFC 6840 §5.1), and types without names", () => {
    expect(canonicalRdata(rrtype.NSEC, concat(upper, head(3)))).toEqual(concat(upper, head(3)));
    expect(canonicalRdata(rrtype.TXT, upper)).toEqual(upper);
    expect(canonicalRdata(65_280, upper)).toEqual(upper);
  });

  it("refuses RDATA that its type forbids", () => {
    for (const [type, rdata] of [
      [rrtype.A, head(3)],
      [rrtype.CNAME, head(3)],
      [rrtype.CNAME, concat(lower, head(1))],
      [rrtype.SOA, concat(lower, lower, head(19))],
      [rrtype.NAPTR, head(5)],
    ] as const) {
      expect(() => canonicalRdata(type, rdata)).toThrow(WireError);
    }
  });
});

describe("serials", () => {
  it("are read from an SOA, and from nothing else", () => {
    const soa = fromHex("026e730004726f6f740078c404c900001c2000000e10001275000000012c") ?? head0;
    expect(soaSerial(soa)).toBe(2_026_112_201);
    expect(soaFigures(soa)).toEqual({
      serial: 2_026_112_201,
      refresh: 7200,
      retry: 3600,
      expire: 1_209_600,
      minimum: 300,
    });
    expect(() => soaSerial(head0)).toThrow(WireError);
  });

  const head0 = new Uint8Array(0);

  it("compare around the wrap (RFC 1982)", () => {
    expect(serialCompare(0, 0xff_ff_ff_ff)).toBe(1);
    expect(serialCompare(0xff_ff_ff_ff, 0)).toBe(-1);
    expect(serialCompare(5, 5)).toBe(0);
    expect(serialCompare(2 ** 31 - 1, 0)).toBe(2 ** 31 - 1);
    expect(serialCompare(2 ** 31, 0)).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(0xff_ff_ff_ff), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (serial, step) => {
        const newer = (serial + step) % 2 ** 32;
        expect(serialCompare(newer, serial)).toBe(step);
        expect(serialCompare(serial, newer)).toBe(-step);
      }),
    );
  });
});

describe("numbers and mnemonics", () => {
  it("stand for each other both ways, unknown ones as in RFC 3597 §5", () => {
    const numbers = Array.from({ length: 0x1_00_00 }, (_, number) => number);
    expect(numbers.filter((number) => typeFromText(typeToText(number)) !== number)).toEqual([]);
    expect(numbers.filter((number) => classFromText(classToText(number)) !== number)).toEqual([]);
    expect([typeToText(1), typeToText(65_280), typeFromText("type1"), typeFromText("aaaa")]).toEqual([
      "A",
      "TYPE65280",
      1,
      28,
    ]);
    for (const text of ["", "TYPE", "TYPE65536", "TYPE01", "TYPE1x", "constructor"])
      expect(typeFromText(text)).toBeUndefined();
    expect([opcodeToText(5), rcodeToText(8), rcodeToText(16), tsigErrorToText(16), tsigErrorToText(18)]).toEqual([
      "UPDATE",
      "NXRRSET",
      "BADVERS",
      "BADSIG",
      "BADTIME",
    ]);
  });

  it("type bitmaps read back, and take no other form than the one of RFC 4034 §4.1.2", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(0xff_ff), { maxLength: 20 }), (types) => {
        expect(typesInBitmap(bitmapOfTypes(types))).toEqual(types.toSorted((a, b) => a - b));
      }),
    );
    for (const hex of [
      "00",
      "0000",
      "000100",
      "0002 40".replace(" ", ""),
      "0101800001 80".replace(" ", ""),
      `0021${"01".repeat(33)}`,
    ]) {
      expect(typesInBitmap(fromHex(hex) ?? new Uint8Array(0))).toBeUndefined();
    }
  });

  it("base32hex is that of RFC 4648 §10, without padding", () => {
    const texts = ["", "co", "cpng", "cpnmu", "cpnmuog", "cpnmuoj1", "cpnmuoj1e8"];
    for (const [length, text] of texts.entries()) {
      expect(toBase32Hex(Buffer.from("foobar").subarray(0, length))).toBe(text);
      expect(fromBase32Hex(text.toUpperCase())).toEqual(new Uint8Array(Buffer.from("foobar").subarray(0, length)));
    }
    for (const text of ["c", "cp", "cpn", "w0", "co======"]) expect(fromBase32Hex(text)).toBeUndefined();
  });
});
