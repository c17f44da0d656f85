import { spawnSync } from "node:child_process";
import { afterEach, expect, it } from "vitest";
import { describeWithServers, keepLogsOnFailure } from "./available.ts";
import { startBind } from "./bind.ts";
import { startKnot } from "./knot.ts";
import { startNsd } from "./nsd.ts";
import { startPowerdns } from "./powerdns.ts";
import type { RunningServer } from "./process.ts";
import { askSoa, isSigned } from "./soa.ts";

const zone = { name: "example.com.", records: ["login 60 IN A 192.0.2.10"] };
const started: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function start(starting: Promise<RunningServer>): Promise<RunningServer> {
  const server = await starting;
  started.push(server);
  return server;
}

describeWithServers("the servers of the tests", () => {
  keepLogsOnFailure(() => started);

  it("a signed BIND zone reaches its NSD secondary with its signatures", async () => {
    const bind = await start(startBind({ zones: [zone], signed: true }));
    const nsd = await start(startNsd({ zones: [zone], primary: bind }));
    // One answer may be lost while NSD puts the zone that it has just taken into service.
    await expect.poll(() => isSigned(nsd.address, nsd.port, zone.name), { timeout: 10_000 }).toBe(true);
  });

  it.each([startBind, startKnot, startPowerdns, startNsd])(
    "%o answers, and is gone after its stop",
    async (startOne) => {
      const server = await start(startOne({ zones: [zone] }));
      const dig = spawnSync("/usr/bin/dig", [
        "+short",
        `@${server.address}`,
        "-p",
        `${server.port}`,
        "login.example.com",
        "A",
      ]);
      expect(dig.stdout.toString()).toBe("192.0.2.10\n");
      await server.kill("SIGKILL");
      expect(await askSoa(server.address, server.port, zone.name)).toBeUndefined();
      await server.restart();
      await server.stop();
      expect(await askSoa(server.address, server.port, zone.name)).toBeUndefined();
    },
  );
});
