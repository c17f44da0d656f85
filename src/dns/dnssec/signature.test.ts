import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, day, hour, instant, second, type Instant } from "../../values/time.ts";
import { equalOctets } from "../../values/octets.ts";
import { nameToText, type Name } from "../wire/name.ts";
import type { ResourceRecord } from "../wire/record.ts";
import { rrtype } from "../wire/rrtype.ts";
import { Budget } from "./budget.ts";
import { parseDnskey, parseSignature } from "./parse.ts";
import type { DnsKey, SignedRRset } from "./records.ts";
import { rrsetsOf } from "./rrset.ts";
import {
  collidingKey,
  expanded,
  keyPair,
  ksk,
  nameOf,
  recordOf,
  revokedKsk,
  rewritten,
  signRRset,
  zsk,
  type Lies,
  type SigningKey,
} from "./sign.fixture.ts";
import { checkRRset, type CheckContext, type RRsetCheck } from "./signature.ts";

const now = instant(1_790_000_000_000);
const period = { inception: add(now, -hour), expiration: add(now, day) };
const zone = nameOf("example.com.");
const algorithms = [8, 10, 13, 14, 15, 16] as const;
const keys = new Map(algorithms.map((algorithm) => [algorithm, keyPair(zone, algorithm, zsk, 1024)]));
const key = keyPair(zone, 13, zsk);
const www = [recordOf("www.example.com. 300 A 192.0.2.1"), recordOf("www.example.com. 300 A 192.0.2.2")];

function rrsetOf(records: readonly ResourceRecord[]): SignedRRset {
  const [rrset] = rrsetsOf(records);
  if (rrset === undefined) throw new Error("no RRset");
  return rrset;
}

interface Circumstances {
  readonly keys?: readonly DnsKey[];
  readonly at?: Instant;
  readonly zone?: Name;
  readonly budget?: Budget;
  readonly options?: CheckContext["options"];
}

function check(records: readonly ResourceRecord[], circumstances: Circumstances = {}): Promise<RRsetCheck> {
  const { at = now, budget = new Budget(), options = { legacy: "unsupported" } } = circumstances;
  const trusted = circumstances.keys ?? [key.dnskey];
  return checkRRset(rrsetOf(records), circumstances.zone ?? zone, trusted, { now: at, budget, options });
}

function signed(lies: Lies = {}, records: readonly ResourceRecord[] = www): readonly ResourceRecord[] {
  return [...records, signRRset(records, key, period, lies)];
}

function flipped(octets: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(octets);
  const at = (bit >> 3) % copy.length;
  copy.set([(copy[at] ?? 0) ^ (1 << (bit & 7))], at);
  return copy;
}

function headOf(rdata: Uint8Array): Uint8Array {
  return parseSignature(rdata)?.head ?? new Uint8Array(0);
}

describe("altered data", () => {
  it.each(algorithms)(
    "algorithm %i: no bit of records, signature or key can be turned unnoticed",
    async (algorithm) => {
      const signer = keys.get(algorithm) ?? key;
      const rrsig = signRRset(www, signer, period);
      expect(await check([...www, rrsig], { keys: [signer.dnskey] })).toMatchObject({ outcome: "valid" });
      const where = fc.record({ part: fc.constantFrom("record", "rrsig", "key"), bit: fc.nat(0xff_ff) });
      await fc.assert(
        fc.asyncProperty(where, async ({ part, bit }) => {
          const change = (record: ResourceRecord, index: number): ResourceRecord => {
            const hit = record.type === rrtype.RRSIG ? part === "rrsig" : part === "record" && index === 0;
            return hit ? { ...record, rdata: flipped(record.rdata, bit) } : record;
          };
          const rdata = part === "key" ? flipped(signer.record.rdata, bit) : signer.record.rdata;
          const other = parseDnskey(zone, rdata);
          const checked = await check([...www, rrsig].map(change), { keys: other === undefined ? [] : [other] });
          // The case of the signer's name is not signed (RFC 4034 §6.2), and there is nothing else that may change.
          const isCase = part === "rrsig" && equalOctets(headOf(flipped(rrsig.rdata, bit)), headOf(rrsig.rdata));
          const isOfHead = (bit >> 3) % rrsig.rdata.length < headOf(rrsig.rdata).length;
          expect(checked.outcome === "valid").toBe(isCase && isOfHead);
        }),
        { numRuns: 150 },
      );
    },
  );

  it("a record added or left out is noticed", async () => {
    const rrsig = signRRset(www, key, period);
    const [first] = www;
    const more = [...www, recordOf("www.example.com. 300 A 192.0.2.3"), rrsig];
    for (const records of [first === undefined ? [] : [first, rrsig], more]) {
      // oxlint-disable-next-line no-await-in-loop -- two cases, one after the other
      expect(await check(records)).toMatchObject({ outcome: "invalid", code: "signature-invalid" });
    }
  });

  it("order, case of names, doubles and a lowered TTL change nothing", async () => {
    const records = [
      recordOf("mx.example.com. 300 MX 10 b.example."),
      recordOf("mx.example.com. 300 MX 10 a.example."),
    ];
    const rrsig = signRRset(records, key, period);
    const other = [
      recordOf("MX.Example.COM. 7 MX 10 A.example."),
      rrsig,
      recordOf("mx.example.com. 300 MX 10 B.EXAMPLE."),
      recordOf("mx.example.com. 300 MX 10 a.example."),
    ];
    expect(await check(other)).toMatchObject({ outcome: "valid", ttl: 7 });
  });
});

describe("times", () => {
  const rrsig = signRRset(www, key, period);
  const at = (moment: Instant): Promise<RRsetCheck> => check([...www, rrsig], { at: moment });

  it("a signature holds from its inception to its expiration, both included", async () => {
    expect(await at(period.inception)).toMatchObject({ outcome: "valid" });
    expect(await at(add(period.inception, -second))).toMatchObject({ code: "signature-not-yet-valid" });
    expect(await at(period.expiration)).toMatchObject({ outcome: "valid", ttl: 0 });
    const late = await at(add(period.expiration, 2 * hour));
    expect(late).toMatchObject({ code: "signature-expired", views: [{ state: "expired" }] });
    expect(late.outcome === "invalid" && late.says).toContain("2 h ago");
  });

  it("past 2106, where 32 bits begin again, times are still told apart (RFC 1982)", async () => {
    const turn = 2 ** 32 * second;
    const over = { inception: instant(turn - day), expiration: instant(turn + day) };
    const records = [...www, signRRset(www, key, { ...over, expiration: instant(day) })];
    expect(await check(records, { at: instant(turn) })).toMatchObject({ outcome: "valid", until: over.expiration });
    expect(await check(records, { at: instant(turn + day + second) })).toMatchObject({ code: "signature-expired" });
    expect(await check(records, { at: instant(turn - day - second) })).toMatchObject({
      code: "signature-not-yet-valid",
    });
  });

  it("one that ends before it begins never holds", async () => {
    const records = [...www, signRRset(www, key, { inception: period.expiration, expiration: period.inception })];
    expect(await check(records)).toMatchObject({ code: "signature-malformed" });
  });

  it("an answer is kept no longer than TTL, original TTL and signature allow", async () => {
    expect(await check(signed())).toMatchObject({ ttl: 300 });
    expect(await check(signed({ originalTtl: 60 }))).toMatchObject({ ttl: 60 });
    expect(await check(signed(), { at: add(period.expiration, -7 * second) })).toMatchObject({ ttl: 7 });
  });
});

describe("who signed, and what", () => {
  it("a signature by another zone is refused, though its key is at hand and its octets fit", async () => {
    const parent = keyPair(nameOf("com."), 13);
    const child = keyPair(nameOf("www.example.com."), 13);
    for (const signer of [parent, child]) {
      const records = [...www, signRRset(www, signer, period)];
      // oxlint-disable-next-line no-await-in-loop -- two cases, one after the other
      const checked = await check(records, { keys: [signer.dnskey, key.dnskey] });
      expect(checked).toMatchObject({ code: "signer-outside-zone" });
    }
    const outside = [recordOf("www.example.org. 300 A 192.0.2.1")];
    expect(await check(signed({}, outside))).toMatchObject({ code: "signer-outside-zone" });
  });

  it("a wildcard answer names its wildcard; the wildcard itself is no such answer", async () => {
    const records = signed({}, [recordOf("*.w.example.com. 300 A 192.0.2.1")]);
    const checked = await check(expanded(records, nameOf("A.b.W.example.com.")));
    expect(checked.outcome === "valid" && checked.wildcard !== null && nameToText(checked.wildcard)).toBe(
      "*.w.example.com.",
    );
    expect(await check(records)).toMatchObject({ outcome: "valid", wildcard: null });
    const elsewhere = await check(expanded(records, nameOf("a.b.v.example.com.")));
    expect(elsewhere).toMatchObject({ code: "signature-invalid" });
  });

  it("label counts beyond the name, or above the zone, are refused", async () => {
    expect(await check(signed({ labels: 4 }))).toMatchObject({ code: "labels-beyond-name" });
    expect(await check(signed({ labels: 255 }))).toMatchObject({ code: "labels-beyond-name" });
    expect(await check(signed({ labels: 1 }))).toMatchObject({ code: "signer-outside-zone" });
  });

  it.each([
    ["is not for zones", rewritten(key, { flags: 0 }), "key-not-a-zone-key"],
    ["has another protocol", rewritten(key, { protocol: 2 }), "key-not-a-zone-key"],
    ["is revoked", rewritten(key, { flags: revokedKsk }), "key-revoked"],
  ] as [string, SigningKey, string][])("a key that %s signs nothing", async (_, signer, code) => {
    const records = [...www, signRRset(www, signer, period)];
    expect(await check(records, { keys: [signer.dnskey] })).toMatchObject({ outcome: "invalid", code });
  });

  it("a key of the same tag but another owner, or another algorithm, is not tried", async () => {
    const elsewhere = { ...key.dnskey, owner: nameOf("example.org.") };
    expect(await check(signed(), { keys: [elsewhere] })).toMatchObject({ code: "no-key-for-signature" });
    const altered = signed({ algorithm: 15 });
    expect(await check(altered)).toMatchObject({ code: "no-key-for-signature" });
  });

  it("a signature over another type does not fit", async () => {
    const [rrset] = rrsetsOf(signed());
    const txt = { ...(rrset ?? rrsetOf(www)), type: rrtype.TXT };
    const context = { now, budget: new Budget(), options: { legacy: "unsupported" } } as const;
    expect(await checkRRset(txt, zone, [key.dnskey], context)).toMatchObject({ code: "signature-malformed" });
  });
});

describe("several signatures", () => {
  it("one that is valid suffices, and says what the others are", async () => {
    const stranger = keyPair(zone, 13);
    const records = [
      ...www,
      signRRset(www, stranger, period),
      signRRset(www, key, { ...period, expiration: add(now, -second) }),
      signRRset(www, key, period),
    ];
    const checked = await check(records);
    expect(checked).toMatchObject({ outcome: "valid", views: [{ state: "valid" }, {}, {}] });
  });

  it("none, or none that can be read, is told apart", async () => {
    expect(await check(www)).toEqual({ outcome: "no-signature" });
    const broken = { ...signRRset(www, key, period), rdata: Uint8Array.of(0, 1, 13, 3) };
    expect(await check([...www, broken])).toMatchObject({ code: "signature-malformed" });
  });

  it("an algorithm that nobody here checks is unsupported, never valid and never taken for a bad signature", async () => {
    const checked = await check(signed({ algorithm: 12 }));
    expect(checked).toMatchObject({ outcome: "unsupported", views: [{ state: "unsupported" }] });
    const sha1 = keyPair(zone, 7, zsk, 1024);
    const records = [...www, signRRset(www, sha1, period)];
    expect(await check(records, { keys: [sha1.dnskey] })).toMatchObject({ outcome: "unsupported" });
    const corpora = { legacy: "for-test-corpora" } as const;
    expect(await check(records, { keys: [sha1.dnskey], options: corpora })).toMatchObject({ outcome: "valid" });
  });

  it("a bad signature by a supported algorithm is not excused by one that is unsupported", async () => {
    const expired = signRRset(www, key, { ...period, expiration: add(now, -second) });
    const other = signRRset(www, key, period, { algorithm: 12 });
    expect(await check([...www, expired, other])).toMatchObject({ outcome: "invalid", code: "signature-expired" });
  });
});

describe("a hostile zone (KeyTrap) costs bounded work", () => {
  const signer = keyPair(zone, 15, ksk);
  const impostors = Array.from({ length: 200 }, () => collidingKey(signer));
  const dnskeys = impostors.flatMap(({ name, rdata }) => parseDnskey(name, rdata) ?? []);
  const bad = Array.from({ length: 200 }, (_, index) => {
    const rrsig = signRRset(www, signer, period);
    return { ...rrsig, rdata: flipped(rrsig.rdata, (rrsig.rdata.length - 20) * 8 + (index & 127)) };
  });

  it("200 keys of one tag and 200 signatures: 8 signatures by 2 keys each, and a verdict", async () => {
    const budget = new Budget();
    const checked = await check([...www, ...bad], { keys: dnskeys, budget });
    expect(checked).toMatchObject({ outcome: "invalid", code: "signature-invalid" });
    expect(budget.figures.signatures).toBe(16);
  });

  it("in a step of the chain the third failure ends it: spent, neither good nor bad", async () => {
    const budget = new Budget();
    budget.step();
    expect(await check([...www, ...bad], { keys: dnskeys, budget })).toMatchObject({ outcome: "spent" });
    expect(budget.figures.signatures).toBe(3);
    expect(budget.spent).toBe(true);
  });

  it("a good signature behind thousands that cannot be tried is still found", async () => {
    const strangers = Array.from({ length: 2000 }, (_, tag) => signRRset(www, signer, period, { tag: tag + 1 }));
    const others = strangers.filter(({ rdata }) => ((rdata[16] ?? 0) << 8) + (rdata[17] ?? 0) !== signer.dnskey.tag);
    const budget = new Budget();
    const records = [...www, ...others, signRRset(www, signer, period)];
    expect(await check(records, { keys: [signer.dnskey], budget })).toMatchObject({ outcome: "valid" });
    expect(budget.figures.signatures).toBe(1);
  });
});
