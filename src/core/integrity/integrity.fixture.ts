import { rrset, type RRset } from "../plan/rrset.ts";
import type { KeyRule, Signing } from "../policy/policy.ts";
import { sha256 } from "../../values/sha256.ts";
import { utf8 } from "../../values/octets.ts";
import { add, day, duration, hour, instant, minute, type Instant } from "../../values/time.ts";
import type { Expectation } from "./expectation.ts";
import { judgeSurvey } from "./judge.ts";
import { historyOf, remembered, type ZoneMemory } from "./memory.ts";
import type { IntegrityReport, ServerClass } from "./report.ts";
import type { AuthenticityFinding, DelegationSurvey, KeySurvey, ServerSurvey, ZoneSurvey } from "./survey.ts";
import type { ChangeKind, ZoneBaseline } from "./zone-state.ts";

export const secure: AuthenticityFinding = { authenticity: "secure", code: "answer-secure", says: "Secure." };
export const bogus: AuthenticityFinding = { authenticity: "bogus", code: "signature-invalid", says: "Does not fit." };
export const insecure: AuthenticityFinding = { authenticity: "insecure", code: "insecure-delegation", says: "No DS." };

export const right: RRset = rrset(60, ["c000020a"]);
export const other: RRset = rrset(60, ["c633640a"]);

const names = ["ns1.example.net.", "ns2.example.net.", "ns3.example.net."];

/** A key of this tag: the same tag and generation is the same key. */
export function key(tag: number, role: "ksk" | "zsk" | "csk", change: Partial<KeySurvey> = {}): KeySurvey {
  const algorithm = change.algorithm ?? 13;
  return {
    tag,
    algorithm,
    bits: 256,
    flags: role === "zsk" ? 256 : 257,
    fingerprint: sha256(utf8(`key ${tag}`)),
    asDs: [1, 2, 4].map((digestType) => ds({ tag, algorithm }, digestType)),
    signsKeys: role !== "zsk",
    signsZone: role !== "ksk",
    ...change,
  };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** A DS, or CDS, of SHA-256 for a key. */
export function ds({ tag, algorithm }: Pick<KeySurvey, "tag" | "algorithm">, digestType = 2): string {
  return `${hex(tag, 4)}${hex(algorithm, 2)}${hex(digestType, 2)}${"ab".repeat(32)}`;
}

export const ksk = key(11, "ksk");
export const zsk = key(22, "zsk");

/** A signer that rolls all by itself and asks its parent by CDS. */
export function signingBySigner(change: Partial<Signing> = {}, rule: Partial<KeyRule> = {}): Signing {
  const common = { rolledBy: "signer", minAgeMs: duration(0), maxAgeMs: null, ...rule } as const;
  return {
    signers: ["primary"],
    algorithms: [13],
    privateKeys: "HSM",
    roles: new Map([
      ["ksk", { method: "double-signature", ...common }],
      ["zsk", { method: "pre-publication", ...common }],
    ]),
    standby: 0,
    parent: "cds",
    parentWithinMs: duration(2 * day),
    propagationMs: duration(5 * minute),
    largestTtlMs: duration(hour),
    ...change,
  };
}

/** One zone, three nameservers and a parent, seen round after round by a judge that remembers. */
export class Sight {
  now: Instant = instant(1_790_000_000_000);
  /** What every nameserver says, and what each says instead. */
  all: Partial<ServerSurvey> = {};
  readonly each = new Map<number, Partial<ServerSurvey>>();
  delegation: Partial<DelegationSurvey> | null = {};
  expectation: Expectation;
  #memory: ZoneMemory = remembered();
  /** As the journal would have it. */
  baseline: ZoneBaseline | null = null;

  constructor(expectation: Partial<Expectation> = {}) {
    this.expectation = {
      dnssec: "required",
      signing: null,
      expires: null,
      baseline: null,
      announcements: [],
      watched: [
        { name: "login.example.com.", type: "A", current: [right], earlier: [], since: instant(0), byVantage: {} },
      ],
      clock: { trustworthy: true, errorMs: 0, says: "It runs evenly." },
      keysElsewhere: new Map(),
      otherViews: [],
      freshForMs: duration(3 * minute),
      ...expectation,
    };
  }

  /** One more round, this much later. */
  look(afterMs: number = minute, vantage = "office"): IntegrityReport {
    this.now = add(this.now, afterMs);
    const expectation = { ...this.expectation, baseline: this.baseline };
    const { memory, report } = judgeSurvey(this.#memory, this.survey(vantage), expectation, this.now);
    this.#memory = memory;
    this.baseline = report.baseline ?? this.baseline;
    return report;
  }

  /** The controller starts anew: what is not in the journal is gone, unless it was kept. */
  restart(history: "kept" | "lost" = "lost"): void {
    this.#memory = history === "kept" ? remembered(historyOf(this.#memory)) : remembered();
  }

  announce(kind: ChangeKind, forMs: number): void {
    const by = { kind: "local-user", id: "uid:1", method: "local-user" } as const;
    const announcement = { id: kind, kind, from: this.now, until: add(this.now, forMs), by };
    this.expectation = { ...this.expectation, announcements: [...this.expectation.announcements, announcement] };
  }

  survey(vantage = "office"): ZoneSurvey {
    return {
      zone: "example.com.",
      view: "public",
      vantage,
      at: this.now,
      servers: names.map((_, index) => this.#server(index)),
      delegation: this.delegation && {
        parent: "com.",
        ns: names,
        ds: [ds(ksk)],
        dsTtlMs: hour,
        finding: secure,
        ...this.delegation,
      },
    };
  }

  #server(index: number): ServerSurvey {
    return {
      provider: "primary",
      nameserver: names[index] ?? "",
      address: `192.0.2.${index + 1}:53`,
      outcome: "answer",
      code: null,
      latencyMs: 3,
      udp: true,
      tcp: true,
      soa: { serial: 7, refreshMs: hour, retryMs: 15 * minute, expireMs: 14 * day },
      ns: names,
      keys: [ksk, zsk],
      keysTtlMs: hour,
      cds: [],
      cdnskey: [],
      finding: secure,
      signedUntil: add(this.now, 10 * day),
      signedFrom: add(this.now, -4 * day),
      watched: [
        {
          name: "login.example.com.",
          type: "A",
          rrset: right,
          finding: secure,
          inception: add(this.now, -4 * day),
          expiration: add(this.now, 10 * day),
        },
      ],
      ...this.all,
      ...this.each.get(index),
    };
  }
}

/** What a server that does not answer leaves in a survey. */
export function silent(outcome: ServerSurvey["outcome"] = "no-response"): Partial<ServerSurvey> {
  const finding = { authenticity: "indeterminate", code: "no-answer", says: "Nothing came." } as const;
  const nothing = { soa: null, ns: null, keys: null, keysTtlMs: null, cds: null, cdnskey: null } as const;
  return { outcome, code: "timeout", ...nothing, finding, signedUntil: null, signedFrom: null, watched: [] };
}

export function classes({ servers }: IntegrityReport): readonly ServerClass[] {
  return servers.map((server) => server.class);
}

/** The codes of what rings, each bell apart. */
export function bells({ availability, integrity }: IntegrityReport) {
  return { availability: codes(availability), integrity: codes(integrity) };
}

function codes(findings: IntegrityReport["integrity"]): readonly string[] {
  return [...new Set(findings.map(({ code }) => code))].toSorted();
}

export const quiet = { availability: [], integrity: [] };
