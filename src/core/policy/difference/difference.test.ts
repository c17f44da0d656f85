import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../values/json.ts";
import { classOf, same } from "./difference.ts";
import { meaningOf } from "./index.ts";

const policy = {
  version: 4,
  lab: false,
  people: {
    ana: { roles: ["service-owner"], group: "product", keys: ["ssh-ed25519 A ana"] },
    chi: { roles: ["identity-owner"], group: "identity", keys: ["ssh-ed25519 C chi"], onCall: ["mon-fri 06:00-18:00"] },
    eve: { roles: ["change-approver"], group: "response", keys: ["ssh-ed25519 E eve"] },
  },
  authority: {
    declare: { any: ["service-owner"] },
    approve: { all: ["service-owner", "identity-owner"] },
    execute: { any: ["dns-operator", "automation"] },
    waive: { n: 2, groups: 2 },
    separate: [["declare", "approve"]],
    signOff: [{ when: "changes-sign-in", any: ["identity-owner"] }],
    breakGlass: { need: 2, of: ["ana", "chi", "eve"] },
    solo: [{ person: "ana", service: "login", targets: ["iad"] }],
    delegateTo: ["incident-commander"],
    recovery: { need: 2, keys: ["a", "b", "c"] },
    wideningWait: "24h",
    afterFirstWrite: "finish",
  },
  dependencies: { "dc-fra": { kind: "facility", owner: "ana" } },
  sites: { fra: { region: "eu", jurisdiction: "DE", capacity: 10, dependsOn: ["dc-fra"] } },
  vantages: { office: { domain: "isp-a", key: "ed25519:x" } },
  controls: ["192.0.2.1"],
  providers: {
    primary: {
      nameservers: { "ns1.example.net": ["192.0.2.53"] },
      paths: [
        { name: "update", type: "rfc2136", server: "192.0.2.53", credential: "tsig", dependsOn: ["dc-fra"] },
        { name: "by-hand", type: "manual", instructions: "Call.", dependsOn: [] },
      ],
      notify: true,
      fence: true,
    },
  },
  zones: { "example.com": { providers: ["primary"], dnssec: "required", expires: "2027-01-01" } },
  resolvers: { r: { address: "192.0.2.9", via: "udp" } },
  services: {
    login: {
      owner: "ana",
      objective: { detect: "45s", recover: "5m" },
      provides: ["idp"],
      records: { v4: { view: "public", zone: "example.com", name: "login.example.com", type: "A", ttl: "60s" } },
      sites: { fra: { v4: ["192.0.2.10"] }, iad: { v4: ["198.51.100.10"] } },
      home: ["fra"],
      minimumActive: 1,
      demand: 5,
      checks: [{ name: "health", type: "http", url: "https://login.example.com/", interval: "5s", timeout: "2s" }],
      readiness: [{ type: "tls", minValidity: "7d" }],
      bands: [
        {
          name: "site-lost",
          when: { site: "fra", verdict: "down", vantages: 2, for: "20s" },
          move: { replace: { fra: "iad" } },
          authority: "approve",
          acceptedBy: [],
          budget: { moves: 2, per: "24h" },
          expires: "2027-06-30",
          reassert: false,
        },
      ],
      rollback: { within: "15m" },
      failback: { authority: "reverse", stableFor: "15m" },
      frozen: [{ from: "2026-12-24", until: "2026-12-27", reason: "holidays" }],
      holdDown: "10m",
      flapping: { changes: 4, per: "15m" },
    },
  },
  blastRadius: { services: 10, per: "10m" },
} as const satisfies JsonObject;

type Path = readonly (string | number)[];

/** Places of every value that is neither a mapping nor a list. */
function leaves(value: Json, path: Path = []): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => leaves(item, [...path, index]));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([member, held]) => leaves(held, [...path, member]));
  return [path];
}

function changedAt(value: Json, [step, ...rest]: Path, change: (held: Json | undefined) => Json | undefined): Json {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a list is seen as a mapping from its places
  const held = structuredClone(value) as { [member: string | number]: Json };
  if (step === undefined) return change(value) ?? null;
  const after = rest.length === 0 ? change(held[step]) : changedAt(held[step] ?? {}, rest, change);
  if (after === undefined) delete held[step];
  else held[step] = after;
  return held;
}

const set = (path: Path, value: Json | undefined): Json => changedAt(policy, path, () => value);
const kindOf = (path: Path, value: Json | undefined): string => meaningOf(policy, set(path, value)).class;

describe("the meaning of a difference between policies", () => {
  it("the same policy means nothing", () => {
    expect(meaningOf(policy, policy)).toEqual({ class: "neutral", differences: [] });
  });

  it("no field can be changed unseen", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...leaves(policy)),
        fc.constantFrom<Json>(-7, "other", true, ["other"]),
        (path, value) => {
          const after = set(path, value);
          fc.pre(!same(after, policy));
          expect(meaningOf(policy, after).differences.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("a field that nobody knows is widening, wherever it stands", () => {
    for (const path of [["x"], ["authority", "x"], ["services", "login", "x"], ["services", "login", "bands", 0, "x"]])
      expect(kindOf(path, "on")).toBe("widening");
  });

  it("says who decided and who decides when a band becomes automatic", () => {
    const { differences } = meaningOf(policy, set(["services", "login", "bands", 0, "authority"], "pre-authorised"));
    expect(differences).toEqual([
      {
        path: ["services", "login", "bands", "site-lost", "authority"],
        class: "widening",
        says: "login: the band site-lost becomes automatic; was: for a service-owner together with an identity-owner to approve.",
      },
    ]);
  });

  it.each<[string, Path, Json | undefined]>([
    ["values-only", ["services", "login", "sites", "iad", "v4"], ["198.51.100.11"]],
    ["neutral", ["version"], 5],
    ["neutral", ["services", "login", "owner"], "chi"],
    ["tightening", ["people", "eve"], undefined],
    ["tightening", ["authority", "approve", "all"], ["service-owner", "identity-owner", "change-approver"]],
    ["tightening", ["authority", "declare", "any"], []],
    ["tightening", ["authority", "waive", "n"], 3],
    ["tightening", ["authority", "breakGlass", "need"], 3],
    [
      "tightening",
      ["authority", "separate"],
      [
        ["declare", "approve"],
        ["validate", "execute"],
      ],
    ],
    ["tightening", ["services", "login", "bands", 0, "when", "for"], "1m"],
    ["tightening", ["services", "login", "bands", 0, "budget", "moves"], 1],
    ["tightening", ["services", "login", "bands", 0, "expires"], "2027-01-01"],
    ["tightening", ["services", "login", "holdDown"], "1h"],
    ["tightening", ["services", "login", "bands"], []],
    ["widening", ["people", "mal"], { roles: ["service-owner"], group: "x", keys: [] }],
    ["widening", ["people", "ana", "keys"], ["ssh-ed25519 A ana", "ssh-ed25519 B ana"]],
    ["widening", ["people", "ana", "roles"], ["service-owner", "identity-owner"]],
    ["widening", ["authority", "approve"], { any: ["service-owner"] }],
    ["widening", ["authority", "separate"], []],
    ["widening", ["authority", "signOff"], []],
    ["widening", ["authority", "wideningWait"], "1h"],
    ["widening", ["zones", "example.com", "dnssec"], "unsigned"],
    ["widening", ["providers", "primary", "fence"], false],
    ["widening", ["services", "login", "sites", "syd"], { v4: ["203.0.113.1"] }],
    ["widening", ["services", "login", "bands", 0, "when", "for"], "1s"],
    ["widening", ["services", "login", "bands", 0, "expires"], undefined],
    ["widening", ["services", "login", "readiness"], []],
    ["widening", ["services", "pay"], {}],
  ])("is %s at %j", (kind, path, value) => {
    expect(kindOf(path, value)).toBe(kind);
  });

  it("one widening field makes the whole widening, whatever is tightened beside it", () => {
    const both = changedAt(set(["services", "login", "holdDown"], "1h"), ["authority", "separate"], () => []);
    const { differences } = meaningOf(policy, both);
    expect(differences.map((one) => one.class).toSorted()).toEqual(["tightening", "widening"]);
    expect(classOf(differences)).toBe("widening");
  });
});
