import { describe, expect, it } from "vitest";
import { add, instant, second } from "../../values/time.ts";
import type { Message } from "../wire/record.ts";
import { rrtype } from "../wire/rrtype.ts";
import { forged, RecordedResponses, responseOf, shortOfOne } from "./recorded.fixture.ts";
import { anchor5155, printed5155 } from "./rfc5155.fixture.ts";
import { nameOf } from "./sign.fixture.ts";
import type { Validation } from "./verdict.ts";
import { resolve, short, validatorOf } from "./world.fixture.ts";

const begins = instant(Date.UTC(2005, 9, 21));
const ends = instant(Date.UTC(2015, 3, 20, 23, 59, 59));
const within = instant(Date.UTC(2012, 3, 20));

/** Appendix B by what it asks, and what its server answers to a validator on the way. */
const responses: Readonly<Record<string, Message>> = {
  "example. DNSKEY": responseOf(printed5155.keys),
  "a.c.x.w.example. A": responseOf(printed5155.b1),
  "ns1.example. MX": responseOf(printed5155.b2),
  "y.w.example. A": responseOf(printed5155.b21),
  "mc.c.example. MX": responseOf(printed5155.b3),
  "c.example. DS": responseOf(printed5155.dsOfB3),
  "a.z.w.example. MX": responseOf(printed5155.b4),
  "a.z.w.example. AAAA": responseOf(printed5155.b5),
  "example. DS": responseOf(printed5155.b6),
  // The same NSEC3 deny a DS there as well, for a validator that looks for a zone cut before it calls anything bogus.
  "ns1.example. DS": responseOf(printed5155.b2),
  "w.example. DS": responseOf(printed5155.dsOfW),
  "y.w.example. DS": responseOf(printed5155.b21),
};

const validator = (changed = responses) =>
  validatorOf(new RecordedResponses(changed), { anchors: anchor5155, options: { legacy: "for-test-corpora" } });

function ask(question: string, now = within, changed = responses): Promise<Validation> {
  const [name = "", type] = question.split(" ");
  return resolve(validator(changed), name, type, now);
}

// The whole zone is opt-out. Where the next closer name lies in an opt-out span, an unsigned delegation may be there, and
// a validator must not vouch for it (RFC 5155 §9.2): the proof is complete, and its verdict is insecure.
const answers = [
  ["B.1: name error", "a.c.x.w.example. A", ["insecure", "no-name", "opt-out"]],
  ["B.2: no data", "ns1.example. MX", ["secure", "no-data", "no-data-secure"]],
  ["B.2.1: no data, empty non-terminal", "y.w.example. A", ["secure", "no-data", "no-data-secure"]],
  ["B.4: wildcard expansion", "a.z.w.example. MX", ["insecure", "answer", "opt-out"]],
  ["B.5: wildcard no data", "a.z.w.example. AAAA", ["insecure", "no-data", "opt-out"]],
] as const;

// As printed, every signature of these examples holds: no erratum is needed for any of them.
describe("RFC 5155 appendix B, from its anchor to the verdict", () => {
  it.each(answers)("%s", async (_, question, verdict) => {
    expect(short(await ask(question))).toEqual(verdict);
  });

  it("B.3: a referral to an unsigned zone in an opt-out span is insecure, and no answer itself", async () => {
    expect(short(await ask("c.example. DS"))).toEqual(["insecure", "no-data", "opt-out"]);
    const child = await validator().zoneKeys(nameOf("c.example."), within, new AbortController().signal);
    expect(child).toMatchObject({ verdict: "insecure", keys: [], fault: null });
    expect(child.reasons.map(({ code }) => code)).toEqual(["anchor-trusted", "keys-secure", "opt-out"]);
    expect(short(await ask("mc.c.example. MX"))).toEqual(["indeterminate", "none", "unusable-answer"]);
  });

  it("B.4: the answer says which wildcard it was made from", async () => {
    const [mx] = (await ask("a.z.w.example. MX")).answer;
    expect(mx).toMatchObject({ name: "a.z.w.example.", wildcard: "*.w.example.", rdata: ["1 ai.example."] });
  });

  it("B.6: what a child says of its own DS is not believed: that is its parent's, and no anchor is there", async () => {
    expect(short(await ask("example. DS"))).toEqual(["indeterminate", "no-data", "no-anchor-above"]);
  });

  it.each(answers)("%s: the same from the first second of its signatures to the last", async (_, question, verdict) => {
    expect(short(await ask(question, begins))).toEqual(verdict);
    expect(short(await ask(question, ends))).toEqual(verdict);
    expect(short(await ask(question, add(begins, -second))).at(2)).toBe("signature-not-yet-valid");
    expect(short(await ask(question, add(ends, second))).at(2)).toBe("signature-expired");
  });
});

describe("the same responses, altered", () => {
  const altered = ["ns1.example. MX", "y.w.example. A", "c.example. DS", "a.z.w.example. MX"] as const;

  it.each(altered)("%s, with other octets in the signatures of its NSEC3, is bogus", async (question) => {
    const whole = responses[question];
    const changed = whole === undefined ? responses : { ...responses, [question]: forged(whole, rrtype.NSEC3) };
    const [verdict, , code] = short(await ask(question, within, changed));
    expect([verdict, code]).toEqual(["bogus", "signature-invalid"]);
  });

  it.each(altered)("%s, without one of its NSEC3, is bogus", async (question) => {
    expect(await verdictsShortOfOne(question)).toEqual(new Set(["bogus"]));
  });

  it.each(["a.c.x.w.example. A", "a.z.w.example. AAAA"])(
    "%s, which was insecure, is not more without one of its NSEC3",
    async (question) => {
      const verdicts = await verdictsShortOfOne(question);
      expect(verdicts).not.toContain("secure");
      expect(verdicts).toContain("indeterminate");
    },
  );

  it("a wildcard's answer with other octets in its own signature is not taken", async () => {
    const changed = { ...responses, "a.z.w.example. MX": forged(responseOf(printed5155.b4), rrtype.MX) };
    const { verdict, answer } = await ask("a.z.w.example. MX", within, changed);
    expect(["bogus", "indeterminate"]).toContain(verdict);
    expect(answer.map((link) => link.verdict)).not.toContain("secure");
  });
});

async function verdictsShortOfOne(question: string): Promise<ReadonlySet<string>> {
  const whole = responses[question];
  const all = whole === undefined ? [] : shortOfOne(whole, rrtype.NSEC3);
  const found = await Promise.all(all.map((one) => ask(question, within, { ...responses, [question]: one })));
  return new Set(found.map(({ verdict }) => verdict));
}
