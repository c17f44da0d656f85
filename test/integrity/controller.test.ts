import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { EntryView } from "../../src/api/contract/event.ts";
import type { ServiceView } from "../../src/api/contract/status.ts";
import { integrityMemoryFile } from "../../src/platform/integrity-memory-file.ts";
import { isAt, isOnItsWay, isReady, type RunningController } from "../e2e/controller.ts";
import { ofType, readJournal } from "../e2e/journal.ts";
import { describeWithServers, keepLogsOnFailure } from "../servers/available.ts";
import { dig } from "../servers/dig.ts";
import type { ServerAddress } from "../servers/zone.ts";
import { publishDs, startSignedScene, type SignedScene } from "./scene.ts";

const alarmed = "zone-integrity-changed";
const loginName = "login.example.com";
const testMs = 90_000;

/** `code about` of the alarms that an entry says ring from now on. */
function rings({ data }: Pick<EntryView, "data">): {
  readonly integrity: readonly string[];
  readonly availability: readonly string[];
} {
  return { integrity: toldIn(data["integrity"]), availability: toldIn(data["availability"]) };
}

function toldIn(findings: unknown): readonly string[] {
  return Array.isArray(findings) ? findings.map(({ code, about }) => `${String(code)} ${String(about)}`) : [];
}

/** The next entry after which these ring, and no others, while `change` is made. */
async function untilRings(
  controller: RunningController,
  alarms: ReturnType<typeof rings>,
  change: () => Promise<unknown>,
): Promise<void> {
  const entry = controller.nextEntry(alarmed, (data) => JSON.stringify(rings({ data })) === JSON.stringify(alarms));
  await Promise.all([entry, change()]);
}

describeWithServers("a whole controller, of a zone that is to be signed", () => {
  const running: SignedScene[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((scene) => scene.end()));
  });
  keepLogsOnFailure(() => running.flatMap(({ servers }) => servers));
  const start = async (): Promise<SignedScene & { readonly controller: RunningController }> => {
    const scene = await startSignedScene();
    running.push(scene);
    const controller = await scene.start();
    await controller.until("ready", isReady);
    return { ...scene, controller };
  };

  it(
    "moves no site for what is wrong with DNS while the sites are well: each fault rings its own bell",
    { timeout: testMs },
    async () => {
      const { controller, copy, secondary, parent, ds, tap } = await start();
      const [first, second, third] = [nameserver(1, tap), nameserver(2, secondary), nameserver(3, copy.server)];
      const quiet = { integrity: [], availability: [] };

      // One of three is on an empty zone, unsigned.
      await untilRings(
        controller,
        { ...quiet, integrity: [`bogus ${third}`, `unauthorised-rrset ${third} login.example.com. A`] },
        () => copy.take((line) => (isHead(line) ? line : undefined)),
      );
      await untilRings(controller, quiet, () => copy.take((line) => line));

      // Two of three are silent.
      const silent = [secondary, copy.server];
      const silence = { ...quiet, availability: [`no-response ${second}`, `no-response ${third}`] };
      await untilRings(controller, silence, () => Promise.all(silent.map((server) => server.kill("SIGSTOP"))));
      await untilRings(controller, quiet, () => Promise.all(silent.map((server) => server.kill("SIGCONT"))));

      // The DS is taken away at the parent.
      const insecure = [first, second, third].map((server) => `insecure-after-secure ${server}`);
      await untilRings(controller, { ...quiet, integrity: [...insecure, "unauthorised-ds parent"] }, () =>
        publishDs(parent, []),
      );
      await untilRings(controller, quiet, () => publishDs(parent, [ds]));

      const [login] = (await controller.status()).services;
      expect(login).toMatchObject({ failover: null, lastFailover: null, atHome: true });
      expect(tap.updates()).toEqual([]);
      expect(await dig(secondary, loginName, "A")).toEqual(["127.0.0.11"]);
    },
  );

  it(
    "holds a failover while the zone is bogus everywhere, makes it once that is mended, and calls nothing recovered while one nameserver is bogus",
    { timeout: testMs },
    async () => {
      const { controller, installation, sites, copy, secondary, parent, ds, tap } = await start();
      const wrong = ds.replace(/[0-9A-F]{8}$/, "00000000");
      const bogus = controller.nextEntry(
        alarmed,
        (data) => rings({ data }).integrity.filter((alarm) => alarm.startsWith("bogus ")).length === 3,
      );
      await Promise.all([bogus, publishDs(parent, [wrong])]);
      await sites.kill("fra");
      // Down for two seconds, where 300 ms are enough: nothing but the gate holds it.
      await controller.until(
        "held",
        (login) =>
          heldByBogus(login) &&
          login.sites.some(({ site, verdict, heldMs }) => site === "fra" && verdict === "down" && heldMs > 2000),
      );
      expect((await controller.status()).services[0]).toMatchObject({ failover: null });
      expect(tap.updates()).toEqual([]);

      await publishDs(parent, [ds]);
      const changed = await controller.until("changed", ({ failover }) => failover?.status === "changed");
      expect(changed.failover).toMatchObject({ initiative: "site-lost" });
      expect(tap.updates()).toMatchObject([{ rcode: 0 }]);

      // The third nameserver has the new address, and a signature of it that does not hold.
      await copy.take(withSpoiledSignature);
      expect(await dig(copy.server, loginName, "A")).toEqual(["127.0.0.12"]);
      const third = `ns3.example.com. (${copy.server.address}:${copy.server.port}`;
      const isBogus = (one: string): boolean => one.startsWith(third) && one.includes("bogus");
      const held = await controller.until(
        "found bogus",
        ({ failover }) => failover?.verification?.wrong.some(isBogus) === true,
      );
      const tries = held.failover?.verification?.tries ?? 0;
      const still = await controller.until(
        "tried again",
        ({ failover }) => (failover?.verification?.tries ?? 0) > tries,
      );
      expect(still.failover?.status).toBe("changed");

      await copy.take((line) => line);
      await controller.until("recovered", (login) => isAt(login, "iad") && !isOnItsWay(login));
      expect(await dig(secondary, loginName, "A")).toEqual(["127.0.0.12"]);
      await controller.end("SIGTERM");
      const recovered = ofType(await readJournal(installation), "failover-recovered");
      expect(recovered).toMatchObject([{ data: { authenticity: "secure" } }]);
      // What it saw is there for the next run: three nameservers, each as three vantages saw it.
      const kept = await integrityMemoryFile(join(installation.data, "integrity-memory.json")).load();
      const zone = kept !== null && "history" in kept ? kept.history.get("public example.com.") : undefined;
      expect(zone?.marks.size).toBe(9);
      expect(zone?.keys.size).toBeGreaterThan(0);
    },
  );
});

function heldByBogus({ initiatives }: ServiceView): boolean {
  return initiatives.some(({ heldBy }) => heldBy.includes("zone-bogus"));
}

function nameserver(index: number, { address, port }: ServerAddress): string {
  return `ns${index}.example.com. (${address}:${port})`;
}

function isHead(line: string): boolean {
  return /^example\.com\.\s.*\s(SOA|NS)\s/.test(line) && !line.includes("RRSIG");
}

/** The signature of `login` A ends otherwise than its signer wrote it. */
function withSpoiledSignature(line: string): string {
  if (!/^login\S*\s.*\sRRSIG\s+A\s/.test(line)) return line;
  return line.replace(/.(?=.{3}$)/, (letter) => (letter === "A" ? "B" : "A"));
}
