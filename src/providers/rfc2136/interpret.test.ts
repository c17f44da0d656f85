import { describe, expect, it } from "vitest";
import { signMessage, verifyResponse } from "../../dns/update/tsig.ts";
import { parseTsigKey, type TsigKey } from "../../dns/update/tsig-key.ts";
import { decodeMessage, encodeMessage } from "../../dns/wire/message.ts";
import { rcode, tsigError } from "../../dns/wire/rrtype.ts";
import { buildUpdate } from "../../dns/update/update.ts";
import { instant } from "../../values/time.ts";
import { interpretFailure, interpretVerdict } from "./interpret.ts";
import { SigningWindow } from "./signing-window.ts";

const now = 1_800_000_000;
const lateUntil = instant(1);
const key = keyOf("hmac-sha256:key.:c2VjcmV0");
const change = {
  name: "login.example.com.",
  type: "A",
  before: "absent",
  after: { ttl: 60, rdata: ["c000020a"] },
} as const;
const request = buildUpdate({ zone: "example.com.", rrsets: [change], fences: [] }, 4711);
const { mac } = signMessage(request, key, { timeSigned: now, fudge: 30 });

function keyOf(text: string): TsigKey {
  const parsed = parseTsigKey(text);
  if (!("key" in parsed)) throw new Error(parsed.says);
  return parsed.key;
}

function answer(code: number): Uint8Array {
  const message = decodeMessage(request);
  const flags = { ...message.flags, qr: true, rcode: code };
  return encodeMessage({ ...message, flags, answer: [], authority: [] });
}

function outcomeOf(octets: Uint8Array) {
  return interpretVerdict(verifyResponse(octets, key, mac, now), lateUntil);
}

const signed = (code: number, requestMac = mac, by = key) =>
  signMessage(answer(code), by, { timeSigned: now, fudge: 30, requestMac }).octets;

describe("an answer to an UPDATE", () => {
  it("means applied only when its NOERROR is signed for this very request", () => {
    expect(outcomeOf(signed(rcode.NOERROR))).toMatchObject({ outcome: "applied" });
    expect(outcomeOf(answer(rcode.NOERROR))).toMatchObject({ outcome: "unknown", code: "unsigned-noerror", lateUntil });
    const otherRequest = signed(rcode.NOERROR, new Uint8Array(32));
    expect(outcomeOf(otherRequest)).toMatchObject({ outcome: "unknown", code: "answer-bad-mac" });
    const otherKey = signed(rcode.NOERROR, mac, keyOf("hmac-sha256:other.:c2VjcmV0"));
    expect(outcomeOf(otherKey)).toMatchObject({ outcome: "unknown", code: "answer-wrong-key" });
  });

  it.each([
    ["conflict", "NXRRSET", "nxrrset"],
    ["conflict", "YXRRSET", "yxrrset"],
    ["conflict", "NXDOMAIN", "nxdomain"],
    ["conflict", "YXDOMAIN", "yxdomain"],
    ["refused", "REFUSED", "refused"],
    ["refused", "NOTAUTH", "notauth"],
    ["refused", "NOTZONE", "notzone"],
    ["refused", "FORMERR", "formerr"],
    ["refused", "NOTIMP", "notimp"],
    ["unknown", "SERVFAIL", "servfail"],
  ] as const)("means %s when it is signed and says %s", (outcome, text, code) => {
    expect(outcomeOf(signed(rcode[text]))).toMatchObject({ outcome, code });
  });

  it("never means conflict unsigned: a forger could make a plan void", () => {
    expect(outcomeOf(answer(rcode.NXRRSET))).toMatchObject({ outcome: "unknown", code: "unsigned-nxrrset" });
    expect(outcomeOf(answer(rcode.REFUSED))).toEqual({ outcome: "refused", code: "unsigned-refused" });
  });

  it.each(["BADKEY", "BADSIG", "BADTIME"] as const)("that finds %s is refused with that code", (error) => {
    const signing = { timeSigned: now, fudge: 30, requestMac: mac, error: tsigError[error] };
    const { octets } = signMessage(answer(rcode.NOTAUTH), key, signing);
    expect(outcomeOf(octets)).toEqual({ outcome: "refused", code: error.toLowerCase() });
  });

  it("that is no message leaves it unknown", () => {
    expect(outcomeOf(signed(rcode.NOERROR).subarray(0, 60))).toMatchObject({ outcome: "unknown", lateUntil });
  });
});

describe("no answer", () => {
  it("means not sent only when nothing can have left this machine", () => {
    const failure = { outcome: "timeout", code: "timeout", dropped: 0 } as const;
    expect(interpretFailure({ ...failure, sent: false }, lateUntil)).toEqual({ outcome: "not-sent", code: "timeout" });
    expect(interpretFailure({ ...failure, sent: true }, lateUntil)).toEqual({
      outcome: "unknown",
      code: "timeout",
      lateUntil,
    });
  });
});

describe("how long a held-back message is good for", () => {
  it("is the fudge, the whole last second of it, and what our clock may be off", () => {
    const window = new SigningWindow();
    expect(window.fudge).toBe(30);
    expect(window.lateUntil(now, 30)).toBe((now + 31) * 1000 + 2000);
  });

  it("is longer at a server whose clock is behind ours, and never counted shorter", () => {
    const behind = new SigningWindow();
    behind.learn(now, now - 100);
    expect(behind.fudge).toBe(130);
    expect(behind.lateUntil(now, behind.fudge)).toBe((now + 231) * 1000 + 2000);
    const ahead = new SigningWindow();
    ahead.learn(now, now + 1000);
    expect(ahead.fudge).toBe(300);
    expect(ahead.lateUntil(now, ahead.fudge)).toBe((now + 301) * 1000 + 2000);
  });
});
