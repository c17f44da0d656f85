import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyMessage, anyName } from "../../../test/fuzz/arbitrary-message.ts";
import { concat, toHex } from "../../values/octets.ts";
import { nameToText } from "../wire/name.ts";
import type { ResourceRecord } from "../wire/record.ts";
import { rrclass, rrtype } from "../wire/rrtype.ts";
import { parseDnskey, parseDs, parseNsec, parseNsec3, parseSignature } from "./parse.ts";
import { rrsetsOf } from "./rrset.ts";
import { nameOf, recordOf } from "./sign.fixture.ts";

const rrsig = `RRSIG A 13 2 300 20300101000000 20000101000000 1 example. ${"A".repeat(86)}==`;

describe("RRsets of records", () => {
  it("stand in canonical form and order without doubles, whatever order they came in (RFC 4034 §6.3)", () => {
    const data = ["10 b.example.", "10 A.example.", "2 z.example.", "10 a.example."];
    const records = data.map((text) => recordOf(`Mx.example. 300 MX ${text}`));
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: 4 }), (shuffled) => {
        const [rrset, ...others] = rrsetsOf(shuffled);
        expect(others).toEqual([]);
        expect(rrset?.rdata.map(toHex)).toEqual([
          "0002017a076578616d706c6500",
          "000a0161076578616d706c6500",
          "000a0162076578616d706c6500",
        ]);
      }),
    );
  });

  it("have the signatures that name their owner and type, and no others; the least TTL of all holds", () => {
    const records = [
      recordOf("WWW.example. 300 A 192.0.2.1"),
      recordOf("www.example. 200 AAAA 2001:db8::1"),
      recordOf(`www.EXAMPLE. 100 ${rrsig}`),
      recordOf(`mail.example. 50 ${rrsig}`),
      { ...recordOf(`www.example. 300 ${rrsig}`), rdata: Uint8Array.of(0, 28, 13) },
    ];
    const rrsets = rrsetsOf(records).map(({ name, type, ttl, signatures, malformedSignatures }) => {
      return [nameToText(name), type, ttl, signatures.length, malformedSignatures];
    });
    expect(rrsets).toEqual([
      ["WWW.example.", rrtype.A, 100, 1, 0],
      ["www.example.", rrtype.AAAA, 200, 0, 1],
    ]);
  });

  it("are of class IN", () => {
    expect(rrsetsOf([{ ...recordOf("version.bind. 0 TXT 9"), class: rrclass.CH }])).toEqual([]);
  });

  it("are made of whatever a message can hold, and lose nothing but doubles", () => {
    fc.assert(
      fc.property(anyMessage, ({ answer, authority, additional }) => {
        const records = [...answer, ...authority, ...additional];
        const kept = rrsetsOf([...records, ...records]).flatMap(({ rdata }) => rdata);
        const counted = records.filter((record) => record.class === rrclass.IN && record.type !== rrtype.RRSIG);
        expect(kept.length).toBeLessThanOrEqual(counted.length);
        expect(rrsetsOf(records).flatMap(({ rdata }) => rdata)).toEqual(kept);
      }),
    );
  });

  it("keep data whose names cannot be read, as it came: it is for its signature to be wrong", () => {
    const compressed: ResourceRecord = {
      ...recordOf("d.example. 300 DNAME x.example."),
      rdata: Uint8Array.of(0xc0, 12),
    };
    expect(rrsetsOf([compressed])).toMatchObject([{ rdata: [compressed.rdata] }]);
  });
});

const octets = fc.uint8Array({ maxLength: 120 });

describe("RDATA of DNSSEC types", () => {
  it("any octets are a record or none, never an exception", () => {
    fc.assert(
      fc.property(anyName, octets, (owner, rdata) => {
        parseDnskey(owner, rdata);
        parseDs(rdata);
        parseSignature(rdata);
        parseNsec(owner, rdata);
        parseNsec3(owner, rdata);
      }),
      { numRuns: 2000 },
    );
  });

  it("cut short anywhere, it is no longer what it was", () => {
    const whole = recordOf(`www.example. 300 ${rrsig}`).rdata;
    expect(parseSignature(whole)?.signature.length).toBe(64);
    for (let length = 0; length <= 27; length += 1) {
      expect(parseSignature(whole.subarray(0, length))).toBeUndefined();
    }
    expect(parseDnskey(nameOf("example."), Uint8Array.of(1, 0, 3, 13))).toBeUndefined();
    expect(parseDs(Uint8Array.of(0, 1, 13, 2))).toBeUndefined();
  });

  it("a compressed signer is none (RFC 4034 §3.1.7)", () => {
    const { rdata } = recordOf(`www.example. 300 ${rrsig}`);
    const pointer = concat(rdata.subarray(0, 18), Uint8Array.of(0xc0, 12), rdata.subarray(27));
    expect(parseSignature(pointer)).toBeUndefined();
  });

  it("an RRSIG after another is read as it is alone: the signer of one is never taken for that of the other", () => {
    const signers = ["example.", "EXAMPLE.", "example.", "exbmple.", "a.example.", "."];
    const rdata = signers.map((signer) => recordOf(`www.example. 300 ${rrsig.replace("example.", signer)}`).rdata);
    for (const one of rdata) {
      const alone = parseSignature(one);
      for (const before of rdata) {
        const after = parseSignature(one, parseSignature(before));
        expect(after?.signer).toEqual(alone?.signer);
        expect(after?.head).toEqual(alone?.head);
        expect(after?.signature).toEqual(alone?.signature);
      }
    }
  });

  it("the signer of what is signed is in lower case (RFC 4034 §6.2)", () => {
    const upper = parseSignature(recordOf(`www.example. 300 ${rrsig.replace("example.", "EXAMPLE.")}`).rdata);
    expect(upper?.head).toEqual(parseSignature(recordOf(`www.example. 300 ${rrsig}`).rdata)?.head);
  });

  const hashed = "1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY RRSIG";
  const owner = "0P9MHAVEQVM6T7VBL5LOP2U3T2RP3TOM.example.";

  it("an NSEC3 says the hash in its owner, its zone and its types (RFC 5155 appendix A)", () => {
    const { name, rdata } = recordOf(`${owner} 300 NSEC3 ${hashed}`);
    const nsec3 = parseNsec3(name, rdata);
    expect(nsec3).toMatchObject({ algorithm: 1, iterations: 12, optOut: true, zone: nameOf("example.") });
    expect(toHex(nsec3?.hash ?? rdata)).toBe("065368abeed7ec6e9feba96b8c8bc3e8b791f716");
    expect([...(nsec3?.types ?? [])]).toEqual([rrtype.MX, rrtype.RRSIG, rrtype.DNSKEY]);
  });

  it.each([
    ["has flags that have no meaning (RFC 5155 §8.2)", owner, hashed.replace("1 1", "1 2")],
    ["is not under a hash", "www.example.", hashed],
    ["is under a shorter hash", "0P9MHAVE.example.", hashed],
    ["has a hash of another length than SHA-1", "0P9MHAVE.example.", hashed.replace(/2t7b\w+/, "2t7b4g4v")],
    ["is owned by the root", ".", hashed],
  ])("an NSEC3 that %s is none", (_, name, text) => {
    const record = recordOf(`${name} 300 NSEC3 ${text}`);
    expect(parseNsec3(record.name, record.rdata)).toBeUndefined();
  });

  it("a bitmap out of form is none (RFC 4034 §4.1.2)", () => {
    const { name, rdata } = recordOf("a.example. 300 NSEC b.example. A");
    expect(parseNsec(name, rdata)).toMatchObject({ next: nameOf("b.example.") });
    expect(parseNsec(name, concat(rdata, Uint8Array.of(0, 1, 0x40)))).toBeUndefined();
    expect(parseNsec(name, concat(rdata, Uint8Array.of(1, 1, 0)))).toBeUndefined();
  });
});
