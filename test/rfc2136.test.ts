import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../src/platform/clock.ts";
import { systemEntropy } from "../src/platform/entropy.ts";
import { changePathContract } from "../src/ports/change-path.contract.ts";
import { add, duration } from "../src/values/time.ts";
import { recordReader } from "../src/verification/record-reader.ts";
import { describeWithServers, keepLogsOnFailure } from "./servers/available.ts";
import { dig } from "./servers/dig.ts";
import { writeOrder } from "./servers/order.ts";
import { freePort } from "./servers/ports.ts";
import { primaries } from "./servers/primaries.ts";
import type { RunningServer } from "./servers/process.ts";
import { startRelay, type Relay } from "./servers/relay.ts";
import { pathTo, rrsetChange, zoneChange } from "./servers/update.ts";
import { readerKey, updateKey } from "./servers/zone.ts";

const zone = "example.com.";
const hosts = ["swap", "both", "gone", "keys", "relay", "time"];
const zones = [
  {
    name: zone,
    records: [
      ...hosts.flatMap((host) => [`${host} 60 IN A 192.0.2.10`, `${host} 60 IN AAAA 2001:db8:1::10`]),
      "contract1 60 IN A 192.0.2.10",
      "contract2 60 IN A 192.0.2.10",
      "alias 60 IN CNAME swap",
    ],
  },
];
const reader = recordReader({ clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(2000) });
const never = new AbortController().signal;
const home = ["192.0.2.10"];
const away = ["198.51.100.10"];
const home6 = ["2001:db8:1::10"];
const away6 = ["2001:db8:2::10"];

const nameOf = (host: string) => `${host}.${zone}`;
const fenceOf = (host: string, before: string | null, after: string) => ({
  name: `_pointsman.${host}.${zone}`,
  before,
  after,
});
const addressOf = (host: string, before: readonly string[], after: readonly string[]) =>
  zoneChange(zone, rrsetChange(nameOf(host), "A", before, after));

describeWithServers("the change path over RFC 2136", () => {
  describe.each(primaries)("to %s", (_, start, codes) => {
    let server: RunningServer;
    let relay: Relay;
    keepLogsOnFailure(() => [server]);
    beforeAll(async () => {
      server = await start(zones);
      relay = await startRelay(server);
    });
    afterAll(async () => {
      await relay.stop();
      await server.stop();
    });

    changePathContract(() => ({
      path: pathTo(server),
      zone,
      names: [nameOf("contract1"), nameOf("contract2")],
      async read(name, type) {
        const endpoint = { name: `ns1.${zone}`, address: server.address, port: server.port };
        const reading = await reader.read(endpoint, { zone, name, type }, "udp", never);
        if (reading.outcome !== "answer") throw new Error(reading.code);
        return reading.rrset;
      },
    }));

    it("moves an address, and leaves its fence, as another tool sees it", async () => {
      const order = writeOrder(addressOf("swap", home, away), [fenceOf("swap", null, "login-1.1")]);
      expect(await pathTo(server).write(order, never)).toMatchObject({ outcome: "applied" });
      expect(await dig(server, nameOf("swap"), "A")).toEqual(away);
      expect(await dig(server, `_pointsman.${nameOf("swap")}`, "TXT")).toEqual(['"login-1.1"']);
    });

    it("moves A and AAAA together", async () => {
      const change = zoneChange(
        zone,
        rrsetChange(nameOf("both"), "A", home, [...away, "198.51.100.11"]),
        rrsetChange(nameOf("both"), "AAAA", home6, away6),
      );
      expect(await pathTo(server).write(writeOrder(change, [fenceOf("both", null, "b")]), never)).toMatchObject({
        outcome: "applied",
      });
      expect(await dig(server, nameOf("both"), "A")).toEqual([...away, "198.51.100.11"]);
      expect(await dig(server, nameOf("both"), "AAAA")).toEqual(away6);
    });

    it("takes the AAAA out while the A stays, and puts it back", async () => {
      const without = zoneChange(
        zone,
        rrsetChange(nameOf("gone"), "A", home, away),
        rrsetChange(nameOf("gone"), "AAAA", home6, []),
      );
      expect(await pathTo(server).write(writeOrder(without, [fenceOf("gone", null, "a")]), never)).toMatchObject({
        outcome: "applied",
      });
      expect(await dig(server, nameOf("gone"), "A")).toEqual(away);
      expect(await dig(server, nameOf("gone"), "AAAA")).toEqual([]);
      const withIt = zoneChange(
        zone,
        rrsetChange(nameOf("gone"), "A", away, home),
        rrsetChange(nameOf("gone"), "AAAA", [], home6),
      );
      expect(await pathTo(server).write(writeOrder(withIt, [fenceOf("gone", "a", "b")]), never)).toMatchObject({
        outcome: "applied",
      });
      expect(await dig(server, nameOf("gone"), "AAAA")).toEqual(home6);
    });

    it("finds the CNAME that somebody put in the record's place, where a server would drop the address in silence", async () => {
      const order = writeOrder(addressOf("alias", [], away), [fenceOf("alias", null, "a")]);
      expect(await pathTo(server).write(order, never)).toMatchObject({ outcome: "conflict" });
      expect(await dig(server, `_pointsman.${nameOf("alias")}`, "TXT")).toEqual([]);
    });

    it.each([
      ["a key that the server does not know", { ...updateKey, name: "unknown." }, zone, "unknownKey"],
      ["a key with another secret", { ...updateKey, secret: readerKey.secret }, zone, "wrongSecret"],
      ["a key that may not update", readerKey, zone, "mayNotUpdate"],
      ["a zone that the server does not have", updateKey, "example.net.", "unknownZone"],
    ] as const)("%s is refused with the code of what is wrong", async (__, key, ofZone, reason) => {
      const change = zoneChange(ofZone, rrsetChange(`keys.${ofZone}`, "A", home, away));
      const outcome = await pathTo(server, { key }).write(writeOrder(change, []), never);
      expect(outcome).toEqual({ outcome: "refused", code: codes[reason] });
      expect(await dig(server, nameOf("keys"), "A")).toEqual(home);
    });

    it("a clock that is off is refused, and where the server tells the time, the next message allows for it", async () => {
      const clock = { ...systemClock(), now: () => add(systemClock().now(), -60_000) };
      const path = pathTo(server, { clock });
      const order = writeOrder(addressOf("time", home, away), [fenceOf("time", null, "a")]);
      expect(await path.write(order, never)).toEqual({ outcome: "refused", code: codes.wrongTime });
      expect(await dig(server, nameOf("time"), "A")).toEqual(home);
      const second = codes.wrongTime === "badtime" ? "applied" : "refused";
      expect(await path.write(order, never)).toMatchObject({ outcome: second });
    });

    it("nobody at the address: not sent, and known to be so", async () => {
      const nobody = { address: "127.0.0.1", port: await freePort() };
      const order = writeOrder(addressOf("keys", home, away), []);
      expect(await pathTo(nobody).write(order, never)).toEqual({ outcome: "not-sent", code: "connection-refused" });
    });

    it.each([
      ["lose-answers", "timeout"],
      ["cut", "connection-closed"],
      ["garble-answers", "answer-bad-mac"],
    ] as const)(
      "an answer that does not arrive whole (%s) leaves the outcome unknown, though it was applied",
      async (mode, code) => {
        const host = "relay";
        const found = await dig(server, nameOf(host), "A");
        const other = found[0] === home[0] ? away : home;
        relay.mode = mode;
        const before = relay.requests.length;
        const startedAt = Date.now();
        // Knot may take 0.7 s for an UPDATE that follows another; only an answer that never comes is waited out.
        const timeoutMs = mode === "lose-answers" ? 1000 : 10_000;
        const outcome = await pathTo(relay, { timeoutMs }).write(writeOrder(addressOf(host, found, other), []), never);
        expect(outcome).toMatchObject({ outcome: "unknown", code });
        const lateUntil = "lateUntil" in outcome ? Number(outcome.lateUntil) : 0;
        expect(lateUntil - startedAt).toBeGreaterThan(30_000);
        expect(lateUntil - startedAt).toBeLessThan(34_000);
        await expect.poll(() => dig(server, nameOf(host), "A"), { timeout: 5000 }).toEqual(other);
        // One message and no more: whatever came of it, it is not sent again.
        expect(relay.requests.length - before).toBe(1);
      },
    );
  });
});
