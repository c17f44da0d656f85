import fc from "fast-check";
import { ttlMax } from "../../src/dns/wire/limits.ts";
import { nameFromOctets, rootName, type Name } from "../../src/dns/wire/name.ts";
import type { Message, ResourceRecord } from "../../src/dns/wire/record.ts";
import { rrclass, rrtype } from "../../src/dns/wire/rrtype.ts";
import { concat } from "../../src/values/octets.ts";

const u16 = fc.integer({ min: 0, max: 0xff_ff });
const octets = (constraints: fc.IntArrayConstraints): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array(constraints).map((value) => new Uint8Array(value));

// Few letters, so that names share suffixes and differ by case: that is where compression goes wrong.
const label = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("a", "A", "b", "com", "example", "Example").map((text) => Buffer.from(text)),
  },
  { weight: 1, arbitrary: octets({ minLength: 1, maxLength: 63 }) },
);

/** Any name of legal length, of any octets. */
export const anyName: fc.Arbitrary<Name> = fc.array(label, { maxLength: 6 }).map((labels) => {
  const wire = concat(...labels.flatMap((part) => [Uint8Array.of(part.length), part]), rootName);
  return nameFromOctets(wire) ?? rootName;
});

const fixedData = (length: number): fc.Arbitrary<Uint8Array> => octets({ minLength: length, maxLength: length });
const joined = (...parts: fc.Arbitrary<Uint8Array>[]): fc.Arbitrary<Uint8Array> =>
  fc.tuple(...parts).map((values) => concat(...values));

const typed = (type: number, rdata: fc.Arbitrary<Uint8Array>): fc.Arbitrary<{ type: number; rdata: Uint8Array }> =>
  fc.record({ type: fc.constant(type), rdata });

const data = fc.oneof(
  typed(rrtype.A, fixedData(4)),
  typed(rrtype.AAAA, fixedData(16)),
  typed(rrtype.CNAME, anyName),
  typed(rrtype.NS, anyName),
  typed(rrtype.PTR, anyName),
  typed(rrtype.DNAME, anyName),
  typed(rrtype.SOA, joined(anyName, anyName, fixedData(20))),
  typed(rrtype.MX, joined(fixedData(2), anyName)),
  typed(rrtype.SRV, joined(fixedData(6), anyName)),
  typed(rrtype.RRSIG, joined(fixedData(18), anyName, octets({ maxLength: 64 }))),
  typed(rrtype.NAPTR, joined(fixedData(4), fc.constant(Uint8Array.of(1, 65, 0, 2, 66, 67)), anyName)),
  typed(rrtype.TXT, octets({ maxLength: 80 })),
  typed(65_280, octets({ maxLength: 80 })),
);

const record: fc.Arbitrary<ResourceRecord> = fc.oneof(
  fc
    .tuple(anyName, fc.constantFrom(rrclass.IN, rrclass.NONE), fc.nat(ttlMax), data)
    .map(([name, ofClass, ttl, { type, rdata }]) => ({ name, type, class: ofClass, ttl, rdata })),
  // What an UPDATE says "any RRset" and "no RRset" with (RFC 2136 §2.4).
  fc.record({
    name: anyName,
    type: fc.constantFrom(rrtype.A, rrtype.CNAME, rrtype.SOA, rrtype.ANY),
    class: fc.constantFrom(rrclass.ANY, rrclass.NONE),
    ttl: fc.constant(0),
    rdata: fc.constant(new Uint8Array(0)),
  }),
);

const tsig: fc.Arbitrary<ResourceRecord> = fc.record({
  name: anyName,
  type: fc.constant(rrtype.TSIG),
  class: fc.constant(rrclass.ANY),
  ttl: fc.constant(0),
  rdata: octets({ maxLength: 60 }),
});

const edns = fc.record({
  udpPayloadSize: u16,
  version: fc.nat(255),
  dnssecOk: fc.boolean(),
  options: fc.array(fc.record({ code: u16, data: octets({ maxLength: 20 }) }), { maxLength: 3 }),
});

const records = fc.array(record, { maxLength: 4 });

const anyFlags = fc.record({
  qr: fc.boolean(),
  opcode: fc.nat(15),
  aa: fc.boolean(),
  tc: fc.boolean(),
  rd: fc.boolean(),
  ra: fc.boolean(),
  ad: fc.boolean(),
  cd: fc.boolean(),
  // Without EDNS a response code has four bits.
  rcode: fc.nat(15),
});

const sections = {
  id: u16,
  question: fc.array(fc.record({ name: anyName, type: u16, class: u16 }), { maxLength: 2 }),
  answer: records,
  authority: records,
  additional: fc.tuple(records, fc.array(tsig, { maxLength: 1 })).map((parts) => parts.flat()),
};

/** Any message that may be sent. */
export const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ ...sections, flags: anyFlags, edns: fc.constant(undefined) }),
  fc.record({
    ...sections,
    flags: fc.tuple(anyFlags, fc.nat(0xf_ff)).map(([flags, rcode]) => Object.assign(flags, { rcode })),
    edns,
  }),
);
