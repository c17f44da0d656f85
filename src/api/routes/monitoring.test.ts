import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeOperations, now, siteHealth, type FakeOperations } from "../../../test/api/fake-operations.ts";
import { reportOf, troubledReport } from "../../../test/api/zone-reports.ts";
import { sequenceOf } from "../../values/ids.ts";
import { day, instant, minute } from "../../values/time.ts";
import { startMonitoring, type Monitoring } from "./monitoring.ts";

let operations: FakeOperations;
let monitoring: Monitoring;

beforeEach(async () => {
  operations = fakeOperations();
  monitoring = await startMonitoring({ operations, address: "127.0.0.1", port: 0, log: { write: () => undefined } });
});

afterEach(async () => await monitoring.close());

async function get(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${monitoring.port}${path}`);
  return { status: response.status, text: await response.text() };
}

it("/metrics shows the verdicts, alarms and recoveries as they are now", async () => {
  operations.health["fra"] = siteHealth("down");
  const by = { kind: "automation", id: "controller", method: "internal" } as const;
  const entry = { sequence: sequenceOf(1), at: now, stream: "service/login", by, type: "failover-recovered" };
  for (const follower of operations.followers) follower({ ...entry, data: { tookMs: 2500 } });
  const { status, text } = await get("/metrics");
  expect(status).toBe(200);
  expect(text).toContain('pointsman_site_verdict{service="login",site="fra",verdict="down"} 1');
  expect(text).toContain('pointsman_site_verdict{service="login",site="iad",verdict="up"} 1');
  expect(text).toContain('pointsman_alarms{service="login",code="active-site-down"} 1');
  expect(text).toContain('pointsman_entries_total{type="failover-recovered"} 1');
  expect(text).toContain("pointsman_recovery_seconds_sum 2.5");
  operations.health["fra"] = siteHealth("up");
  expect((await get("/metrics")).text).not.toContain("active-site-down");
});

it("/readyz is 503 with the reason while it halts, and /healthz stays 200", async () => {
  expect(await get("/readyz")).toMatchObject({ status: 200 });
  const halted = { code: "journal-lost", says: "The journal was taken over.", figures: {}, mend: "Look." };
  operations.aboutNow = { ...operations.aboutNow, status: "halted", halted };
  const { status, text } = await get("/readyz");
  expect(status).toBe(503);
  expect(text).toContain("taken over");
  expect(await get("/healthz")).toMatchObject({ status: 200 });
});

it("/metrics has the class of each nameserver, alarms by their kind, and the times of look and signatures", async () => {
  operations.surveyed = [troubledReport()];
  const { text } = await get("/metrics");
  const ns2 =
    'zone="example.com.",view="public",vantage="office",nameserver="ns2.example.net.",address="198.51.100.53:53"';
  expect(text).toContain(`pointsman_zone_server_class{${ns2},class="bogus"} 1`);
  expect(text).toContain(`pointsman_zone_server_class{${ns2},class="ok"} 0`);
  expect(text).toContain('pointsman_zone_alarms{zone="example.com.",view="public",bell="integrity"} 1');
  expect(text).toContain('pointsman_zone_alarms{zone="example.com.",view="public",bell="availability"} 0');
  const zone = 'zone="example.com.",view="public"';
  expect(text).toContain(`pointsman_zone_signed_until_timestamp_seconds{${zone}} ${(now + 10 * day) / 1000}`);
  expect(text).toContain(
    `pointsman_zone_surveyed_timestamp_seconds{${zone},vantage="office"} ${(now - 12_000) / 1000}`,
  );
});

it("/metrics gives no class to a nameserver that nobody looked at lately: unknown is not ok", async () => {
  operations.surveyed = [reportOf({ at: instant(now - 4 * minute) })];
  const { text } = await get("/metrics");
  expect(text).not.toContain("pointsman_zone_server_class{");
  expect(text).toContain("pointsman_zone_surveyed_timestamp_seconds{");
});

it("/readyz waits for the first look at a zone where DNSSEC is required, since automation does", async () => {
  operations.dnssec = "required";
  expect(await get("/readyz")).toMatchObject({
    status: 503,
    text: expect.stringContaining("example.com. requires DNSSEC"),
  });
  operations.surveyed = [troubledReport()];
  expect(await get("/readyz")).toMatchObject({ status: 200 });
});

it("an address that is taken is told as one sentence", async () => {
  const parts = { operations, address: "127.0.0.1", port: monitoring.port, log: { write: () => undefined } };
  await expect(startMonitoring(parts)).rejects.toMatchObject({ refusal: { code: "metrics-unavailable" } });
});
