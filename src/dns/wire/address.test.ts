import { isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressOctets,
  canonicalAddress,
  ipv4FromText,
  ipv4ToText,
  ipv6FromText,
  ipv6ToText,
  isGloballyRoutable,
  isLoopback,
} from "./address.ts";

const octetsOf = (length: number) =>
  fc
    .array(fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(255)), { minLength: length, maxLength: length })
    .map((octets) => Uint8Array.from(octets));

describe("addresses as text", () => {
  it("read back exactly, in the one form of RFC 5952", () => {
    fc.assert(
      fc.property(octetsOf(16), (octets) => {
        expect(ipv6FromText(ipv6ToText(octets))).toEqual(octets);
        // The URL standard writes IPv6 as RFC 5952 does, but for IPv4-mapped addresses.
        fc.pre(!ipv6ToText(octets).includes("."));
        expect(new URL(`http://[${ipv6ToText(octets)}]/`).hostname).toBe(`[${ipv6ToText(octets)}]`);
      }),
    );
    fc.assert(
      fc.property(octetsOf(4), (octets) => {
        expect(ipv4FromText(ipv4ToText(octets))).toEqual(octets);
      }),
    );
  });

  it("are taken exactly when the platform's own parser takes them, zones apart", () => {
    const near = fc.string({ unit: fc.constantFrom(...Array.from(":::..0123afAF")), maxLength: 24 });
    fc.assert(
      fc.property(fc.oneof(near, fc.ipV6(), fc.ipV4(), fc.ipV4Extended()), (text) => {
        expect(ipv6FromText(text) !== undefined).toBe(isIPv6(text));
        expect(ipv4FromText(text) !== undefined).toBe(isIPv4(text));
      }),
      { numRuns: 2000 },
    );
    expect(ipv6FromText("fe80::1%eth0")).toBeUndefined();
  });

  it.each([
    ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["::", "::"],
    ["1::", "1::"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ["::FFFF:c000:0201", "::ffff:192.0.2.1"],
    ["192.0.2.1", "192.0.2.1"],
  ])("%s is %s", (text, canonical) => expect(canonicalAddress(text)).toBe(canonical));

  it.each([
    "",
    "192.0.2",
    "192.0.2.01",
    "192.0.2.256",
    "1.2.3.4.5",
    "0x7f.1",
    "localhost",
    "[::1]",
    "::1/128",
    ":::",
    "1::2::3",
    "12345::",
  ])("%j is no address", (text) => expect(addressOctets(text)).toBeUndefined());
});

describe("what an address is for", () => {
  it.each(["127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"])("%s is loopback", (text) => {
    expect(isLoopback(text)).toBe(true);
    expect(isGloballyRoutable(text)).toBe(false);
  });

  it.each(["126.255.255.255", "128.0.0.1", "::2", "::ffff:192.0.2.1", "localhost", ""])("%s is not", (text) =>
    expect(isLoopback(text)).toBe(false),
  );

  it.each([
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.1.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.2.10",
    "192.168.1.1",
    "198.19.255.255",
    "198.51.100.10",
    "203.0.113.1",
    "255.255.255.255",
    "0.0.0.0",
    "::",
    "2001:db8:1::10",
    "2001:2::1",
    "3fff:fff::1",
    "5f00::1",
    "fc00::1",
    "fdff::1",
    "fe80::1",
    "febf::1",
    "100::1",
    "64:ff9b:1::1",
    "::ffff:10.0.0.1",
    "localhost",
  ])("a lab may use %s, which nobody else can reach", (text) => expect(isGloballyRoutable(text)).toBe(false));

  it.each([
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.0.9",
    "192.0.3.0",
    "198.20.0.0",
    "2606:4700::1111",
    "2001:4860:4860::8888",
    "2001:200::1",
    "2001:20::1",
    "2001:1::1",
    "2002:102:304::1",
    "64:ff9b::8.8.8.8",
    "fec0::1",
    "::ffff:8.8.8.8",
  ])("a lab may not use %s", (text) => expect(isGloballyRoutable(text)).toBe(true));
});
