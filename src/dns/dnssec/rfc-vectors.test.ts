import { describe, expect, it } from "vitest";
import { add, instant, second, type Instant } from "../../values/time.ts";
import { nameToText } from "../wire/name.ts";
import { nearest } from "./signature-view.ts";
import type { AlgorithmOptions } from "./algorithms.ts";
import { Budget } from "./budget.ts";
import { dsMatches } from "./digest.ts";
import { parseDnskey, parseDs } from "./parse.ts";
import type { DelegationSigner, DnsKey, SignedRRset } from "./records.ts";
import { rrsetsOf } from "./rrset.ts";
import { recordOf } from "./sign.fixture.ts";
import { checkRRset, type RRsetCheck } from "./signature.ts";

interface Vector {
  readonly rfc: string;
  readonly tag: number;
  readonly dnskey: string;
  readonly ds?: string;
  readonly record: string;
  readonly rrsig: string;
}

// RFC 8080 §6 as verified erratum 4935 corrects it: as printed, its signatures count three labels for example.com.
const ed25519a = "example.com. 3600 DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=";
const ed448a =
  "example.com. 3600 DNSKEY 257 3 16 3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx1FYYUcJKm1MDpJtIA";
const mx = "example.com. 3600 MX 10 mail.example.com.";

const vectors: readonly Vector[] = [
  {
    rfc: "RFC 5702 §6.1, RSA/SHA-256",
    tag: 9033,
    dnskey:
      "example.net. 3600 DNSKEY 256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=",
    record: "www.example.net. 3600 A 192.0.2.91",
    rrsig: `www.example.net. 3600 RRSIG A 8 3 3600 20300101000000 20000101000000 9033 example.net.
      kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEacFYK/lPtPiVYP4bwg==`,
  },
  {
    rfc: "RFC 5702 §6.2, RSA/SHA-512",
    tag: 3740,
    dnskey: `example.net. 3600 DNSKEY 256 3 10 AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnjJQuj
      X/AyhqFDxj13tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8gpMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL`,
    record: "www.example.net. 3600 A 192.0.2.91",
    rrsig: `www.example.net. 3600 RRSIG A 10 3 3600 20300101000000 20000101000000 3740 example.net.
      tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDtsuJRaeUw1ep94PzEWzr0iGYgZBWm/zpq+9fOuagYJRfD
      qfReKBzMweOLDiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxdDLw=`,
  },
  {
    rfc: "RFC 6605 §6.1, P-256",
    tag: 55_648,
    dnskey: `example.net. 3600 DNSKEY 257 3 13
      GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==`,
    ds: "example.net. 3600 DS 55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17",
    record: "www.example.net. 3600 A 192.0.2.1",
    rrsig: `www.example.net. 3600 RRSIG A 13 3 3600 20100909100439 20100812100439 55648 example.net.
      qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==`,
  },
  {
    rfc: "RFC 6605 §6.2, P-384",
    tag: 10_771,
    dnskey: `example.net. 3600 DNSKEY 257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ
      6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40`,
    ds: `example.net. 3600 DS 10771 14 4
      72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0563a9b5f4d288405c3008a946df983d6`,
    record: "www.example.net. 3600 A 192.0.2.1",
    rrsig: `www.example.net. 3600 RRSIG A 14 3 3600 20100909102025 20100812102025 10771 example.net.
      /L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzu
      sdnI0RSMROxxwGipWcJm`,
  },
  {
    rfc: "RFC 8080 §6.1, Ed25519",
    tag: 3613,
    dnskey: ed25519a,
    ds: "example.com. 3600 DS 3613 15 2 3aa5ab37efce57f737fc1627013fee07bdf241bd10f3b1964ab55c78e79a304b",
    record: mx,
    rrsig: `example.com. 3600 RRSIG MX 15 2 3600 1440021600 1438207200 3613 example.com.
      oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==`,
  },
  {
    rfc: "RFC 8080 §6.1, Ed25519, second",
    tag: 35_217,
    dnskey: "example.com. 3600 DNSKEY 257 3 15 zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=",
    ds: "example.com. 3600 DS 35217 15 2 401781b934e392de492ec77ae2e15d70f6575a1c0bc59c5275c04ebe80c6614c",
    record: mx,
    rrsig: `example.com. 3600 RRSIG MX 15 2 3600 1440021600 1438207200 35217 example.com.
      zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5poJ7gD7AQR0O7KuI5k2pcBg==`,
  },
  {
    rfc: "RFC 8080 §6.2, Ed448",
    tag: 9713,
    dnskey: ed448a,
    ds: "example.com. 3600 DS 9713 16 2 6ccf18d5bc5d7fc2fceb1d59d17321402f2aa8d368048db93dd811f5cb2b19c7",
    record: mx,
    rrsig: `example.com. 3600 RRSIG MX 16 2 3600 1440021600 1438207200 9713 example.com.
      3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEAIJUA0amxWndkmnBZ6SKiwZSAxGILn/NBtOXft0+Gj7FSvOKxE/07+4RQ
      vE581N3Aj/JtIyaiYVdnYtyMWbSNyGEY2213WKsJlwEA`,
  },
  {
    rfc: "RFC 8080 §6.2, Ed448, second",
    tag: 38_353,
    dnskey: `example.com. 3600 DNSKEY 257 3 16
      kkreGWoccSDmUBGAe7+zsbG6ZAFQp+syPmYUurBRQc3tDjeMCJcVMRDmgcNLp5HlHAMy12VoISsA`,
    ds: "example.com. 3600 DS 38353 16 2 645ff078b3568f5852b70cb60e8e696cc77b75bfaaffc118cf79cbda1ba28af4",
    record: mx,
    rrsig: `example.com. 3600 RRSIG MX 16 2 3600 1440021600 1438207200 38353 example.com.
      E1/oLjSGIbmLny/4fcgM1z4oL6aqo+izT3urCyHyvEp4Sp8Syg1eI+lJ57CSnZqjJP41O/9l4m0AsQ4f7qI1gVnML8vWWiyW2KXhT9kuAICU
      Sxv5OWbf81Rq7Yu60npabODB0QFPb/rkW3kUZmQ0YQUA`,
  },
];

const dskey = `dskey.example.com. 86400 DNSKEY 256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMz
  NXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==`;

const current = { legacy: "unsupported" } as const;
const corpora = { legacy: "for-test-corpora" } as const;

function keyOf(line: string): DnsKey {
  const { name, rdata } = recordOf(line);
  const key = parseDnskey(name, rdata);
  if (key === undefined) throw new Error(line);
  return key;
}

function dsFrom(line: string): DelegationSigner {
  const ds = parseDs(recordOf(line).rdata);
  if (ds === undefined) throw new Error(line);
  return ds;
}

function rrsetOf(...lines: readonly string[]): SignedRRset {
  const [rrset] = rrsetsOf(lines.map(recordOf));
  if (rrset === undefined) throw new Error("no RRset");
  return rrset;
}

function check(
  rrset: SignedRRset,
  key: DnsKey,
  now: Instant,
  options: AlgorithmOptions = current,
): Promise<RRsetCheck> {
  return checkRRset(rrset, key.owner, [key], { now, budget: new Budget(), options });
}

const published = vectors.flatMap(({ rfc, dnskey, ds }) => (ds === undefined ? [] : [{ rfc, dnskey, ds }]));

it.each(published)("$rfc has the DS that the RFC says", ({ dnskey, ds }) => {
  expect(dsMatches(dsFrom(ds), keyOf(dnskey), current)).toBe("match");
});

describe.each(vectors)("$rfc", ({ tag, dnskey, record, rrsig }) => {
  const key = keyOf(dnskey);
  const rrset = rrsetOf(record, rrsig);
  const [signature] = rrset.signatures;
  const begins = nearest(signature?.inception ?? 0, instant(1_500_000_000_000));
  const ends = nearest(signature?.expiration ?? 0, instant(1_500_000_000_000));

  it("has the tag that the RFC says", () => {
    expect(key.tag).toBe(tag);
    expect(signature?.tag).toBe(tag);
  });

  it("verifies from its first second to its last, and not a second before or after", async () => {
    expect(await check(rrset, key, begins)).toMatchObject({ outcome: "valid", until: ends, wildcard: null });
    expect(await check(rrset, key, ends)).toMatchObject({ outcome: "valid", ttl: 0 });
    const early = await check(rrset, key, add(begins, -second));
    expect(early).toMatchObject({ outcome: "invalid", code: "signature-not-yet-valid" });
    const late = await check(rrset, key, add(ends, second));
    expect(late).toMatchObject({ outcome: "invalid", code: "signature-expired" });
  });
});

describe("what RFCs print that must not be taken", () => {
  it.each([
    [
      "15",
      ed25519a,
      "3613 example.com. Edk+IB9KNNWg0HAjm7FazXyrd5m3Rk8zNZbvNpAcM+eysqcUOMIjWoevFkjH5GaMWeG96GUVZu6ECKOQmemHDg==",
    ],
    [
      "16",
      ed448a,
      "9713 example.com. Nmc0rgGKpr3GKYXcB1JmqqS4NYwhmechvJTqVzt3jR+Qy/lSLFoIk1L+9e39GPL+5tVzDPN3f9kAwiu8KCuPPjtl227ayaCZtRKZuJax7n9NuYlZJIusX0SOIOKBGzG+yWYtz1/jjbzl5GGkWvREUCUA",
    ],
  ])("RFC 8080 before its erratum, algorithm %s: three labels in a name of two", async (algorithm, key, rest) => {
    const rrsig = `example.com. 3600 RRSIG MX ${algorithm} 3 3600 1440021600 1438207200 ${rest}`;
    const checked = await check(rrsetOf(mx, rrsig), keyOf(key), instant(1_439_000_000_000));
    expect(checked).toMatchObject({ outcome: "invalid", code: "labels-beyond-name" });
  });
});

describe("SHA-1, under the option for test corpora alone", () => {
  it("RFC 4034 §5.4 and RFC 4509 §2.3: one key, its tag, its DS with SHA-1 and with SHA-256", () => {
    const sha1 = dsFrom("dskey.example.com. 86400 DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118");
    const sha256 = dsFrom(
      "dskey.example.com. 86400 DS 60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A",
    );
    const key = keyOf(dskey);
    expect(key.tag).toBe(60_485);
    expect([sha1, sha256].map((ds) => dsMatches(ds, key, corpora))).toEqual(["match", "match"]);
    expect([sha1, sha256].map((ds) => dsMatches(ds, key, current))).toEqual(["unsupported", "unsupported"]);
  });

  it("RFC 4035 appendix B.6: an answer made of *.w.example verifies under that owner", async () => {
    const key =
      keyOf(`example. 3600 DNSKEY 256 3 5 AQOy1bZVvpPqhg4j7EJoM9rI3ZmyEx2OzDBVrZy/lvI5CQePxXHZS4i8dANH4DX3tbHol61ek8EF
      McsGXxKciJFHyhl94C+NwILQdzsUlSFovBZsyl/NX6yEbtw/xN9ZNcrbYvgjjZ/UVPZIySFNsgEYvh0z2542lzMKR4Dh8uZffQ==`);
    const rrset = rrsetOf(
      "a.z.w.example. 3600 MX 1 ai.example.",
      `a.z.w.example. 3600 RRSIG MX 5 2 3600 20040509183619 20040409183619 38519 example.
        OMK8rAZlepfzLWW75Dxd63jy2wswESzxDKG2f9AMN1CytCd10cYISAxfAdvXSZ7xujKAtPbctvOQ2ofO7AZJ+d01EeeQTVBPq4/6KCWhqe2X
        TjnkVLNvvhnc0u28aoSsG0+4InvkkOHknKxw4kX18MMR34i8lC36SR5xBni8vHI=`,
    );
    const now = instant(Date.UTC(2004, 4, 1));
    const checked = await check(rrset, key, now, corpora);
    expect(checked.outcome === "valid" && checked.wildcard !== null && nameToText(checked.wildcard)).toBe(
      "*.w.example.",
    );
    expect(await check(rrset, key, now)).toMatchObject({ outcome: "unsupported" });
  });
});
