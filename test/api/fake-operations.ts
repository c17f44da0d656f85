import { initialAuthority } from "../../src/core/authority/state.ts";
import { readPolicy } from "../../src/configuration/policy-file.ts";
import type { Explanation, Preview } from "../../src/core/cycle/explanation.ts";
import type { Facts } from "../../src/core/cycle/facts.ts";
import type { FleetCommand, ServiceCommand } from "../../src/core/cycle/service-command.ts";
import type { World } from "../../src/core/cycle/world.ts";
import type { IntegrityReport } from "../../src/core/integrity/report.ts";
import type { ResolverReport } from "../../src/core/integrity/resolver-judgement.ts";
import type { ZoneState } from "../../src/core/integrity/zone-state.ts";
import { initialState, type Failover, type ServiceState } from "../../src/core/failover/state.ts";
import type { SiteHealth, Verdict } from "../../src/core/health/verdict.ts";
import { planHash, type Plan } from "../../src/core/plan/plan.ts";
import type { Policy, Zone } from "../../src/core/policy/policy.ts";
import type { SignedStatement } from "../../src/core/authority/statement.ts";
import type { ReasonOpening, StatementSource } from "../../src/ports/statements.ts";
import type { AboutController, Operations, RecordedEntry } from "../../src/ports/operations.ts";
import { epochOf, sequenceOf } from "../../src/values/ids.ts";
import { asSha256 } from "../../src/values/sha256.ts";
import type { Refusal } from "../../src/values/refusal.ts";
import { duration, instant } from "../../src/values/time.ts";

export const now = instant(Date.UTC(2026, 10, 22, 3, 0, 0));
const rdataFra = "c000020a";
const rdataIad = "c633640a";

const policyText = `
version: 4
people:
  ana: { roles: [service-owner], group: product, keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIfsHa/Li2zKG6Nf01GZw6dYW2K3Cpqv7wO3ziz8vIC6 ana"] }
  ben: { roles: [dns-operator], group: network, keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICVr/ojgUcOH36O8LrmXiC+i5M00P7oEVQhu9kP2bkar ben"] }
authority:
  declare: { any: [service-owner, dns-operator] }
  approve: { any: [service-owner] }
  execute: { any: [dns-operator, automation] }
  reverse: { any: [dns-operator] }
  veto: { any: [service-owner, dns-operator] }
  separate: [[approve, execute]]
dependencies:
  dc-fra: { kind: facility, owner: ben }
  dc-iad: { kind: facility, owner: ben }
sites:
  fra: { region: eu, jurisdiction: DE, dependsOn: [dc-fra] }
  iad: { region: us, jurisdiction: US, dependsOn: [dc-iad] }
vantages:
  office: { domain: isp-a }
  cloud-1: { domain: cloud-x }
providers:
  primary:
    nameservers: { ns1.example.net: [192.0.2.53], ns2.example.net: [198.51.100.53] }
    paths:
      - { name: update, type: rfc2136, server: 192.0.2.53, credential: tsig-primary, dependsOn: [dc-fra] }
      - { name: by-hand, type: manual, instructions: "Call the network operators." }
zones:
  example.com: { providers: [primary] }
services:
  login:
    owner: ana
    objective: { detect: 45s, recover: 5m }
    records:
      v4: { zone: example.com, name: login.example.com, type: A, ttl: 60s }
      v6: { zone: example.com, name: login.example.com, type: AAAA, ttl: 60s }
    sites:
      fra: { v4: [192.0.2.10], v6: ["2001:db8:1::10"] }
      iad: { v4: [198.51.100.10], v6: none }
    home: [fra]
    checks:
      - { name: health, type: http, url: "https://login.example.com/healthz", interval: 5s, timeout: 2s, rise: 3, fall: 3 }
    readiness:
      - { type: tls, minValidity: 7d }
    bands:
      - name: site-lost
        when: { site: fra, verdict: down, vantages: 2, for: 20s }
        move: { replace: { fra: iad } }
        authority: approve
`;

function testPolicy(): Policy {
  const { policy, findings } = readPolicy(policyText, "policy.yaml");
  if (policy === undefined) throw new Error(findings.map(({ says }) => says).join("; "));
  return policy;
}

export function siteHealth(verdict: Verdict): SiteHealth {
  const down = verdict === "down" ? 2 : 0;
  return {
    verdict,
    heldMs: duration(30_000),
    reason: "quorum",
    domains: { up: verdict === "up" ? 2 : 0, down, partly: 0, silent: 2 - down - (verdict === "up" ? 2 : 0) },
    oldestMs: duration(4000),
    failure: verdict === "down" ? "connect-refused" : null,
    records: { v4: { verdict, reason: "quorum" } },
    errorPercent: 0,
    latencyMs: 3,
    ready: verdict === "up" ? { state: "passed", reasons: [] } : { state: "failed", reasons: ["It is down."] },
  };
}

const atFra = { all: [{ site: "fra", share: null, without: [] }] } as const;
const atIad = { all: [{ site: "iad", share: null, without: [] }] } as const;

/** The move of login from fra to iad. */
function testPlan(policy: Policy): Plan {
  return {
    format: 1,
    installation: asSha256("1".repeat(64)),
    failover: "login-17",
    service: "login",
    purpose: "failover",
    drill: false,
    trigger: { kind: "declared" },
    of: null,
    policy: policy.hash,
    scope: "full",
    placement: { before: atFra, after: atIad },
    steps: [
      {
        changes: [
          {
            provider: "primary",
            view: "public",
            zone: "example.com.",
            rrsets: [
              {
                record: "v4",
                name: "login.example.com.",
                type: "A",
                before: { ttl: 60, rdata: [rdataFra] },
                after: { ttl: 60, rdata: [rdataIad] },
              },
            ],
          },
        ],
      },
    ],
    rollback: null,
    expiresAt: instant(now + 1_800_000),
  };
}

export interface FakeOperations extends Operations {
  readonly signed: {
    readonly statement: SignedStatement;
    readonly reason: ReasonOpening | null;
    readonly source: StatementSource;
  }[];
  readonly doors: string[];
  readonly submitted: { readonly command: ServiceCommand | FleetCommand; readonly reason: string | undefined }[];
  /** What the last surveys came to, what the journal says of zones, and what decisions know of them. */
  surveyed: readonly IntegrityReport[];
  resolvers: readonly ResolverReport[];
  zones: ReadonlyMap<string, ZoneState>;
  zoneFacts: Facts["zones"];
  /** What the zone's policy asks for, and what ns1 answers for records. */
  dnssec: Zone["dnssec"];
  answers: "answer" | "no-response";
  /** How many follow now. */
  readonly followers: Set<(entry: RecordedEntry) => void>;
  state: ServiceState;
  health: { [site: string]: SiteHealth };
  aboutNow: AboutController;
  refuseWith: Refusal | null;
  /** What a question meets, to show that a mistake of ours is not shown. */
  failWith: Error | null;
}

/** A controller without a journal: `login` at home on `fra`, both sites up. Commands are kept; a `declare` opens login-17. */
export function fakeOperations(): FakeOperations {
  const policy = testPolicy();
  const fake: FakeOperations = {
    submitted: [],
    signed: [],
    doors: [],
    surveyed: [],
    resolvers: [],
    zones: new Map(),
    zoneFacts: [],
    dnssec: "unsigned",
    answers: "answer",
    followers: new Set(),
    state: homeState(),
    health: { fra: siteHealth("up"), iad: siteHealth("up") },
    aboutNow: aboutController(),
    refuseWith: null,
    failWith: null,
    world: () => worldOf(policy, fake),
    facts: (service) => (service === "login" ? factsOf(fake) : undefined),
    zoneReports: () => fake.surveyed,
    resolverReports: () => fake.resolvers,
    explain: (service) => (service === "login" ? explanation : undefined),
    preview: (_service, move) =>
      fake.refuseWith === null
        ? { ok: true, preview: previewOf(fake, policy, move.site) }
        : { ok: false, refusal: fake.refuseWith },
    submit: async (command, reason) => await Promise.resolve(submitted(fake, policy, command, reason)),
    handInPolicy: () => ({ ok: false, refusal: { code: "policy-not-valid", says: "No.", figures: {}, mend: "None." } }),
    submitStatement: async (statement, reason, source) => {
      fake.signed.push({ statement, reason, source });
      return await Promise.resolve(
        fake.refuseWith === null
          ? { accepted: true, entries: [sequenceOf(128)], events: [{ type: "service-stopped", by: signer }] }
          : { accepted: false, refusal: fake.refuseWith },
      );
    },
    refusedAtDoor: (_source, code) => void fake.doors.push(code),
    statementCounts: () => [],
    basis: () => ({
      now: fake.aboutNow.now,
      installation: asSha256("1".repeat(64)),
      policy: { version: policy.version, hash: policy.hash },
      log: { size: fake.aboutNow.journalSize, root: asSha256("2".repeat(64)) },
    }),
    follow(listener) {
      fake.followers.add(listener);
      return () => void fake.followers.delete(listener);
    },
    about: () => fake.aboutNow,
  };
  return fake;
}

const signer = { kind: "person", id: "ana", method: "statement" } as const;

const explanation: Explanation = {
  service: "login",
  says: "login is at home on fra; nothing holds it.",
  initiatives: [
    {
      initiative: "site-lost",
      authority: "approve",
      signal: "clear",
      signalSays: "fra is up",
      move: "replace fra by iad",
      gates: [],
      says: "It would ask for an approval.",
    },
  ],
  failover: null,
  holds: [],
  reviews: [],
  commands: ["pointsman plan login --to iad"],
};

function previewOf(fake: FakeOperations, policy: Policy, site: string): Preview {
  const ready = fake.health["iad"]?.verdict === "up";
  return {
    plan: testPlan(policy),
    planHash: planHash(testPlan(policy)),
    says: [`login moves from fra to ${site}.`],
    manual: ["server 192.0.2.53"],
    needs: "approve",
    whoCanAct: ["ana"],
    missing: [],
    gates: [
      {
        gate: "target-ready",
        kind: "judgement",
        result: ready ? "pass" : "refuse",
        code: ready ? null : "target-not-ready",
        says: ready ? null : "iad is not proven ready.",
        mend: ready ? null : "Mend iad first.",
        until: null,
        figures: { site: "iad" },
      },
    ],
  };
}

function aboutController(): AboutController {
  return {
    now,
    version: "0.1.0",
    mode: "act",
    epoch: epochOf(3),
    startedAt: instant(now - 60_000),
    status: "running",
    journalSize: 128,
    halted: null,
    integrityMemory: null,
    policyFile: null,
  };
}

function homeState(): ServiceState {
  return {
    ...initialState("login"),
    ordinal: 16,
    placement: atFra,
    baseline: new Map([
      ["v4", { ttl: 60, rdata: [rdataFra] }],
      ["v6", { ttl: 60, rdata: ["20010db8000100000000000000000010"] }],
    ]),
  };
}

function worldOf(policy: Policy, fake: FakeOperations): World {
  if (fake.failWith !== null) throw fake.failWith;
  return {
    installation: asSha256("1".repeat(64)),
    services: new Map([["login", fake.state]]),
    policies: new Map([[policy.hash, policy]]),
    policy: {
      ...policy,
      zones: new Map([...policy.zones].map(([id, zone]) => [id, { ...zone, dnssec: fake.dnssec }])),
    },
    zones: fake.zones,
    authority: initialAuthority,
    stopped: null,
  };
}

function factsOf(fake: FakeOperations): Facts {
  const reading = {
    provider: "primary",
    nameserver: "ns1.example.net.",
    address: "192.0.2.53:53",
    at: now,
    ...(fake.answers === "answer"
      ? ({ outcome: fake.answers, code: null, rrset: { ttl: 60, rdata: [rdataFra] } } as const)
      : { outcome: fake.answers, code: "timeout", rrset: null }),
  };
  return {
    boot: "b00t",
    mode: "act",
    clock: { trustworthy: true, errorMs: 0, says: "The clock runs evenly." },
    log: { whole: true, says: "The journal is whole." },
    automationKey: null,
    health: {
      judged: true,
      sites: fake.health,
      cutOff: [],
      voices: { heard: 2, all: 2 },
      commonCause: { kind: "none" },
      signals: {},
    },
    readings: { v4: [reading] },
    names: [],
    paths: [],
    zones: fake.zoneFacts,
  };
}

/** `login-17`, proposed by a person, waiting for an approval. */
function proposed(policy: Policy): Failover {
  const plan = testPlan(policy);
  return {
    id: plan.failover,
    plan,
    planHash: planHash(plan),
    initiative: null,
    by: { kind: "local-user", id: "uid:1000", method: "local-user" },
    needs: "approve",
    approvals: [],
    words: [],
    waivers: [],
    times: {
      signal: null,
      proposed: instant(now - 4000),
      authorised: null,
      intended: null,
      changed: null,
      switched: null,
      recovered: null,
      settled: null,
    },
    heldBy: [],
    authorityEnded: null,
    status: "proposed",
  };
}

function submitted(
  fake: FakeOperations,
  policy: Policy,
  command: ServiceCommand | FleetCommand,
  reason: string | undefined,
): Awaited<ReturnType<Operations["submit"]>> {
  fake.submitted.push({ command, reason });
  if (fake.refuseWith !== null) return { accepted: false, refusal: fake.refuseWith };
  if (command.request.kind === "declare") fake.state = { ...fake.state, failover: proposed(policy) };
  return { accepted: true, entries: [sequenceOf(128)], events: [{ type: "service-stopped", by: command.by }] };
}
