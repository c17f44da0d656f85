import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, it } from "vitest";
import type { ZoneView } from "../../src/api/contract/zone.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { systemEntropy } from "../../src/platform/entropy.ts";
import { valuesText } from "../../src/core/plan/says.ts";
import { duration } from "../../src/values/time.ts";
import { recordReader } from "../../src/verification/record-reader.ts";
import { isAt, isOnItsWay, isReady, startController, type RunningController } from "../e2e/controller.ts";
import { writeInstallation } from "../e2e/installation.ts";
import { ofType, readJournal } from "../e2e/journal.ts";
import { startSites } from "../e2e/sites.ts";
import { describeWithServers, keepLogsOnFailure } from "../servers/available.ts";
import { startBind } from "../servers/bind.ts";
import type { RunningServer } from "../servers/process.ts";

/** Who asks from where: `match-clients` of the nameserver tells them apart by nothing else. */
const sources = { "in-1": "127.0.46.11", "in-2": "127.0.46.12", "out-1": "127.0.46.21", "out-2": "127.0.46.22" };
/** What each view is to answer where the service stands at a site; the sites serve at both addresses. */
const outside = { fra: ["127.0.0.11"], iad: ["127.0.0.12"] };
const inside = { fra: ["127.0.0.11", "127.0.0.12"], iad: ["127.0.0.12"] };
const name = "login.example.com.";
const testMs = 60_000;

type Written = Readonly<Record<string, unknown>>;

function rewrite(file: string, change: (document: Record<string, Record<string, Written>>) => object): void {
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, "utf8"))), undefined, 2));
}

describeWithServers("one zone in two views, by one nameserver", () => {
  const ending: (() => Promise<unknown> | void)[] = [];
  const servers: RunningServer[] = [];
  afterEach(async () => {
    // oxlint-disable-next-line no-await-in-loop -- in the opposite order of their start
    for (const stop of ending.splice(0).toReversed()) await stop();
    servers.splice(0);
  });
  keepLogsOnFailure(() => servers);

  async function startSplit() {
    const sites = await startSites();
    ending.push(() => sites.stop());
    const bind = await startBind({
      zones: [zoneWith(outside.fra)],
      views: [{ name: "inside", clients: [sources["in-1"], sources["in-2"]], zones: [zoneWith(inside.fra)] }],
    });
    ending.push(() => bind.stop());
    servers.push(bind);
    const installation = writeInstallation({
      sites,
      updates: bind,
      nameservers: [bind],
      moves: "people",
      checksPerSecond: 1,
    });
    ending.push(() => installation[Symbol.dispose]());
    rewrite(path.join(installation.folder, "policy.yaml"), ({ services = {}, providers = {}, ...policy }) => {
      const { login = {} } = services;
      const record = { zone: "example.com", name, type: "A", ttl: "1s" };
      return {
        ...policy,
        vantages: Object.fromEntries(
          Object.keys(sources).map((id) => [
            id,
            { domain: `of-${id}`, views: [id.startsWith("in") ? "inside" : "public"] },
          ]),
        ),
        providers: { ...providers, internal: providers["primary"] },
        zones: { "example.com": { providers: ["primary"], views: { inside: { providers: ["internal"] } } } },
        services: {
          login: {
            ...login,
            records: { v4: record, within: { ...record, view: "inside" } },
            sites: {
              fra: { v4: outside.fra, within: inside.fra },
              iad: { v4: outside.iad, within: inside.iad },
            },
          },
        },
      };
    });
    rewrite(path.join(installation.folder, "pointsman.yaml"), ({ integrity, ...settings }) => ({
      ...settings,
      sources,
      integrity: { ...integrity, every: "1s" },
    }));
    return { bind, installation };
  }

  it(
    "each is watched from its own vantages: an answer of one in the other is a leak, and seen by one vantage alone a split",
    { timeout: testMs },
    async () => {
      const { bind, installation } = await startSplit();
      const controller = await startController(installation);
      ending.push(() => controller.end("SIGKILL"));
      await controller.until("ready", isReady);
      const quiet = await zonesOf(controller, (zones) => zones.every(({ looks }) => looks.length === 2));
      expect(quiet.map(({ view, looks }) => [view, looks.map(({ vantage }) => vantage)])).toEqual([
        ["public", ["out-1", "out-2"]],
        ["inside", ["in-1", "in-2"]],
      ]);
      expect(quiet.flatMap(alarmsOf)).toEqual([]);

      // One of the public's vantages is taken for somebody inside.
      const file = path.join(bind.folder, "named.conf");
      const right = readFileSync(file, "utf8");
      const clients = `${sources["in-2"]};`;
      writeFileSync(file, right.replace(clients, `${clients} ${sources["out-2"]};`));
      await bind.kill("SIGHUP");
      const server = `ns1.example.com. (${bind.address}:${bind.port}) ${name} A`;
      const wrong = await zonesOf(controller, (zones) => zones.flatMap(alarmsOf).length > 1);
      expect(wrong.flatMap(alarmsOf)).toEqual([`public: integrity-split ${server}`, `public: view-leak ${server}`]);
      const split = wrong[0]?.integrity.find(({ code }) => code === "integrity-split");
      expect(split).toMatchObject({ figures: { right: ["out-1"], wrong: ["out-2"] } });

      writeFileSync(file, right);
      await bind.kill("SIGHUP");
      await zonesOf(controller, (zones) => zones.flatMap(alarmsOf).length === 0);
    },
  );

  it(
    "a move is planned, written and verified in both; unsigned, it is corroborated by two vantages of each",
    { timeout: testMs },
    async () => {
      const { bind, installation } = await startSplit();
      expect(await answers(bind)).toEqual({
        "in-1": inside.fra,
        "in-2": inside.fra,
        "out-1": outside.fra,
        "out-2": outside.fra,
      });
      const controller = await startController(installation);
      await controller.until("ready", isReady);
      await controller.until("fit to move", ({ sites }) => sites.every(({ ready }) => ready.state === "passed"));
      await controller.act({ kind: "move", service: "login", move: { kind: "to", site: "iad" }, reason: "a test" });
      const proposed = await controller.until("proposed", ({ failover }) => failover?.status === "proposed");
      const { id: failover = "", planHash = "" } = proposed.failover ?? {};
      await controller.act({ kind: "approve", failover, planHash, reason: null });
      await controller.until("recovered", (login) => isAt(login, "iad") && !isOnItsWay(login));
      expect(await answers(bind)).toEqual({
        "in-1": inside.iad,
        "in-2": inside.iad,
        "out-1": outside.iad,
        "out-2": outside.iad,
      });
      await controller.end("SIGTERM");
      const entries = await readJournal(installation);
      const [made] = ofType(entries, "failover-proposed");
      const changes = JSON.stringify(made?.data["plan"]).match(/"provider":"[a-z]+"|"view":"[a-z]+"/g);
      expect(new Set(changes)).toEqual(
        new Set(['"provider":"primary"', '"view":"public"', '"provider":"internal"', '"view":"inside"']),
      );
      expect(ofType(entries, "failover-recovered").map(({ data }) => data["authenticity"])).toEqual(["corroborated"]);
    },
  );
});

function zoneWith(addresses: readonly string[]) {
  return { name: "example.com.", records: addresses.map((address) => `login 1 IN A ${address}`) };
}

/** What the nameserver says to each, asked as `clients` of a view ask it. */
async function answers({ address, port }: RunningServer): Promise<Record<string, readonly string[] | string>> {
  const said = Object.entries(sources).map(async ([id, source]) => {
    const means = {
      clock: systemClock(),
      entropy: systemEntropy(),
      timeoutMs: duration(2000),
      sourceOf: () => source,
    };
    const question = { zone: "example.com.", name, type: "A" };
    const server = { name: "ns1.example.com.", address, port };
    const reading = await recordReader(means).read(server, question, "udp", new AbortController().signal);
    return [id, reading.outcome === "answer" ? valuesText("A", reading.rrset) : reading.code] as const;
  });
  return Object.fromEntries(await Promise.all(said));
}

async function zonesOf(
  controller: RunningController,
  isSo: (zones: readonly ZoneView[]) => boolean,
): Promise<readonly ZoneView[]> {
  let zones: readonly ZoneView[] = [];
  await controller.until("zones are so", (_, status) => isSo((zones = status.zones)));
  return zones;
}

function alarmsOf({ view, integrity }: ZoneView): readonly string[] {
  return integrity.map(({ code, about }) => `${view}: ${code} ${about}`);
}
