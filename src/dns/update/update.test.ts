import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wireFixture } from "../../../test/fixtures/wire/fixtures.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { decodeMessage } from "../wire/message.ts";
import { nameFromText, nameToText, rootName } from "../wire/name.ts";
import { rdataFromText, rdataToText, soaSerial } from "../wire/rdata.ts";
import type { Message, ResourceRecord } from "../wire/record.ts";
import { classToText, typeToText } from "../wire/rrtype.ts";
import { buildNotify, buildQuery, buildUpdate, type UpdateRRset, type ZoneUpdate } from "./update.ts";

function a(...addresses: readonly string[]) {
  return { ttl: 60, rdata: addresses.map((address) => rdataFromText("A", address) ?? "") };
}

function shown({ name, class: ofClass, type, ttl, rdata }: ResourceRecord): string {
  const data = rdata.length === 0 ? "-" : rdataToText(typeToText(type), rdata.toHex());
  return `${nameToText(name)} ${ttl} ${classToText(ofClass)} ${typeToText(type)} ${data}`;
}

function sections(octets: Uint8Array): { readonly prerequisites: string[]; readonly updates: string[] } {
  const { answer, authority } = decodeMessage(octets);
  return { prerequisites: answer.map(shown), updates: authority.map(shown) };
}

function codeOf(build: () => unknown): string {
  try {
    build();
    return "built";
  } catch (error) {
    return error instanceof PointsmanError ? error.refusal.code : String(error);
  }
}

const login: UpdateRRset = {
  name: "login.example.com.",
  type: "A",
  before: a("192.0.2.10"),
  after: a("198.51.100.10"),
};
const zone = "example.com.";

describe("an UPDATE is a compare-and-swap", () => {
  it("is what nsupdate sends for the same, fence included, but for the guard against an alias", () => {
    const fixture = decodeMessage(wireFixture("nsupdate-sha256-request.hex"));
    const fences = [{ name: "_pointsman.login.example.com.", before: null, after: "login-1" }];
    const rrsets = [{ ...login, before: a("192.0.2.10", "192.0.2.11") }];
    const ours: Message = decodeMessage(buildUpdate({ zone, rrsets, fences }, fixture.id));
    expect({ ...ours, answer: ours.answer.slice(0, -1) }).toEqual({ ...fixture, additional: [] });
    expect(ours.answer.slice(-1).map(shown)).toEqual(["_pointsman.login.example.com. 0 NONE CNAME -"]);
  });

  it("requires that no alias stands where all of a name is absent, and nothing at all before an alias is added", () => {
    const absent = { ...login, before: "absent" } as const;
    const added = sections(buildUpdate({ zone, rrsets: [absent], fences: [] }, 1));
    expect(added.prerequisites).toEqual(["login.example.com. 0 NONE A -", "login.example.com. 0 NONE CNAME -"]);
    const target = { ttl: 60, rdata: [rdataFromText("CNAME", "fra.example.net.") ?? ""] };
    const alias = { ...absent, type: "CNAME", after: target };
    const aliased = sections(buildUpdate({ zone, rrsets: [alias], fences: [] }, 1));
    expect(aliased.prerequisites).toEqual(["login.example.com. 0 NONE CNAME -", "login.example.com. 0 NONE ANY -"]);
  });

  it("requires every RRset before, deletes it, and adds the one after, with the TTL of the latter", () => {
    const fences = [{ name: "_pointsman.login.example.com.", before: "login-16", after: "login-17" }];
    expect(sections(buildUpdate({ zone, rrsets: [login], fences }, 1))).toEqual({
      prerequisites: ["login.example.com. 0 IN A 192.0.2.10", '_pointsman.login.example.com. 0 IN TXT "login-16"'],
      updates: [
        "login.example.com. 0 ANY A -",
        "_pointsman.login.example.com. 0 ANY TXT -",
        "login.example.com. 60 IN A 198.51.100.10",
        '_pointsman.login.example.com. 60 IN TXT "login-17"',
      ],
    });
  });

  it("requires that an absent RRset is absent, and removes one only where the plan says absent", () => {
    const rrsets: UpdateRRset[] = [
      {
        name: "login.example.com.",
        type: "AAAA",
        before: { ttl: 60, rdata: ["20010db8000100000000000000000010"] },
        after: "absent",
      },
      { name: "login.example.com.", type: "A", before: "absent", after: a("192.0.2.1") },
    ];
    expect(sections(buildUpdate({ zone, rrsets, fences: [] }, 1))).toEqual({
      prerequisites: ["login.example.com. 0 IN AAAA 2001:db8:1::10", "login.example.com. 0 NONE A -"],
      updates: ["login.example.com. 0 ANY AAAA -", "login.example.com. 60 IN A 192.0.2.1"],
    });
  });

  it("never deletes an RRset that it does not add again, unless its after is absent (N3)", () => {
    const data = fc.oneof(
      fc.constant("absent" as const),
      fc.array(fc.ipV4(), { minLength: 1, maxLength: 3 }).map((addresses) => a(...addresses)),
    );
    const rrset = fc
      .record({
        name: fc.constantFrom("a", "b", "c", "d").map((label) => `${label}.example.com.`),
        type: fc.constant("A"),
        before: data,
        after: data,
      })
      .filter(({ before, after }) => before !== "absent" || after !== "absent");
    const rrsets = fc.uniqueArray(rrset, { minLength: 1, selector: ({ name }) => name });
    fc.assert(
      fc.property(rrsets, (changes) => {
        const { prerequisites, updates } = sections(buildUpdate({ zone, rrsets: changes, fences: [] }, 1));
        for (const { name, after } of changes) {
          expect(prerequisites.some((line) => line.startsWith(`${name} 0 `))).toBe(true);
          const isAdded = updates.some((line) => line.startsWith(`${name} 60 IN A`));
          expect(isAdded).toBe(after !== "absent");
        }
        // All that is deleted is deleted before anything is added: a CNAME may take the place of an A.
        const lastDeletion = updates.findLastIndex((line) => line.includes(" ANY "));
        expect(updates.slice(0, lastDeletion + 1).every((line) => line.includes(" ANY "))).toBe(true);
      }),
    );
  });

  const bad = (part: Partial<UpdateRRset>): ZoneUpdate => ({ zone, rrsets: [{ ...login, ...part }], fences: [] });
  it.each<[string, ZoneUpdate]>([
    ["bad-rrset", bad({ after: { ttl: 60, rdata: [] } })],
    ["bad-rrset", bad({ before: { ttl: 60, rdata: [] } })],
    ["bad-rrset", bad({ after: { ttl: 60, rdata: [""] } })],
    ["bad-rrset", bad({ after: { ttl: 60, rdata: ["C000020A"] } })],
    ["bad-rrset", bad({ after: { ttl: 2 ** 31, rdata: ["c000020a"] } })],
    [
      "bad-rrset",
      { zone, rrsets: [login], fences: [{ name: "_pointsman.login.example.com.", before: null, after: "" }] },
    ],
    ["nothing-to-change", bad({ before: "absent", after: "absent" })],
    ["nothing-to-change", { zone, rrsets: [], fences: [] }],
    ["outside-the-zone", bad({ name: "login.example.org." })],
    ["outside-the-zone", bad({ name: "badexample.com." })],
    ["not-a-name", bad({ name: "a..b" })],
    ["not-a-name", { ...bad({}), zone: "" }],
    ["not-a-steered-type", bad({ type: "ANY" })],
    ["not-a-steered-type", bad({ type: "SOA" })],
    ["not-a-steered-type", bad({ type: "NO-SUCH" })],
    ["not-a-steered-type", bad({ name: zone, type: "NS" })],
    ["rrset-twice", { zone, rrsets: [login, { ...login, name: "LOGIN.example.com" }], fences: [] }],
  ])("is refused as %s rather than sent: %#", (code, update) => {
    expect(codeOf(() => buildUpdate(update, 1))).toBe(code);
  });
});

describe("other messages that we send", () => {
  const name = nameFromText("login.example.com") ?? rootName;

  it("a query asks for what its words say", () => {
    const plain = decodeMessage(
      buildQuery(name, 1, { id: 9, recursion: "none", dnssec: "leave-out", checking: "enabled" }),
    );
    expect(plain).toMatchObject({
      id: 9,
      flags: { qr: false, opcode: 0, rd: false, cd: false },
      question: [{ name, type: 1, class: 1 }],
      edns: { udpPayloadSize: 1232, dnssecOk: false },
    });
    const asked = decodeMessage(
      buildQuery(name, 1, { id: 9, recursion: "desired", dnssec: "send", checking: "disabled" }),
    );
    expect(asked).toMatchObject({ flags: { rd: true, cd: true }, edns: { dnssecOk: true } });
  });

  it("a NOTIFY names the zone, and its serial where it is known (RFC 1996 §3.7)", () => {
    const bare = decodeMessage(buildNotify(name, 5));
    expect(bare).toMatchObject({
      id: 5,
      flags: { opcode: 4, aa: true, qr: false },
      question: [{ name, type: 6, class: 1 }],
    });
    expect(bare.answer).toEqual([]);
    const [soa] = decodeMessage(buildNotify(name, 5, 4_026_112_201)).answer;
    expect(soaSerial(soa?.rdata ?? new Uint8Array(0))).toBe(4_026_112_201);
  });
});
