import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyName } from "../../../test/fuzz/arbitrary-message.ts";
import {
  canonicalName,
  canonicalNameText,
  canonicalText,
  isWithin,
  labelsOf,
  type Name,
  nameFromOctets,
  nameFromText,
  nameToText,
  parentOf,
  rootName,
  sameName,
} from "./name.ts";

function name(text: string): Name {
  const read = nameFromText(text);
  if (read === undefined) throw new Error(`no name: ${text}`);
  return read;
}

describe("names as text", () => {
  it("read back exactly, whatever octets their labels have", () => {
    fc.assert(
      fc.property(anyName, (any) => {
        expect(nameFromText(nameToText(any))).toEqual(any);
        expect(nameToText(any)).toMatch(/^[!-~]*\.$/);
      }),
    );
  });

  it("are absolute with or without the final dot", () => {
    expect(name("example.com")).toEqual(name("example.com."));
    expect(nameToText(name("example.com"))).toBe("example.com.");
    expect(nameFromText(".")).toEqual(rootName);
  });

  it("take the escapes of a master file, and write them", () => {
    expect(labelsOf(name(String.raw`a\.b.c\000\\.x`)).map((label) => label.toHex())).toEqual([
      "612e62",
      "63005c",
      "78",
    ]);
    expect(nameToText(name(String.raw`\@\$\"\(\)\;\ .\065`))).toBe(String.raw`\@\$\"\(\)\;\032.A.`);
    expect(nameToText(name("*._pointsman.example.com"))).toBe("*._pointsman.example.com.");
  });

  it.each([
    "",
    "a..b",
    ".a",
    "..",
    "@",
    "a b",
    "a\tb",
    "ü.example",
    "a\u0000",
    'a"',
    "(",
    "a;",
    "\\",
    "\\1",
    "\\12x",
    "\\256",
    "a\\",
  ])("refuses %j", (text) => expect(nameFromText(text)).toBeUndefined());

  it("end at 63 octets a label and 255 a name, on the octet", () => {
    const long = "a".repeat(63);
    expect(nameFromText(long)).toHaveLength(65);
    expect(nameFromText(`${long}a`)).toBeUndefined();
    const three = `${long}.${long}.${long}.`;
    for (const dot of ["", "."]) {
      expect(nameFromText(`${three}${"a".repeat(61)}${dot}`)).toHaveLength(255);
      expect(nameFromText(`${three}${"a".repeat(62)}${dot}`)).toBeUndefined();
    }
    expect(nameFromText("a.".repeat(127))).toHaveLength(255);
    expect(nameFromText("a.".repeat(128))).toBeUndefined();
  });
});

describe("names compared", () => {
  it("leave the case of ASCII letters out, and of nothing else", () => {
    expect(sameName(name("EXAMPLE.com"), name("example.COM"))).toBe(true);
    expect(sameName(name(String.raw`\192.com`), name(String.raw`\224.com`))).toBe(false);
    expect(sameName(name("[.com"), name("{.com"))).toBe(false);
    expect(sameName(name("a.bc"), name("ab.c"))).toBe(false);
  });

  it("have one canonical form and text, equal exactly when the names are the same", () => {
    fc.assert(
      fc.property(anyName, anyName, (a, b) => {
        expect(sameName(a, canonicalName(a))).toBe(true);
        expect(canonicalText(a) === canonicalText(b)).toBe(sameName(a, b));
        expect(canonicalNameText(nameToText(a))).toBe(canonicalText(a));
      }),
    );
    expect(canonicalNameText("Login.EXAMPLE.com")).toBe("login.example.com.");
    expect(canonicalNameText("a..b")).toBeUndefined();
  });

  it("are within a zone by whole labels", () => {
    expect(isWithin(name("a.example.com"), name("Example.Com"))).toBe(true);
    expect(isWithin(name("example.com"), name("example.com"))).toBe(true);
    expect(isWithin(name("badexample.com"), name("example.com"))).toBe(false);
    expect(isWithin(name("com"), name("example.com"))).toBe(false);
    expect(isWithin(name(String.raw`x\007example.com`), name("example.com"))).toBe(false);
    expect(isWithin(name("com"), rootName)).toBe(true);
  });

  it("are within each of their ancestors, and no ancestor is within them", () => {
    fc.assert(
      fc.property(anyName, (any) => {
        let steps = 0;
        for (let at = parentOf(any); at !== undefined; at = parentOf(at)) {
          expect(isWithin(any, at)).toBe(true);
          expect(isWithin(at, any)).toBe(false);
          steps += 1;
        }
        expect(steps).toBe(labelsOf(any).length);
      }),
    );
  });
});

it("octets are a name only when they are one exactly", () => {
  const octets = Uint8Array.of(1, 97, 0, 5);
  expect(nameFromOctets(octets, 0, 3)).toEqual(name("a"));
  expect(nameFromOctets(octets)).toBeUndefined();
  expect(nameFromOctets(Uint8Array.of(1, 97))).toBeUndefined();
  expect(nameFromOctets(Uint8Array.of(0xc0, 0))).toBeUndefined();
});
