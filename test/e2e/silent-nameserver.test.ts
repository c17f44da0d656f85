import { expect, it } from "vitest";
import { describeWithServers } from "../servers/available.ts";
import { dig } from "../servers/dig.ts";
import { startNsd } from "../servers/nsd.ts";
import { isReady } from "./controller.ts";
import { ofType, readJournal } from "./journal.ts";
import { zonesOf } from "./scene.ts";
import { scenes } from "./scenes.ts";

const name = "login.example.com";

describeWithServers("one nameserver is dead during the move", () => {
  const scene = scenes();

  it("recovered, with exceptions; it returns with the old answer: diverged; it catches up: mended", async () => {
    const { installation, sites, secondary, ...run } = await scene();
    const controller = await run.start();
    await controller.until("ready", isReady);
    await secondary.kill("SIGKILL");

    await sites.kill("fra");
    const address = `127.0.0.1:${secondary.port}`;
    const recovered = await controller.until("recovered", (login) => login.failover?.status === "recovered");
    expect(recovered.failover?.verification).toMatchObject({ exceptions: [{ address, kind: "silent" }] });
    expect(recovered.owed).toMatchObject([{ address, state: "silent" }]);

    // The machine comes back from its backup: with the zone of before, and no primary that it would ask.
    const old = await startNsd({ zones: zonesOf(sites), port: secondary.port });
    try {
      expect(await dig(old, name, "A")).toEqual(["127.0.0.11"]);
      const diverged = await controller.until("diverged", ({ owed }) => owed[0]?.state === "diverged");
      expect(diverged.owed).toMatchObject([{ address, state: "diverged" }]);
      expect((await controller.status()).attention).toContainEqual(expect.objectContaining({ level: "alarm" }));
    } finally {
      await old.stop();
    }

    await secondary.restart();
    await controller.until("mended", ({ failover, owed }) => owed.length === 0 && failover === null);
    expect(await dig(secondary, name, "A")).toEqual(["127.0.0.12"]);
    await controller.end("SIGTERM");
    const found = ofType(await readJournal(installation), "exception-found").map(({ data }) => data["answer"]);
    expect([found[0], found.at(-1)]).toEqual(["old", "verified"]);
  });
});
