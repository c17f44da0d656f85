import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyMessage } from "../../../test/fuzz/arbitrary-message.ts";
import { InvariantError } from "../../values/invariant.ts";
import { concat, fromHex, utf8 } from "../../values/octets.ts";
import { decodeMessage, encodeMessage } from "./message.ts";
import { nameFromOctets, nameFromText, nameToText, rootName } from "./name.ts";
import type { Message, ResourceRecord } from "./record.ts";
import { rrtype } from "./rrtype.ts";
import { WireError, type WireErrorCode } from "./wire-error.ts";

const flags = { qr: true, opcode: 0, aa: true, tc: false, rd: false, ra: false, ad: false, cd: false, rcode: 0 };
const empty: Message = {
  id: 1,
  flags,
  question: [],
  answer: [],
  authority: [],
  additional: [],
  edns: undefined,
};

function name(text: string) {
  return nameFromText(text) ?? rootName;
}

function record(type: number, rdata: Uint8Array, owner = "example.com."): ResourceRecord {
  return { name: name(owner), type, class: 1, ttl: 60, rdata };
}

/** A header with these counts and then the octets in hexadecimal. */
function message(counts: readonly [number, number, number, number], hex: string): Uint8Array {
  return concat(
    Uint8Array.of(0, 1, 0x84, 0, ...counts.flatMap((count) => [0, count])),
    fromHex(hex.replaceAll(" ", "")) ?? utf8("?"),
  );
}

function codeOf(octets: Uint8Array): WireErrorCode | "accepted" {
  try {
    decodeMessage(octets);
    return "accepted";
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
}

describe("a message", () => {
  it("reads back exactly as it was written, names compressed or not", () => {
    fc.assert(
      fc.property(anyMessage, (original) => {
        expect(decodeMessage(encodeMessage(original))).toEqual(original);
      }),
      { numRuns: 500 },
    );
  });

  it("is refused at every length short of its own, and with an octet more", () => {
    fc.assert(
      fc.property(anyMessage, (original) => {
        const octets = encodeMessage(original);
        for (let length = 0; length < octets.length; length += 1) {
          expect(() => decodeMessage(octets.subarray(0, length))).toThrow(WireError);
        }
        expect(codeOf(concat(octets, Uint8Array.of(0)))).toBe("trailing-octets");
      }),
      { numRuns: 50 },
    );
  });

  it("shares no memory with the octets it was read from, so a reused buffer changes nothing", () => {
    const octets = Buffer.from(encodeMessage({ ...empty, answer: [record(rrtype.A, Uint8Array.of(192, 0, 2, 1))] }));
    const decoded = decodeMessage(octets);
    octets.fill(0xff);
    expect(decoded.answer[0]?.rdata).toEqual(Uint8Array.of(192, 0, 2, 1));
    expect(nameToText(decoded.answer[0]?.name ?? rootName)).toBe("example.com.");
  });

  it("takes a TTL with its highest bit set for 0 (RFC 2181 §8)", () => {
    expect(decodeMessage(message([0, 1, 0, 0], "00001000018000003c0000")).answer[0]?.ttl).toBe(0);
  });
});

/** Octets of the RDATA of one record as sent. */
function sizeOf(type: number, rdata: Uint8Array): number {
  return encodeMessage({ ...empty, answer: [record(type, rdata)] }).length - 12 - 13 - 10;
}

describe("a message of hundreds of signatures", () => {
  const lengths = Array.from({ length: 300 }, (_, index) => 60 + (index % 150));
  const answer = lengths.map((length, index): ResourceRecord => {
    return { name: rootName, type: rrtype.RRSIG, class: 1, ttl: 300, rdata: new Uint8Array(length).fill(index) };
  });

  it("reads back whole, though their octets are copied together", () => {
    const octets = encodeMessage({ ...empty, answer });
    const read = decodeMessage(octets);
    octets.fill(0xff);
    expect(read.answer).toEqual(answer);
  });

  it("whoever keeps one of them keeps two thousand octets at most, not the message", () => {
    const { answer: read } = decodeMessage(encodeMessage({ ...empty, answer }));
    for (const { rdata } of read) expect(rdata.buffer.byteLength).toBeLessThanOrEqual(2048);
  });
});

describe("compression", () => {
  it("shares suffixes of owners and of the types of RFC 1035, and of no others (RFC 3597 §4)", () => {
    const target = name("www.example.com.");
    expect(sizeOf(rrtype.CNAME, target)).toBe(6);
    expect(sizeOf(rrtype.DNAME, target)).toBe(17);
    expect(sizeOf(rrtype.SRV, concat(new Uint8Array(6), target))).toBe(23);
    expect(sizeOf(rrtype.MX, concat(new Uint8Array(2), target))).toBe(8);
  });

  it("keeps the case of each name, since it never shares names that differ in it", () => {
    const answer = [record(rrtype.NS, name("NS.Example.com.")), record(rrtype.NS, name("ns.EXAMPLE.com."))];
    expect(decodeMessage(encodeMessage({ ...empty, answer })).answer).toEqual(answer);
  });

  it("stays right when a message has more names than the table has room for, or than pointers reach", () => {
    const answer = Array.from({ length: 1500 }, (_, index) =>
      record(rrtype.TXT, Uint8Array.of(0), `n${index}.a${index % 7}.example.com.`),
    ).flatMap((each) => [each, each]);
    expect(decodeMessage(encodeMessage({ ...empty, answer })).answer).toEqual(answer);
  });

  it("never takes what an earlier message left in the buffer for the name it is writing", () => {
    // Names of two equal labels whose suffixes fall on one place in the table; the octets after the first label are
    // still those of the message before, and look like the rest of the name.
    const before: Message = { ...empty, question: [{ name: name("zz.b."), type: 1, class: 1 }] };
    let shortened = 0;
    for (let number = 0; number < 20_000; number += 1) {
      const label = Uint8Array.of(2, 0x21 + (number >> 8), number & 0xff);
      const doubled = nameFromOctets(concat(label, label, Uint8Array.of(1, 0x62, 0))) ?? rootName;
      encodeMessage(before);
      const octets = encodeMessage({ ...empty, question: [{ name: doubled, type: 1, class: 1 }] });
      if (octets.length !== 12 + doubled.length + 4) shortened += 1;
    }
    expect(shortened).toBe(0);
  });

  it("writes each of many messages without a trace of the one before", () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { minLength: 2, maxLength: 5 }), (messages) => {
        for (const each of messages) encodeMessage(each);
        for (const each of messages) expect(decodeMessage(encodeMessage(each))).toEqual(each);
      }),
      { numRuns: 50 },
    );
  });
});

describe("what is refused, each by its own code", () => {
  const ofA = "00010001";
  it.each<[string, WireErrorCode | "accepted", Uint8Array]>([
    ["an empty datagram", "truncated", new Uint8Array(0)],
    ["a header that counts a question which is not there", "truncated", message([1, 0, 0, 0], "")],
    ["a pointer to itself", "bad-pointer", message([1, 0, 0, 0], `c00c${ofA}`)],
    ["a pointer that leads forward", "bad-pointer", message([1, 0, 0, 0], `c00e00${ofA}`)],
    ["a pointer into the header", "bad-pointer", message([1, 0, 0, 0], `c000${ofA}`)],
    ["a loop through a label of its own", "bad-pointer", message([1, 0, 0, 0], `0161c00c${ofA}`)],
    ["a pointer cut in half", "truncated", message([1, 0, 0, 0], "c0")],
    ["a binary label (RFC 2673)", "bad-label", message([1, 0, 0, 0], `4101${ofA}`)],
    ["the label type 10", "bad-label", message([1, 0, 0, 0], `8001${ofA}`)],
    ["a label that runs past the end", "truncated", message([1, 0, 0, 0], "3f61")],
    ["a name of 256 octets", "name-too-long", message([1, 0, 0, 0], `${"0161".repeat(126)}02616100${ofA}`)],
    ["a name of 255 octets", "accepted", message([1, 0, 0, 0], `${"0161".repeat(127)}00${ofA}`)],
    ["an A record of three octets", "bad-rdata", message([0, 1, 0, 0], "0000010001000000000003c00002")],
    ["an A record without octets in class IN", "bad-rdata", message([0, 1, 0, 0], "00000100010000000000 00")],
    ["an A record without octets in class ANY", "accepted", message([0, 1, 0, 0], "000001 00ff 00000000 0000")],
    ["RDLENGTH past the end", "truncated", message([0, 1, 0, 0], "0000100001000000000005ffff")],
    ["a CNAME whose name ends before RDLENGTH", "bad-rdata", message([0, 1, 0, 0], "00000500010000000000020000")],
    ["a CNAME whose name ends after RDLENGTH", "bad-rdata", message([0, 2, 0, 0], "000005000100000000000101610000")],
    ["an NXT whose name ends after RDLENGTH", "bad-rdata", message([0, 1, 0, 0], "00 001e 0001 00000000 0001 016100")],
    ["an SOA one octet short", "bad-rdata", message([0, 1, 0, 0], `000006000100000000001500 00${"00".repeat(19)}`)],
    ["two OPT records", "bad-opt", message([0, 0, 0, 2], "00002904d0000000000000".repeat(2))],
    ["an OPT record in the answer", "bad-opt", message([0, 1, 0, 0], "00002904d0000000000000")],
    ["an OPT record that is not the root's", "bad-opt", message([0, 0, 0, 1], "01610000 2904d0000000000000")],
    ["an EDNS option past its end", "bad-opt", message([0, 0, 0, 1], "00002904d00000000000040003 0005")],
    ["a TSIG before the end", "tsig-not-last", message([0, 0, 0, 2], "0000fa00ff000000000000".repeat(2))],
    ["a TSIG in the answer", "tsig-not-last", message([0, 1, 0, 0], "0000fa00ff000000000000")],
    ["more than 65535 octets", "message-too-long", new Uint8Array(65_536)],
  ])("%s: %s", (_, code, octets) => expect(codeOf(octets)).toBe(code));

  it("a chain of pointers longer than any name needs", () => {
    // A TXT of pointers, each to the one before it; then a name that points to the last of them.
    const chain = Array.from({ length: 200 }, (_, index) => (0xc0_17 + 2 * Math.max(0, index - 1)).toString(16));
    const txt = `0000100001000000000190${["0000", ...chain.slice(1)].join("")}`;
    expect(codeOf(message([0, 2, 0, 0], `${txt}c0d3000100010000000000 0400000000`))).toBe("accepted");
    expect(codeOf(message([0, 2, 0, 0], `${txt}c1a50001000100000000000400000000`))).toBe("too-many-pointers");
  });

  it("a message of ours that has no room, and never a shortened one", () => {
    const answer = Array.from({ length: 2 }, () => record(rrtype.TXT, new Uint8Array(40_000)));
    expect(() => encodeMessage({ ...empty, answer })).toThrow(new WireError("message-too-long", 40_047));
  });

  it("numbers of ours that do not fit, as a bug of ours", () => {
    expect(() => encodeMessage({ ...empty, id: 65_536 })).toThrow(InvariantError);
    expect(() => encodeMessage({ ...empty, flags: { ...flags, rcode: 16 } })).toThrow(InvariantError);
    const negative = { ...record(rrtype.TXT, new Uint8Array(1)), ttl: -1 };
    expect(() => encodeMessage({ ...empty, answer: [negative] })).toThrow(InvariantError);
  });
});
