import type { ServerSurvey, ZoneSurvey } from "../../../core/integrity/survey.ts";
import type {
  AnswerLink,
  DsView,
  KeyView,
  Reason,
  SignatureView,
  Validation,
  ZoneLink,
} from "../../../dns/dnssec/verdict.ts";
import { add, day, hour, instant, minute, type Instant } from "../../../values/time.ts";
import type { Inspection } from "./inspection.ts";

/** 2026-11-22 17:15 UTC. */
const now: Instant = instant(1_795_367_700_000);

function key(role: "KSK" | "ZSK", tag: number, more: Partial<KeyView> = {}): KeyView {
  const ksk = role === "KSK";
  return { tag, algorithm: 13, bits: 256, flags: ksk ? 257 : 256, trustedBy: ksk ? "ds" : "signed", ...more };
}

function signature(tag: number, signer: string, more: Partial<SignatureView> = {}): SignatureView {
  return {
    tag,
    algorithm: 13,
    signer,
    inception: add(now, -5 * day),
    expiration: add(now, 9 * day),
    state: "valid",
    ...more,
  };
}

function ds(tag: number, more: Partial<DsView> = {}): DsView {
  return { tag, algorithm: 13, digestType: 2, matches: "key", ...more };
}

export function zone(name: string, tags: readonly [number, number], more: Partial<ZoneLink> = {}): ZoneLink {
  const [ksk, zsk] = tags;
  return {
    zone: name,
    verdict: "secure",
    ds: [ds(ksk)],
    keys: [key("KSK", ksk), key("ZSK", zsk)],
    signatures: [signature(ksk, name)],
    ...more,
  };
}

const root: ZoneLink = {
  zone: ".",
  verdict: "secure",
  ds: [ds(20_326, { algorithm: 8 }), ds(38_696, { algorithm: 8 })],
  keys: [
    key("KSK", 20_326, { algorithm: 8, bits: 2048, trustedBy: "anchor" }),
    key("KSK", 38_696, { algorithm: 8, bits: 2048, trustedBy: "anchor" }),
    key("ZSK", 61_809, { algorithm: 8, bits: 2048 }),
  ],
  signatures: [
    signature(20_326, ".", { algorithm: 8, inception: add(now, -10 * day), expiration: add(now, 11 * day) }),
  ],
};
const com = zone("com.", [19_718, 5254]);
const net = zone("net.", [37_331, 4701]);
const example = zone("example.com.", [370, 12_345]);
const cdn = zone("cdn.example.net.", [9001, 9002], {
  keys: [key("KSK", 9001)],
  signatures: [signature(9001, "cdn.example.net.")],
});

export function answer(more: Partial<AnswerLink> = {}): AnswerLink {
  return {
    name: "www.example.com.",
    type: "A",
    zone: "example.com.",
    verdict: "secure",
    ttl: 3600,
    rdata: ["192.0.2.80", "192.0.2.81"],
    signatures: [signature(12_345, "example.com.", { expiration: add(now, 6 * day) })],
    wildcard: null,
    ...more,
  };
}

function reason(code: Reason["code"], says: string, at: string, record: string | null = null): Reason {
  return { code, says, zone: at, record };
}

export function validation(more: Partial<Validation> = {}): Validation {
  return {
    verdict: "secure",
    name: "www.example.com.",
    type: "A",
    outcome: "answer",
    chain: [root, com, example],
    answer: [answer()],
    reasons: [
      reason("anchor-trusted", "The anchor 20326 is of a key that signs the DNSKEY set.", "."),
      reason("answer-secure", "Signed by 12345.", "example.com.", "www.example.com. A"),
    ],
    fault: null,
    extendedError: null,
    holdsUntil: add(now, hour),
    work: { signatures: 8, hashes: 0, queries: 7 },
    ...more,
  };
}

export function server(index: number, more: Partial<ServerSurvey> = {}): ServerSurvey {
  return {
    provider: null,
    nameserver: `ns${index}.example.com.`,
    address: `192.0.2.${index}:53`,
    outcome: "answer",
    code: null,
    latencyMs: 12 + index,
    udp: true,
    tcp: true,
    soa: { serial: 2_026_112_201, refreshMs: hour, retryMs: 15 * minute, expireMs: 14 * day },
    ns: ["ns1.example.com.", "ns2.example.com.", "ns3.example.com."],
    keys: [],
    keysTtlMs: hour,
    cds: [],
    cdnskey: [],
    finding: { authenticity: "secure", code: "answer-secure", says: "Signed by 12345." },
    signedUntil: add(now, 6 * day),
    signedFrom: add(now, -5 * day),
    watched: [],
    ...more,
  };
}

export function survey(servers: readonly ServerSurvey[] = [server(1), server(2), server(3)]): ZoneSurvey {
  return {
    zone: "example.com.",
    view: "public",
    vantage: "here",
    at: now,
    servers,
    delegation: {
      parent: "com.",
      ns: ["ns1.example.com.", "ns2.example.com.", "ns3.example.com."],
      ds: [],
      dsTtlMs: hour,
      finding: { authenticity: "secure", code: "ds-secure", says: "" },
    },
  };
}

export function inspection(of: Validation, more: Partial<Inspection> = {}): Inspection {
  return { at: now, expect: "secure", asked: "each zone's own nameservers", validation: of, survey: null, ...more };
}

const silent: Partial<ServerSurvey> = {
  outcome: "no-response",
  code: "timeout",
  latencyMs: null,
  udp: false,
  tcp: false,
  soa: null,
  ns: null,
  signedFrom: null,
  signedUntil: null,
  finding: { authenticity: "indeterminate", code: "no-answer", says: "It did not answer within 3 s." },
};

const matchless = validation({
  verdict: "bogus",
  outcome: "none",
  chain: [
    root,
    com,
    {
      ...example,
      verdict: "bogus",
      ds: [ds(31_337, { matches: "no-key" })],
      keys: example.keys.map((one) => ({ ...one, trustedBy: "none" as const })),
    },
  ],
  answer: [],
  reasons: [
    reason("ds-secure", "com. vouches for the DS 31337.", "com.", "example.com. DS"),
    reason(
      "ds-matches-no-key",
      "No DNSKEY of example.com. has the digest of the DS 31337 at com.",
      "example.com.",
      "example.com. DNSKEY",
    ),
  ],
  fault: { zone: "example.com.", record: "example.com. DNSKEY" },
  extendedError: { code: 9, name: "DNSKEY Missing" },
  holdsUntil: null,
});

const expired = answer({
  verdict: "bogus",
  signatures: [
    signature(12_345, "example.com.", {
      inception: add(now, -17 * day),
      expiration: add(now, -3 * day),
      state: "expired",
    }),
  ],
});

/** What people meet, by name: each of them is drawn by the tests of every form. */
export const cases: { readonly [name: string]: Inspection } = {
  secure: inspection(validation(), { survey: survey() }),
  "secure, one nameserver bogus and one silent": inspection(validation(), {
    survey: survey([
      server(1),
      server(2, {
        soa: { serial: 2_026_112_101, refreshMs: hour, retryMs: minute, expireMs: day },
        signedUntil: add(now, -2 * hour),
        finding: {
          authenticity: "bogus",
          code: "signature-expired",
          says: "The RRSIG over example.com. SOA expired on 2026-11-22 15:15 UTC.",
        },
      }),
      server(3, silent),
    ]),
  }),
  "ds matches no key": inspection(matchless),
  "signature expired": inspection(
    validation({
      verdict: "bogus",
      answer: [expired],
      reasons: [
        reason("keys-secure", "Signed by 370.", "example.com."),
        reason(
          "signature-expired",
          "The RRSIG by 12345 expired on 2026-11-19 17:15 UTC, 3 d ago.",
          "example.com.",
          "www.example.com. A",
        ),
      ],
      fault: { zone: "example.com.", record: "www.example.com. A" },
      extendedError: { code: 7, name: "Signature Expired" },
      holdsUntil: null,
    }),
    { survey: survey() },
  ),
  "insecure delegation": inspection(
    validation({
      verdict: "insecure",
      chain: [root, com, { ...example, verdict: "insecure", ds: [], keys: [], signatures: [] }],
      answer: [answer({ verdict: "insecure", signatures: [] })],
      reasons: [
        reason("insecure-delegation", "com. proves by NSEC3 that it has no DS for example.com.", "example.com."),
      ],
      holdsUntil: null,
    }),
  ),
  "alias into another zone": inspection(
    validation({
      chain: [root, com, example, net, cdn],
      answer: [
        answer({ type: "CNAME", rdata: ["www.cdn.example.net."] }),
        answer({
          name: "www.cdn.example.net.",
          zone: "cdn.example.net.",
          rdata: ["203.0.113.7"],
          signatures: [signature(9001, "cdn.example.net.", { expiration: add(now, 20 * hour) })],
          wildcard: "*.cdn.example.net.",
        }),
      ],
    }),
  ),
  "no such name": inspection(
    validation({
      outcome: "no-name",
      answer: [
        answer({
          name: "example.com.",
          type: "SOA",
          rdata: ["ns1.example.com. hostmaster.example.com. 1 3600 900 1209600 300"],
        }),
        answer({
          name: "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example.com.",
          type: "NSEC3",
          rdata: ["1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA RRSIG DNSKEY NSEC3PARAM"],
        }),
      ],
      reasons: [reason("no-name-secure", "NSEC3 records prove it.", "example.com.", "www.example.com. A")],
    }),
  ),
  rollover: inspection(
    validation({
      chain: [
        root,
        com,
        {
          ...example,
          ds: [ds(370), ds(26_262), ds(4711, { algorithm: 8, digestType: 1, matches: "unsupported" })],
          keys: [
            key("KSK", 370),
            key("KSK", 26_262),
            key("ZSK", 12_345),
            key("ZSK", 777),
            key("ZSK", 4712, { algorithm: 8, bits: 1024 }),
          ],
          signatures: [signature(370, "example.com.", { state: "not-needed" }), signature(26_262, "example.com.")],
        },
      ],
    }),
  ),
  "nobody answers": inspection(
    validation({
      verdict: "indeterminate",
      outcome: "none",
      chain: [root, com],
      answer: [],
      reasons: [reason("no-answer", "None of the 3 nameservers of example.com. answered within 3 s.", "example.com.")],
      fault: { zone: "example.com.", record: null },
      extendedError: { code: 22, name: "No Reachable Authority" },
      holdsUntil: null,
    }),
    { survey: survey([server(1, silent), server(2, silent), server(3, silent)]) },
  ),
  unverifiable: inspection(
    validation({
      verdict: "unverifiable",
      outcome: "none",
      answer: [],
      reasons: [
        reason(
          "budget-spent",
          "16 signature checks of one DNSKEY set were spent.",
          "example.com.",
          "example.com. DNSKEY",
        ),
      ],
      fault: { zone: "example.com.", record: "example.com. DNSKEY" },
      extendedError: { code: 0, name: "Other" },
      holdsUntil: null,
    }),
  ),
};
