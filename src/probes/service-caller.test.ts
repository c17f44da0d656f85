import { expect, test } from "vitest";
import type { ProbeTarget } from "../core/health/observation.ts";
import { rdataFromText } from "../dns/wire/rdata.ts";
import type { Service, SteeredRecord } from "../core/policy/policy.ts";
import type { Prober } from "../ports/observations.ts";
import { duration, instant } from "../values/time.ts";
import { serviceCaller } from "./service-caller.ts";

const never = new AbortController().signal;
const zero = duration(0);

/** Passes but at the addresses that are down. */
function proberWith(down: readonly string[], seen: ProbeTarget[] = []): Prober {
  return {
    probe: (target) => {
      seen.push(target);
      const reason = down.includes(target.address) ? "connect-refused" : "pass";
      return Promise.resolve({ check: 0, at: instant(0), latencyMs: zero, reason, certificateUntil: null });
    },
  };
}

function recordOf(id: string, type: SteeredRecord["type"]): SteeredRecord {
  return { id, view: "public", zone: "example.com.", name: "login.example.com.", type, ttl: 60 };
}

function rdata(type: string, text: string): string {
  return rdataFromText(type, text) ?? "";
}

const target = rdata("CNAME", "fra.example.net.");

const service: Service = {
  id: "login",
  owner: "ana",
  objective: { detectMs: zero, recoverMs: zero },
  provides: [],
  records: new Map(),
  sites: new Map([["fra", new Map([["alias", [target] as const]])]]),
  cnameAddresses: new Map([["fra", new Map([["alias", ["192.0.2.77"] as const]])]]),
  home: ["fra"],
  minimumActive: 1,
  demand: null,
  checks: [{ type: "tcp", name: "up", port: 443, intervalMs: zero, timeoutMs: zero, rise: 1, fall: 1 }],
  readiness: [],
  bands: [],
  rollback: null,
  failback: null,
  frozen: [],
  holdDownMs: zero,
  flapping: { changes: 1, perMs: zero },
};

const v4 = {
  record: recordOf("v4", "A"),
  rrset: { ttl: 60, rdata: [rdata("A", "192.0.2.10"), rdata("A", "192.0.2.11")] },
} as const;
const v6 = { record: recordOf("v6", "AAAA"), rrset: { ttl: 60, rdata: [rdata("AAAA", "2001:db8::10")] } } as const;

test("N9: a service answers only if every address that its nameservers give does", async () => {
  expect(await serviceCaller(proberWith([])).call(service, [v4, v6], never)).toBeNull();
  expect(await serviceCaller(proberWith(["2001:db8::10"])).call(service, [v4, v6], never)).toBe(
    "up at 2001:db8::10: connect-refused",
  );
});

test("a record that is absent is no failure while another leads to the service", async () => {
  const absent = { ...v6, rrset: "absent" } as const;
  expect(await serviceCaller(proberWith([])).call(service, [v4, absent], never)).toBeNull();
});

test("no address at all is a failure, never a pass", async () => {
  const absent = { ...v4, rrset: "absent" } as const;
  expect(await serviceCaller(proberWith([])).call(service, [absent], never)).toMatch(/no address/);
});

test("a CNAME leads to the addresses of the site whose target it is, and to none of a stranger's", async () => {
  const seen: ProbeTarget[] = [];
  const record = recordOf("alias", "CNAME");
  const caller = serviceCaller(proberWith([], seen));
  expect(await caller.call(service, [{ record, rrset: { ttl: 60, rdata: [target] } }], never)).toBeNull();
  expect(seen.map(({ address }) => address)).toEqual(["192.0.2.77"]);
  const stranger = rdata("CNAME", "elsewhere.example.org.");
  expect(await caller.call(service, [{ record, rrset: { ttl: 60, rdata: [stranger] } }], never)).toMatch(/no address/);
});
