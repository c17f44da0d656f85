import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wireFixture } from "../../../test/fixtures/wire/fixtures.ts";
import { anyMessage, anyName } from "../../../test/fuzz/arbitrary-message.ts";
import { InvariantError } from "../../values/invariant.ts";
import { concat, toBase64 } from "../../values/octets.ts";
import { decodeMessage, encodeMessage } from "../wire/message.ts";
import { rcode, tsigError } from "../wire/rrtype.ts";
import { lastAdditionalAt } from "../wire/sections.ts";
import { signMessage, verifyRequest, verifyResponse, type Signing } from "./tsig.ts";
import { parseTsigKey, type TsigKey } from "./tsig-key.ts";
import { readTsig, type TsigFields } from "./tsig-record.ts";

function key(text: string): TsigKey {
  const parsed = parseTsigKey(text);
  if ("code" in parsed) throw new Error(parsed.says);
  return parsed.key;
}

// The keys that BIND had when the fixtures were recorded; made for that, and used nowhere else.
const keys = {
  sha256: key("hmac-sha256:k256.example.:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
  sha384: key("hmac-sha384:k384.example.:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="),
  sha512: key("hmac-sha512:k512.example.:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8="),
};

function fieldsOf(octets: Uint8Array): TsigFields {
  const fields = readTsig(decodeMessage(octets).additional.at(-1)?.rdata ?? new Uint8Array(0));
  if (fields === undefined) throw new Error("no TSIG");
  return fields;
}

/** The message before it was signed. */
function bare(octets: Uint8Array): Uint8Array {
  const cut = octets.slice(0, lastAdditionalAt(octets));
  cut.set([0, (cut[11] ?? 0) - 1], 10);
  return cut;
}

const now = 1_795_357_098;
const signing: Signing = { timeSigned: now, fudge: 30 };
const query = encodeMessage({
  id: 7,
  flags: { qr: false, opcode: 5, aa: false, tc: false, rd: false, ra: false, ad: false, cd: false, rcode: 0 },
  question: [],
  answer: [],
  authority: [],
  additional: [],
  edns: undefined,
});

describe("TSIG with BIND", () => {
  it.each(["sha256", "sha384", "sha512"] as const)("signs as nsupdate does, octet for octet: hmac-%s", (hash) => {
    const request = wireFixture(`nsupdate-${hash}-request.hex`);
    const { timeSigned, fudge, mac } = fieldsOf(request);
    expect(verifyRequest(request, keys[hash], timeSigned).outcome).toBe("ok");
    expect(signMessage(bare(request), keys[hash], { timeSigned, fudge })).toEqual({ octets: request, mac });
  });

  it.each(["sha256", "sha384", "sha512", "conflict", "notzone"])("verifies BIND's response: %s", (which) => {
    const used = which === "sha384" || which === "sha512" ? keys[which] : keys.sha256;
    const request = fieldsOf(wireFixture(`nsupdate-${which}-request.hex`));
    const response = wireFixture(`nsupdate-${which}-response.hex`);
    expect(verifyResponse(response, used, request.mac, request.timeSigned + 2)).toMatchObject({ outcome: "ok" });
    expect(verifyResponse(response, used, new Uint8Array(request.mac.length), request.timeSigned).outcome).toBe(
      "bad-mac",
    );
  });

  it("was accepted by BIND in an UPDATE of ours, and its answer verifies", () => {
    const { mac, timeSigned } = fieldsOf(wireFixture("bind-applied-request.hex"));
    const verdict = verifyResponse(wireFixture("bind-applied-response.hex"), keys.sha256, mac, timeSigned);
    expect(verdict).toMatchObject({ outcome: "ok", message: { flags: { rcode: rcode.NOERROR } } });
  });

  it("reads BIND's clock from a BADTIME, which is signed", () => {
    const { mac, timeSigned } = fieldsOf(wireFixture("bind-badtime-request.hex"));
    expect(verifyResponse(wireFixture("bind-badtime-response.hex"), keys.sha256, mac, timeSigned + 3600)).toMatchObject(
      {
        outcome: "server-error",
        error: "BADTIME",
        authentic: "yes",
        serverTime: timeSigned + 3600,
      },
    );
  });

  it.each([
    ["badkey", "BADKEY"],
    ["badsig", "BADSIG"],
  ])("tells %s from the rest, and that nobody vouches for it", (which, error) => {
    const { mac, timeSigned } = fieldsOf(wireFixture(`nsupdate-${which}-request.hex`));
    const verdict = verifyResponse(wireFixture(`nsupdate-${which}-response.hex`), keys.sha256, mac, timeSigned);
    expect(verdict).toMatchObject({ outcome: "server-error", error, authentic: "no", serverTime: undefined });
  });

  it("calls a response without TSIG unsigned, with what it says", () => {
    const response = wireFixture("nsupdate-unsigned-response.hex");
    expect(verifyResponse(response, keys.sha256, new Uint8Array(32), now)).toMatchObject({
      outcome: "unsigned",
      rcode: "REFUSED",
    });
  });
});

describe("TSIG", () => {
  const request = signMessage(query, keys.sha256, signing);
  const respond = (with_: Partial<Signing> = {}, by: TsigKey = keys.sha256): Uint8Array =>
    signMessage(query, by, { ...signing, requestMac: request.mac, ...with_ }).octets;
  const outcome = (octets: Uint8Array, at = now): string =>
    verifyResponse(octets, keys.sha256, request.mac, at).outcome;

  it("verifies what it signed, for any message and key, and nothing that differs by a bit", () => {
    fc.assert(
      fc.property(
        anyMessage.filter(({ additional }) => additional.every(({ type }) => type !== 250)),
        fc.record({
          name: anyName,
          algorithm: fc.constantFrom("hmac-sha256" as const, "hmac-sha384" as const, "hmac-sha512" as const),
          secret: fc.uint8Array({ minLength: 1, maxLength: 64 }),
        }),
        fc.nat(),
        (message, any, chance) => {
          const { octets, mac } = signMessage(encodeMessage(message), any, signing);
          const verdict = verifyRequest(octets, any, now);
          expect(verdict).toEqual({ outcome: "ok", message: decodeMessage(octets), mac, timeSigned: now });
          const at = chance % (octets.length * 8);
          const altered = octets.map((octet, index) => (index === at >> 3 ? octet ^ (1 << (at & 7)) : octet));
          // Names are compared without case, and the header's id may change on the way (RFC 8945 §5.1, original ID).
          fc.pre(at >= 16);
          const again = verifyRequest(altered, any, now);
          const isCaseOnly =
            Buffer.from(altered).toString("latin1").toLowerCase() ===
            Buffer.from(octets).toString("latin1").toLowerCase();
          expect(again.outcome === "ok" && !isCaseOnly).toBe(false);
        },
      ),
    );
  });

  it("binds a response to its request", () => {
    expect(outcome(respond())).toBe("ok");
    expect(outcome(request.octets)).toBe("bad-mac");
    expect(outcome(respond({ requestMac: new Uint8Array(32) }))).toBe("bad-mac");
  });

  it("takes a forwarded message, whose id was changed on the way, for the one that was signed", () => {
    const response = respond();
    response.set([0xab, 0xcd]);
    expect(outcome(response)).toBe("ok");
  });

  it("holds the window on the second, on both sides", () => {
    expect([now - 31, now - 30, now + 30, now + 31].map((at) => outcome(respond(), at))).toEqual([
      "out-of-window",
      "ok",
      "ok",
      "out-of-window",
    ]);
    expect(verifyResponse(respond(), keys.sha256, request.mac, now + 31)).toMatchObject({
      timeSigned: now,
      fudge: 30,
      now: now + 31,
    });
  });

  it("tells another key, another secret and a cut MAC apart", () => {
    expect(outcome(respond({}, keys.sha384))).toBe("wrong-key");
    expect(outcome(respond({}, { ...keys.sha256, secret: new Uint8Array(32) }))).toBe("bad-mac");
    expect(outcome(withMac(respond(), 31))).toBe("short-mac");
    expect(outcome(withMac(respond(), 33))).toBe("malformed");
    expect(outcome(withMac(respond(), 0))).toBe("unsigned");
  });

  it("names each error that a server may give, and trusts its time only in a BADTIME", () => {
    const otherData = Uint8Array.of(0, 0, 0x6b, 0x02, 0x78, 0x9a);
    expect(verifyResponse(respond({ error: tsigError.BADTIME, otherData }), keys.sha256, request.mac, 0)).toMatchObject(
      {
        error: "BADTIME",
        authentic: "yes",
        serverTime: 0x6b_02_78_9a,
      },
    );
    expect(
      verifyResponse(respond({ error: tsigError.BADTRUNC, otherData }), keys.sha256, request.mac, now),
    ).toMatchObject({
      error: "BADTRUNC",
      serverTime: undefined,
    });
  });

  it("calls octets that are no message, or no TSIG, malformed", () => {
    expect(verifyResponse(new Uint8Array(5), keys.sha256, request.mac, now)).toMatchObject({ code: "truncated" });
    const response = respond();
    // The MAC size, 32 octets and 6 before the end, claims more than there is.
    response.set([0xff], response.length - 40);
    expect(verifyResponse(response, keys.sha256, request.mac, now)).toMatchObject({ code: "bad-tsig" });
    // Of a TTL with the highest bit set a reader makes 0, and the MAC is over 0: the octets themselves must say it.
    const { octets } = request;
    const rdataOctets = decodeMessage(octets).additional.at(-1)?.rdata.length ?? 0;
    const withTtl = octets.with(octets.length - rdataOctets - 6, 0x80);
    expect(verifyRequest(octets, keys.sha256, now)).toMatchObject({ outcome: "ok" });
    expect(verifyRequest(withTtl, keys.sha256, now)).toMatchObject({ code: "bad-tsig" });
  });

  it("signs messages only", () => {
    expect(() => signMessage(new Uint8Array(11), keys.sha256, signing)).toThrow(InvariantError);
  });
});

/** The response with its MAC cut or grown to this length. */
function withMac(octets: Uint8Array, length: number): Uint8Array {
  // After the MAC stand original id, error and other length: 6 octets; before it its size, and RDLENGTH further on.
  const macAt = octets.length - 6 - 32;
  const mac = concat(octets.subarray(macAt, macAt + 32), new Uint8Array(1)).subarray(0, length);
  const changed = concat(octets.subarray(0, macAt), mac, octets.subarray(octets.length - 6));
  changed.set([0, length], macAt - 2);
  const rdataAt = macAt - 10 - "\x0bhmac-sha256\0".length;
  changed.set([0, changed.length - rdataAt], rdataAt - 2);
  return changed;
}

describe("a TSIG key as text", () => {
  const secret = toBase64(Buffer.from("a secret that must not be seen"));

  it("is BIND's one line, line end included", () => {
    expect(parseTsigKey(`HMAC-SHA256.:Key.Example:${secret}\n`)).toMatchObject({ key: { algorithm: "hmac-sha256" } });
  });

  it("is not shown when a key is printed or written as JSON (N11)", () => {
    const { name, ...rest } = key(`hmac-sha256:k.example.:${secret}`);
    const shown = inspect(key(`hmac-sha256:k.example.:${secret}`)) + JSON.stringify(rest) + String(name.length);
    expect(shown).not.toContain("secret");
    expect(key(`hmac-sha256:k.example.:${secret}`).secret).toHaveLength(30);
  });

  it.each([
    ["not-a-tsig-key", secret],
    ["not-a-tsig-key", `k.example.:${secret}`],
    ["not-a-tsig-key", `hmac-sha256:k:${secret}:x`],
    ["unknown-algorithm", `hmac-md5:k.example.:${secret}`],
    ["unknown-algorithm", `${secret}:k.example.:hmac-sha256`],
    ["unknown-algorithm", `constructor:k.example.:${secret}`],
    ["bad-key-name", `hmac-sha256:a..b:${secret}`],
    ["bad-secret", "hmac-sha256:k.example.:"],
    ["bad-secret", `hmac-sha256:k.example.:${secret.slice(1)}`],
    ["bad-secret", `hmac-sha256:${secret.replaceAll("=", "")}:k.example.`],
  ])("is refused as %s, without a trace of it in the words: %#", (code, text) => {
    const parsed = parseTsigKey(text);
    expect(parsed).toMatchObject({ code });
    expect(JSON.stringify(parsed)).not.toContain(secret.slice(1, 20));
  });
});
