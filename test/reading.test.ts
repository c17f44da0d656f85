import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../src/platform/clock.ts";
import { systemEntropy } from "../src/platform/entropy.ts";
import { duration } from "../src/values/time.ts";
import { nameReader } from "../src/verification/name-reader.ts";
import { recordReader } from "../src/verification/record-reader.ts";
import { describeWithServers, keepLogsOnFailure } from "./servers/available.ts";
import { dig } from "./servers/dig.ts";
import { writeOrder } from "./servers/order.ts";
import { primaries } from "./servers/primaries.ts";
import type { RunningServer } from "./servers/process.ts";
import { data, pathTo, rrsetChange, zoneChange } from "./servers/update.ts";

const zone = "example.com.";
const zones = [
  {
    name: zone,
    records: [
      "login 60 IN A 192.0.2.10",
      "login 60 IN A 192.0.2.9",
      "login 60 IN AAAA 2001:db8:1::10",
      "alias 60 IN CNAME login",
      "sub IN NS ns.sub",
      "ns.sub IN A 127.0.0.1",
      "child IN NS ns1",
      "moved IN DNAME elsewhere.example.",
      "*.wild 60 IN A 192.0.2.99",
      "app.wild 60 IN A 192.0.2.10",
      "kept.wild 60 IN A 192.0.2.10",
      "*.mail 60 IN MX 10 login",
      "www.mail 60 IN A 192.0.2.10",
    ],
  },
  { name: `child.${zone}`, records: ["login 60 IN A 192.0.2.77", "alias 60 IN CNAME login"] },
];
const never = new AbortController().signal;
const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(2000) };
const reader = recordReader(means);
const names = nameReader(means);

describeWithServers("reading from real servers", () => {
  describe.each(primaries)("%s", (_, start) => {
    let server: RunningServer;
    keepLogsOnFailure(() => [server]);
    beforeAll(async () => {
      server = await start(zones);
    });
    afterAll(() => server.stop());

    const endpoint = () => ({ name: `ns1.${zone}`, address: server.address, port: server.port });
    const read = (name: string, type: string, transport: "udp" | "tcp" = "udp", ofZone = zone) =>
      reader.read(endpoint(), { zone: ofZone, name, type }, transport, never);
    const around = (name: string) => names.readName(endpoint(), zone, name, never);

    it.each(["udp", "tcp"] as const)("an RRset and the serial over %s", async (transport) => {
      const rrset = data("A", ["192.0.2.10", "192.0.2.9"]);
      expect(await read(`login.${zone}`, "A", transport)).toMatchObject({ outcome: "answer", rrset });
      const { serial } = { serial: 0, ...(await reader.serial(endpoint(), zone, transport, never)) };
      expect(serial).toBeGreaterThan(0);
    });

    it.each([
      ["a type that the name lacks", `login.${zone}`, "TXT"],
      ["a name that is not there", `nobody.${zone}`, "A"],
      ["an alias in the record's place", `alias.${zone}`, "A"],
    ])("%s is absent", async (__, name, type) => {
      expect(await read(name, type)).toMatchObject({ outcome: "answer", rrset: "absent" });
    });

    it("a name under a delegation, and a zone that the server does not have, are lame and no absence", async () => {
      expect(await read(`login.sub.${zone}`, "A")).toMatchObject({ outcome: "lame", code: "referral" });
      expect(await read("login.example.net.", "A", "udp", "example.net.")).toMatchObject({ outcome: "lame" });
      // It answers for the zone above with authority, as a server does that has lost the zone itself.
      const lost = `gone.${zone}`;
      expect(await read(`login.${lost}`, "A", "udp", lost)).toMatchObject({ outcome: "lame", code: "other-zone" });
    });

    it("an update under a delegation answers NOERROR while the world gets a referral, and the cut is found before", async () => {
      const name = `login.sub.${zone}`;
      expect(await around(name)).toMatchObject({ outcome: "answer", cutAt: `sub.${zone}` });
      const order = writeOrder(zoneChange(zone, rrsetChange(name, "A", [], ["192.0.2.1"])), []);
      expect(await pathTo(server).write(order, never)).toMatchObject({ outcome: "applied" });
      expect(await dig(server, name, "A")).toEqual([]);
    });

    it.each([
      ["the delegation itself", `sub.${zone}`, `sub.${zone}`],
      ["a child zone at the same server, which refers nobody on", `login.child.${zone}`, `child.${zone}`],
      ["a child zone's apex", `child.${zone}`, `child.${zone}`],
      ["an alias in a child zone", `alias.child.${zone}`, `child.${zone}`],
      ["no cut", `login.${zone}`, null],
      ["no cut at an alias", `alias.${zone}`, null],
      ["no cut at the apex", zone, null],
    ])("the cut around a name: %s", async (__, name, cutAt) => {
      expect(await around(name)).toMatchObject({ outcome: "answer", cutAt });
    });

    it("a DNAME above a name is a cut, where the server heeds it", async () => {
      // PowerDNS does so only with dname-processing on, and otherwise publishes what stands under it.
      const cutAt = server.kind === "powerdns" ? null : `moved.${zone}`;
      expect(await around(`login.moved.${zone}`)).toMatchObject({ outcome: "answer", cutAt });
    });

    it("removing a name's last RRset hands it to the wildcard, which is found before", async () => {
      const name = `app.wild.${zone}`;
      expect(await around(name)).toMatchObject({ outcome: "answer", wildcard: `*.wild.${zone}`, cutAt: null });
      expect(await around(`login.${zone}`)).toMatchObject({ wildcard: null });
      expect(await around(`www.mail.${zone}`)).toMatchObject({ wildcard: null });
      const order = writeOrder(zoneChange(zone, rrsetChange(name, "A", ["192.0.2.10"], [])), []);
      expect(await pathTo(server).write(order, never)).toMatchObject({ outcome: "applied" });
      expect(await dig(server, name, "A")).toEqual(["192.0.2.99"]);
    });

    it("a steered wildcard is changed with its fence, and read at its own name and at a label that it answers for", async () => {
      const name = `*.steered.${zone}`;
      const fence = { name: `_pointsman.${name}`, before: null, after: "login-1.1" };
      const change = zoneChange(zone, rrsetChange(name, "A", [], ["192.0.2.98"]));
      expect(await pathTo(server).write(writeOrder(change, [fence]), never)).toMatchObject({ outcome: "applied" });
      expect(await around(name)).toMatchObject({ fence: "login-1.1", wildcard: null, cutAt: null });
      for (const asked of [{}, { at: "fresh label" } as const])
        // oxlint-disable-next-line no-await-in-loop -- two questions
        expect(await reader.read(endpoint(), { zone, name, type: "A", ...asked }, "udp", never)).toMatchObject({
          outcome: "answer",
          rrset: { rdata: ["c0000262"] },
        });
    });

    it("reads the fence that a write left", async () => {
      const name = `kept.wild.${zone}`;
      const fence = { name: `_pointsman.${name}`, before: null, after: "login-1.1" };
      expect(await around(name)).toMatchObject({ fence: null });
      const change = zoneChange(zone, rrsetChange(name, "A", ["192.0.2.10"], ["192.0.2.11"]));
      expect(await pathTo(server).write(writeOrder(change, [fence]), never)).toMatchObject({ outcome: "applied" });
      expect(await around(name)).toMatchObject({ fence: "login-1.1" });
    });
  });
});
