import { describe, expect, it } from "vitest";
import { concat } from "../../values/octets.ts";
import { parseDnskey } from "./parse.ts";
import { keyBits, publicKeyOf, type PublicKey } from "./public-key.ts";
import type { DnsKey } from "./records.ts";
import { keyPair, nameOf } from "./sign.fixture.ts";

const zone = nameOf("example.");

function dnskey(algorithm: number, publicKey: Uint8Array): DnsKey {
  const key = parseDnskey(zone, concat(Uint8Array.of(1, 0, 3, algorithm), publicKey));
  if (key === undefined) throw new Error("no DNSKEY");
  return key;
}

/** An odd modulus of so many bits, and an exponent; no key of anybody. */
function rsa(algorithm: number, bits: number, exponent: readonly number[], length?: readonly number[]): DnsKey {
  const octets = Math.ceil(bits / 8);
  const modulus = new Uint8Array(octets).fill(0xa5);
  modulus[0] = 1 << ((bits - 1) % 8);
  return dnskey(algorithm, concat(Uint8Array.from([...(length ?? [exponent.length]), ...exponent]), modulus));
}

const outcome = (key: DnsKey): PublicKey["outcome"] => publicKeyOf(key).outcome;
const f4 = [1, 0, 1];

describe("RSA keys", () => {
  it.each([
    [8, 511, "beyond-limits"],
    [8, 512, "usable"],
    [8, 4096, "usable"],
    [8, 4097, "beyond-limits"],
    [10, 1023, "beyond-limits"],
    [10, 1024, "usable"],
  ] as const)("algorithm %i with %i bits is %s (RFC 5702 §2)", (algorithm, bits, expected) => {
    expect(outcome(rsa(algorithm, bits, f4))).toBe(expected);
    expect(keyBits(rsa(algorithm, bits, f4))).toBe(bits);
  });

  it("an exponent of five octets is taken on, of six not: a huge one makes each check cost seconds", () => {
    expect(outcome(rsa(8, 2048, [1, 0, 0, 0, 1]))).toBe("usable");
    expect(outcome(rsa(8, 2048, [1, 0, 0, 0, 0, 1]))).toBe("beyond-limits");
    const huge = Array.from({ length: 256 }, () => 0xff);
    expect(outcome(rsa(8, 2048, huge, [0, 1, 0]))).toBe("beyond-limits");
  });

  it("an exponent with a long length is the same key (RFC 3110 §2)", () => {
    expect(outcome(rsa(8, 2048, f4, [0, 0, 3]))).toBe("usable");
  });

  it.each([
    ["exponent 1, with which everybody can sign", rsa(8, 2048, [1])],
    ["an even exponent", rsa(8, 2048, [2])],
    ["an exponent with a zero in front", rsa(8, 2048, [0, 3])],
    ["no exponent", rsa(8, 2048, [])],
    ["an exponent that is longer than the key", dnskey(8, Uint8Array.of(200, 1, 0, 1))],
    ["no modulus", dnskey(8, Uint8Array.of(3, 1, 0, 1))],
    ["one octet", dnskey(8, Uint8Array.of(0))],
    ["a modulus with a zero in front", dnskey(8, concat(Uint8Array.of(1, 3, 0), new Uint8Array(255).fill(0xa5)))],
  ])("%s is no key", (_, key) => {
    expect(outcome(key)).toBe("malformed");
    expect(keyBits(key)).toBeNull();
  });
});

describe("keys on curves", () => {
  it.each([
    [13, 64, 256],
    [14, 96, 384],
    [15, 32, 256],
    [16, 57, 456],
  ])("algorithm %i has %i octets and %i bits, and no other length", (algorithm, octets, bits) => {
    const { publicKey } = keyPair(zone, algorithm).dnskey;
    expect(publicKey.length).toBe(octets);
    expect(publicKeyOf(dnskey(algorithm, publicKey))).toMatchObject({ outcome: "usable", bits });
    expect(outcome(dnskey(algorithm, publicKey.subarray(1)))).toBe("malformed");
    expect(outcome(dnskey(algorithm, concat(publicKey, Uint8Array.of(0))))).toBe("malformed");
  });

  it.each([
    [13, 64],
    [14, 96],
  ])("algorithm %i: a point that is not on the curve is no key", (algorithm, octets) => {
    expect(outcome(dnskey(algorithm, new Uint8Array(octets).fill(1)))).toBe("malformed");
  });
});

it("an algorithm that is not known has no key", () => {
  expect(outcome(dnskey(12, new Uint8Array(64).fill(1)))).toBe("malformed");
});

it("a key is built once, and forgotten when a thousand others came after: memory has a bound", () => {
  const { dnskey: key } = keyPair(zone, 13);
  const built = publicKeyOf(key);
  expect(publicKeyOf({ ...key, publicKey: Uint8Array.from(key.publicKey) })).toBe(built);
  for (let number = 0; number < 1024; number += 1) {
    publicKeyOf(
      dnskey(
        15,
        Uint8Array.from({ length: 32 }, (_, at) => (at < 2 ? (number >> (8 * at)) & 0xff : at)),
      ),
    );
  }
  expect(publicKeyOf(key)).not.toBe(built);
});
