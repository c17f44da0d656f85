import { describe, expect, it } from "vitest";
import { add, instant, second } from "../../values/time.ts";
import type { Message } from "../wire/record.ts";
import { rrtype } from "../wire/rrtype.ts";
import { forged, RecordedResponses, responseOf, shortOfOne } from "./recorded.fixture.ts";
import { anchor4035, printed4035 } from "./rfc4035.fixture.ts";
import { nameOf } from "./sign.fixture.ts";
import type { Validation } from "./verdict.ts";
import { resolve, short, validatorOf } from "./world.fixture.ts";

const begins = instant(Date.UTC(2004, 3, 9, 18, 36, 19));
const ends = instant(Date.UTC(2004, 4, 9, 18, 36, 19));
const within = instant(Date.UTC(2004, 3, 20));
const corpora = { legacy: "for-test-corpora" } as const;

/** Appendix B by what it asks, and what its server answers to a validator on the way. */
const responses: Readonly<Record<string, Message>> = {
  "example. DNSKEY": responseOf(printed4035.keys),
  "x.w.example. MX": responseOf(printed4035.b1),
  "ml.example. A": responseOf(printed4035.b2),
  "ns1.example. MX": responseOf(printed4035.b3),
  // The same NSEC deny a DS there as well, for a validator that looks for a zone cut before it calls anything bogus.
  "ml.example. DS": responseOf(printed4035.b2),
  "ns1.example. DS": responseOf(printed4035.b3),
  "mc.a.example. MX": responseOf(printed4035.b4),
  "a.example. DS": responseOf(printed4035.dsOfB4),
  "mc.b.example. MX": responseOf(printed4035.b5),
  "b.example. DS": responseOf(printed4035.dsOfB5),
  "a.z.w.example. MX": responseOf(printed4035.b6),
  "a.z.w.example. AAAA": responseOf(printed4035.b7),
  "example. DS": responseOf(printed4035.b8),
};

const validator = (options: Parameters<typeof validatorOf>[1] = { options: corpora }, changed = responses) =>
  validatorOf(new RecordedResponses(changed), { anchors: anchor4035, ...options });

function ask(question: string, now = within, changed?: Readonly<Record<string, Message>>): Promise<Validation> {
  const [name = "", type] = question.split(" ");
  return resolve(validator(undefined, changed), name, type, now);
}

const zoneKeys = (zone: string) => validator().zoneKeys(nameOf(zone), within, new AbortController().signal);
const codes = ({ reasons }: Pick<Validation, "reasons">) => reasons.map(({ code }) => code);

const answers = [
  ["B.1: answer", "x.w.example. MX", ["secure", "answer", "answer-secure"]],
  ["B.2: name error", "ml.example. A", ["secure", "no-name", "no-name-secure"]],
  ["B.3: no data", "ns1.example. MX", ["secure", "no-data", "no-data-secure"]],
  ["B.6: wildcard expansion", "a.z.w.example. MX", ["secure", "answer", "wildcard-secure"]],
  ["B.7: wildcard no data", "a.z.w.example. AAAA", ["secure", "no-data", "no-data-secure"]],
] as const;

// As printed, every signature of these examples holds: no erratum is needed for any of them.
describe("RFC 4035 appendix B, from its anchor to the verdict", () => {
  it.each(answers)("%s is secure", async (_, question, verdict) => {
    expect(short(await ask(question))).toEqual(verdict);
  });

  it("B.4: a referral to a signed zone: its DS is secure, and the referral itself is no answer", async () => {
    expect(short(await ask("a.example. DS"))).toEqual(["secure", "answer", "answer-secure"]);
    // The RFC prints nothing of the child, so the chain ends where its server would be asked for its keys.
    const child = await zoneKeys("a.example.");
    expect(child).toMatchObject({ verdict: "indeterminate", zone: "a.example.", isApex: true });
    expect(codes(child)).toEqual(["anchor-trusted", "keys-secure", "ds-secure", "no-answer"]);
    expect(short(await ask("mc.a.example. MX"))).toEqual(["indeterminate", "none", "unusable-answer"]);
  });

  it("B.5: a referral to an unsigned zone: that nobody signs it is proven", async () => {
    expect(short(await ask("b.example. DS"))).toEqual(["secure", "no-data", "no-data-secure"]);
    const child = await zoneKeys("b.example.");
    expect(child).toMatchObject({ verdict: "insecure", keys: [] });
    expect(codes(child)).toEqual(["anchor-trusted", "keys-secure", "insecure-delegation"]);
    expect(short(await ask("mc.b.example. MX"))).toEqual(["indeterminate", "none", "unusable-answer"]);
  });

  it("B.6: the answer says which wildcard it was made from", async () => {
    const [mx] = (await ask("a.z.w.example. MX")).answer;
    expect(mx).toMatchObject({ name: "a.z.w.example.", wildcard: "*.w.example.", rdata: ["1 ai.example."] });
  });

  it("B.8: what a child says of its own DS is not believed: that is its parent's, and no anchor is there", async () => {
    expect(short(await ask("example. DS"))).toEqual(["indeterminate", "no-data", "no-anchor-above"]);
  });
});

// What is altered is bogus, once it is known that no insecure zone begins on the way. The denials that say so for names
// below w.example are not among the printed ones; then it is not known.
const altered = [
  ["x.w.example. MX", rrtype.MX, "indeterminate"],
  ["ml.example. A", rrtype.NSEC, "bogus"],
  ["ns1.example. MX", rrtype.NSEC, "bogus"],
  ["a.z.w.example. MX", rrtype.MX, "indeterminate"],
  ["a.z.w.example. MX", rrtype.NSEC, "bogus"],
  ["a.z.w.example. AAAA", rrtype.NSEC, "indeterminate"],
] as const;

describe("the same responses, altered", () => {
  it.each(altered)("%s, with other octets in its signatures over type %d, is %s", async (question, type, verdict) => {
    const whole = responses[question];
    const changed = whole === undefined ? responses : { ...responses, [question]: forged(whole, type) };
    expect(await ask(question, within, changed)).toMatchObject({ verdict });
  });

  it.each(altered.filter(([, type]) => type === rrtype.NSEC))(
    "%s, without one of its records of type %d, is %s",
    async (question, type, verdict) => {
      const whole = responses[question];
      const changed = whole === undefined ? [] : shortOfOne(whole, type);
      expect(changed).not.toHaveLength(0);
      const found = await Promise.all(changed.map((one) => ask(question, within, { ...responses, [question]: one })));
      expect(found.map((one) => one.verdict)).toEqual(changed.map(() => verdict));
    },
  );

  it("a DS whose signature is forged leads nowhere, and one that is missing needs its proof", async () => {
    const other = { ...responses, "a.example. DS": forged(responseOf(printed4035.dsOfB4), rrtype.DS) };
    expect(short(await ask("a.example. DS", within, other))).toEqual(["bogus", "answer", "signature-invalid"]);
    const none = { ...responses, "a.example. DS": responseOf(printed4035.dsOfB5) };
    expect(await ask("a.example. DS", within, none)).toMatchObject({ verdict: "bogus" });
  });
});

describe("the same responses, at another time or without SHA-1", () => {
  it.each(answers)("%s holds from the first second of its signatures to the last", async (_, question, verdict) => {
    expect(short(await ask(question, begins))).toEqual(verdict);
    expect(short(await ask(question, ends))).toEqual(verdict);
    expect(short(await ask(question, add(begins, -second))).at(2)).toBe("signature-not-yet-valid");
    expect(short(await ask(question, add(ends, second))).at(2)).toBe("signature-expired");
  });

  it("is insecure unless a test corpus is asked for: RSA/SHA-1 is not supported (RFC 9905)", async () => {
    const strict = await resolve(validator({}), "x.w.example.", "MX", within);
    expect(short(strict)).toEqual(["insecure", "answer", "unsupported-algorithm"]);
  });
});
