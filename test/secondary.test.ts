import { afterEach, expect, it } from "vitest";
import { systemClock } from "../src/platform/clock.ts";
import { systemEntropy } from "../src/platform/entropy.ts";
import type { NameserverEndpoint } from "../src/ports/records.ts";
import { duration } from "../src/values/time.ts";
import { recordReader } from "../src/verification/record-reader.ts";
import { secondaryNotifier } from "../src/verification/secondary-notifier.ts";
import { describeWithServers, keepLogsOnFailure } from "./servers/available.ts";
import { startBind } from "./servers/bind.ts";
import { startNsd } from "./servers/nsd.ts";
import { writeOrder } from "./servers/order.ts";
import { freePort } from "./servers/ports.ts";
import { primaries } from "./servers/primaries.ts";
import type { RunningServer } from "./servers/process.ts";
import { data, pathTo, rrsetChange, zoneChange } from "./servers/update.ts";

const zone = "example.com.";
const zones = [{ name: zone, records: ["login 60 IN A 192.0.2.10"] }];
const never = new AbortController().signal;
const reader = recordReader({ clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(500) });
const notifier = secondaryNotifier(systemEntropy());
const running: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

function endpointOf(server: RunningServer, name: string): NameserverEndpoint {
  return { name: `${name}.${zone}`, address: server.address, port: server.port };
}

/**
 * Milliseconds until the server publishes `to` under a serial above `serial`. While NSD reloads, its old and its new
 * process both answer, so that the one may come a moment after the other.
 */
async function publishedAfter(server: RunningServer, to: string, serial: number): Promise<number> {
  const startedAt = performance.now();
  const wanted = data("A", [to]);
  await expect
    .poll(
      async () => {
        const question = { zone, name: `login.${zone}`, type: "A" };
        const reading = await reader.read(endpointOf(server, "ns2"), question, "udp", never);
        return { rrset: "rrset" in reading && reading.rrset, newer: (await serialOf(server)) > serial };
      },
      { timeout: 15_000, interval: 1 },
    )
    .toEqual({ rrset: wanted, newer: true });
  return performance.now() - startedAt;
}

async function serialOf(server: RunningServer): Promise<number> {
  const read = await reader.serial(endpointOf(server, "ns2"), zone, "udp", never);
  return "serial" in read ? read.serial : 0;
}

describeWithServers("an NSD secondary", () => {
  keepLogsOnFailure(() => running);

  it.each(primaries)("follows %s at once after our NOTIFY", async (_, start) => {
    const primary = await start(zones);
    running.push(primary);
    const nsd = await startNsd({ zones, primary });
    running.push(nsd);
    const before = await serialOf(nsd);
    const change = zoneChange(zone, rrsetChange(`login.${zone}`, "A", ["192.0.2.10"], ["198.51.100.10"]));
    const startedAt = performance.now();
    expect(await pathTo(primary).write(writeOrder(change, []), never)).toMatchObject({ outcome: "applied" });
    const changedMs = performance.now() - startedAt;
    // The primary itself is told of no secondary, so nobody else notifies this one.
    await notifier.notify(zone, [endpointOf(nsd, "ns2")]);
    const tookMs = await publishedAfter(nsd, "198.51.100.10", before);
    process.stderr.write(`${primary.kind}: UPDATE ${changedMs.toFixed(1)} ms, then NSD ${tookMs.toFixed(1)} ms\n`);
    // Generous, for a loaded machine; without our NOTIFY it is the SOA's refresh of an hour.
    expect(tookMs).toBeLessThan(1000);
  });

  it("follows a signed BIND zone by BIND's own NOTIFY as well, with the differences alone (IXFR)", async () => {
    const port = await freePort();
    const bind = await startBind({ zones, signed: true, notifyTo: [{ address: "127.0.0.1", port }] });
    running.push(bind);
    const nsd = await startNsd({ zones, primary: bind, port });
    running.push(nsd);
    const before = await serialOf(nsd);
    const change = zoneChange(zone, rrsetChange(`login.${zone}`, "A", ["192.0.2.10"], ["198.51.100.10"]));
    expect(await pathTo(bind).write(writeOrder(change, []), never)).toMatchObject({ outcome: "applied" });
    await publishedAfter(nsd, "198.51.100.10", before);
    expect(bind.log()).toContain("IXFR started");
  });

  it("a NOTIFY to a secondary that is dead or refuses it disturbs nothing", async () => {
    const bind = await startBind({ zones });
    running.push(bind);
    const nobody = { name: `ns3.${zone}`, address: "127.0.0.1", port: 9 };
    const noRoute = { name: `ns4.${zone}`, address: "fe80::1%lo", port: 53 };
    await expect(notifier.notify(zone, [endpointOf(bind, "ns1"), nobody, noRoute])).resolves.toBeUndefined();
    expect(await reader.serial(endpointOf(bind, "ns1"), zone, "udp", never)).toHaveProperty("serial");
  });
});
