import { describe, expect, it } from "vitest";
import type { ExportResponse } from "../../api/contract/export.ts";
import type { StatusResponse } from "../../api/contract/status.ts";
import { zoneView } from "../../api/routes/zone-view.ts";
import { hour, instant } from "../../values/time.ts";
import { now } from "../../../test/api/fake-operations.ts";
import { bogusFinding, keyOf, reportOf, troubledReport, zoneStateOf } from "../../../test/api/zone-reports.ts";
import { coloured, plain } from "../frame/terminal.ts";
import { octodnsText, terraformText } from "./export-text.ts";
import { statusText } from "./status-text.ts";

const hash = "ab".repeat(32);
const header: StatusResponse["header"] = {
  installation: hash,
  lab: true,
  unsigned: true,
  mode: "observe",
  halted: null,
  integrityMemory: null,
  policyFile: null,
  stopped: null,
  controller: { status: "running", version: "0.1.0", epoch: 3, startedAt: "2026-11-22T02:00:00.000Z" },
  journal: { entries: 128 },
  policy: { version: 4, hash },
  log: { whole: true, says: "The journal is whole." },
  clock: { trustworthy: true, says: "The clock runs evenly." },
};

const at = "2026-11-22T03:00:00.000Z";
const by = { kind: "automation", id: "controller", method: "internal" };
const fra = [{ segment: "all", sites: [{ site: "fra", share: null, without: [] }] }];
const iad = [{ segment: "all", sites: [{ site: "iad", share: null, without: [] }] }];

const status: StatusResponse = {
  v: 1,
  at,
  header,
  listener: null,
  healthy: false,
  authority: {
    mode: "unsigned",
    notEnrolled: [],
    delegations: [],
    breakGlass: [],
    reviews: [],
    dispute: null,
    recoveries: [],
    proposals: [],
  },
  attention: [
    {
      level: "alarm",
      service: "login",
      code: "in-flight",
      says: "login-17 is switched.",
      command: "pointsman why login",
    },
  ],
  services: [
    {
      service: "login",
      owner: "ana",
      placement: fra,
      home: ["fra"],
      atHome: true,
      objective: { detectMs: 45_000, recoverMs: 300_000 },
      judged: true,
      sites: [],
      records: [
        {
          record: "v4",
          view: "public",
          zone: "example.com.",
          name: "login.example.com.",
          type: "A",
          baseline: { ttl: 60, data: ["192.0.2.10"] },
          drift: null,
          nameservers: [
            {
              provider: "primary",
              nameserver: "ns1.example.net.",
              address: "192.0.2.53:53",
              outcome: "answer",
              code: null,
              rrset: null,
              at,
            },
            {
              provider: "primary",
              nameserver: "ns2.example.net.",
              address: "198.51.100.53:53",
              outcome: "lame",
              code: "refused",
              rrset: null,
              at,
            },
          ],
          authenticity: { verdict: "not checked", at: [], heard: 0 },
        },
      ],
      failover: {
        id: "login-17",
        status: "switched",
        purpose: "failover",
        drill: false,
        initiative: "site-lost",
        by,
        needs: "nothing",
        approvals: [],
        words: [],
        missing: [],
        waivers: [],
        signed: false,
        scope: "full",
        planHash: hash,
        expiresAt: at,
        placementBefore: fra,
        placementAfter: iad,
        stages: [
          { stage: "signal", at, afterMs: 0 },
          { stage: "switched", at, afterMs: 3200 },
          { stage: "recovered", at: null, afterMs: null },
        ],
        elapsedMs: 4000,
        objective: { recoverMs: 300_000, met: null },
        heldBy: [],
        attempts: [],
        verification: {
          wrong: [],
          silent: ["198.51.100.53:53"],
          serviceFailure: null,
          authenticity: "not checked",
          exceptions: [{ provider: "primary", address: "198.51.100.53:53", kind: "silent" }],
          tries: 2,
        },
        diverged: null,
        settleAt: null,
      },
      lastFailover: null,
      stopped: null,
      suspended: null,
      vetoes: [],
      owed: [],
      outstanding: [],
      initiatives: [],
    },
  ],
  zones: [],
  resolvers: [],
};

const ana = { kind: "local-user", id: "uid:1000", method: "local-user" } as const;
const zone = { name: "example.com.", view: "public", providers: ["primary"], dnssec: "required" } as const;
const other = { ...zone, name: "example.org." };

function ofZones(zones: StatusResponse["zones"]): string {
  return statusText({ ...status, services: [], zones }, plain).split("\n\n")[1] ?? "";
}

describe("the status, for people", () => {
  it("says what kind of installation it is, what is wrong, the stages against the objective, and who straggles", () => {
    expect(statusText(status, plain)).toBe(`[lab | unsigned | observe: nothing is ever sent]
Pointsman 0.1.0, epoch 3, up 1 h; 128 entries; policy version 4
Not healthy.
  ALARM   login: login-17 is switched.
          pointsman why login

login  on fra (at home); owner ana
  records
    v4  login.example.com. A  192.0.2.10 (TTL 60 s)  1 of 2 nameservers answer; authenticity not checked
  nameservers
    v4  ns2.example.net.  198.51.100.53:53  lame  refused
  login-17  failover fra -> iad: switched, 4 s of 5 min
    by site-lost; scope full; plan abababababab
    signal  switched
    0 ms    3.2 s
    silent: 198.51.100.53:53
    exception: 198.51.100.53:53 of primary, silent`);
  });

  it("has one line for each zone that is well, and says of one that nobody looked at that nothing is known", () => {
    const zones = [zoneView(zone, zoneStateOf(), [reportOf()], now), zoneView(other, zoneStateOf(), [], now)];
    expect(ofZones(zones)).toBe(`zones
  example.com.  secure at all 2 nameservers; signed until 2026-12-02T03:00:00.000Z  looked at 12 s ago
  example.org.  not looked at since the start: nothing is known of it`);
  });

  it("names under its zone each nameserver that is not well, keys on their way and what was announced", () => {
    const next = { step: "submit-ds", notBefore: now, says: "" } as const;
    const keys = [keyOf(), keyOf({ tag: 777, role: "ksk", stage: "ready", next })];
    const until = instant(now + hour);
    const announcements = [{ id: "a1", kind: "rollover", from: now, until, by: ana } as const];
    const report = { ...troubledReport(), keys, advice: [{ ...bogusFinding, code: "weak-key", about: "key 777" }] };
    expect(ofZones([zoneView(zone, zoneStateOf({ announcements }), [report], now)])).toBe(`zones
  example.com.  no-response at 1, bogus at 1; signed until 2026-12-02T03:00:00.000Z  looked at 12 s ago
    ns1.example.net.  192.0.2.53:53     no-response
    ns2.example.net.  198.51.100.53:53  bogus        serial 2026  signature-invalid
    key 777  ksk  ready  submit-ds not before 2026-11-22T03:00:00.000Z
    announced by uid:1000: rollover until 2026-11-22T04:00:00.000Z (a1)
    for a review: weak-key (key 777)`);
  });

  it("is the same words in colour", () => {
    // oxlint-disable-next-line no-control-regex -- colour is control characters
    expect(statusText(status, coloured).replace(/\u001B\[\d+m/g, "")).toBe(statusText(status, plain));
  });
});

describe("export", () => {
  const record = {
    service: "login",
    view: "public",
    zone: "example.com.",
    name: "login.example.com.",
    inFlight: false,
    drifted: false,
  };
  const response: ExportResponse = {
    v: 1,
    header,
    records: [
      { ...record, record: "v4", type: "A", rrset: { ttl: 60, data: ["192.0.2.10", "192.0.2.11"] } },
      { ...record, record: "v6", type: "AAAA", rrset: "absent" },
      { ...record, record: "apex", name: "example.com.", type: "AAAA", rrset: { ttl: 30, data: ["2001:db8::1"] } },
      {
        ...record,
        service: "www",
        record: "alias",
        name: "www.example.com.",
        type: "CNAME",
        rrset: { ttl: 300, data: ["fra.example.net."] },
      },
      { ...record, record: "new", type: "A", rrset: null },
    ],
  };

  it("octodns has names under the zone, and leaves out what is absent or not known", () => {
    expect(octodnsText(response)).toBe(`---
# example.com.yaml
"":
  - type: AAAA
    ttl: 30
    values:
      - "2001:db8::1"
"login":
  - type: A
    ttl: 60
    values:
      - "192.0.2.10"
      - "192.0.2.11"
"www":
  - type: CNAME
    ttl: 300
    value: "fra.example.net."
`);
  });

  it("terraform has the record sets of hashicorp/dns", () => {
    expect(terraformText(response)).toBe(`resource "dns_a_record_set" "login_v4" {
  zone      = "example.com."
  name      = "login"
  addresses = ["192.0.2.10", "192.0.2.11"]
  ttl       = 60
}

resource "dns_aaaa_record_set" "login_apex" {
  zone      = "example.com."
  addresses = ["2001:db8::1"]
  ttl       = 30
}

resource "dns_cname_record" "www_alias" {
  zone  = "example.com."
  name  = "www"
  cname = "fra.example.net."
  ttl   = 300
}
`);
  });
});
