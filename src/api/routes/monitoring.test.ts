import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeOperations, now, siteHealth, type FakeOperations } from "../../../test/api/fake-operations.ts";
import { sequenceOf } from "../../values/ids.ts";
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

it("an address that is taken is told as one sentence", async () => {
  const parts = { operations, address: "127.0.0.1", port: monitoring.port, log: { write: () => undefined } };
  await expect(startMonitoring(parts)).rejects.toMatchObject({ refusal: { code: "metrics-unavailable" } });
});
