import { describe, expect, it } from "vitest";
import { nameFromText, rootName, type Name } from "../wire/name.ts";
import { rdataFromText } from "../wire/rdata.ts";
import type { Flags, Message, ResourceRecord } from "../wire/record.ts";
import { rcode, rrclass, rrtype, typeFromText } from "../wire/rrtype.ts";
import { fromHex } from "../../values/octets.ts";
import { readAnswer } from "./referral.ts";

function named(text: string): Name {
  return nameFromText(text) ?? rootName;
}

/** `name ttl type data`. */
function records(...lines: readonly string[]): readonly ResourceRecord[] {
  return lines.map((line) => {
    const [owner = "", ttl = "", type = "", ...data] = line.split(" ");
    const rdata = fromHex(rdataFromText(type, data.join(" ")) ?? "") ?? rootName;
    return { name: named(owner), type: typeFromText(type) ?? 0, class: rrclass.IN, ttl: Number(ttl), rdata };
  });
}

function message(sections: Partial<Message>, changed: Partial<Flags> = {}): Message {
  const flags = { qr: true, opcode: 0, aa: false, tc: false, rd: false, ra: false, ad: false, cd: false, rcode: 0 };
  const none = { question: [], answer: [], authority: [], additional: [], edns: undefined };
  return { id: 1, flags: { ...flags, ...changed }, ...none, ...sections };
}

const www = { name: named("www.child.test."), type: rrtype.A };
const test = named("test.");
const soa = "ns.test. hostmaster.test. 1 2 3 4 5";

describe("an answer of a nameserver of test. on the way to www.child.test.", () => {
  it("leads on by a referral, with the glue of names below test. alone", () => {
    const authority = records("Child.test. 60 NS ns1.child.test.", "child.test. 30 NS ns.other.");
    const additional = records(
      "NS1.child.test. 60 A 192.0.2.1",
      "ns1.child.test. 60 AAAA 2001:db8::1",
      "ns.other. 60 A 192.0.2.66",
    );
    expect(readAnswer(message({ authority, additional }), test, www)).toEqual({
      kind: "referral",
      delegation: {
        zone: named("Child.test."),
        nameservers: [
          { name: named("ns1.child.test."), addresses: ["192.0.2.1", "2001:db8::1"] },
          { name: named("ns.other."), addresses: [] },
        ],
      },
      ttl: 30,
    });
  });

  it.each([
    ["to itself", "test. 60 NS ns.test."],
    ["upwards", ". 60 NS ns.root."],
    ["sideways", "other.test. 60 NS ns.other.test."],
  ])("leads nowhere by a referral %s: so no chain of them is endless", (_where, line) => {
    const reading = readAnswer(message({ authority: records(line) }), test, www);
    expect(reading).toEqual({ kind: "lame", code: "not-authoritative" });
  });

  it.each([
    ["refused", message({}, { rcode: rcode.REFUSED })],
    ["servfail", message({}, { rcode: rcode.SERVFAIL, aa: true })],
    ["truncated-over-tcp", message({}, { tc: true, aa: true })],
    ["not-authoritative", message({ answer: records("www.child.test. 60 A 192.0.2.1") })],
    ["other-zone", message({ authority: records(`. 60 SOA ${soa}`) }, { aa: true, rcode: rcode.NXDOMAIN })],
  ])("is %s, and no answer", (code, answer) => {
    expect(readAnswer(answer, test, www)).toEqual({ kind: "lame", code });
  });

  it("is an answer with authority, with records or without", () => {
    const answer = message({ answer: records("www.child.test. 60 A 192.0.2.1") }, { aa: true });
    const absent = message({ authority: records(`test. 60 SOA ${soa}`) }, { aa: true, rcode: rcode.NXDOMAIN });
    const tooLong = message({ answer: records("child.test. 60 DNAME other.") }, { aa: true, rcode: rcode.YXDOMAIN });
    for (const each of [answer, absent, tooLong]) expect(readAnswer(each, test, www)).toEqual({ kind: "answer" });
  });

  it("is not the parent's on a DS when it is the child's own", () => {
    const ds = { name: named("child.test."), type: rrtype.DS };
    const own = message({ authority: records(`child.test. 60 SOA ${soa}`) }, { aa: true });
    expect(readAnswer(own, test, ds)).toEqual({ kind: "child-side" });
    const parents = message({ authority: records(`test. 60 SOA ${soa}`) }, { aa: true });
    expect(readAnswer(parents, test, ds)).toEqual({ kind: "answer" });
    const knowsNothing = message({ authority: records("child.test. 60 NS ns1.child.test.") });
    expect(readAnswer(knowsNothing, test, ds)).toEqual({ kind: "answer" });
  });
});
