import { expect, it } from "vitest";
import { describeWithServers } from "../servers/available.ts";
import { dig } from "../servers/dig.ts";
import { isAt, isOnItsWay, isReady } from "./controller.ts";
import { ofType, readJournal } from "./journal.ts";
import { scenes } from "./scenes.ts";

const name = "login.example.com";

describeWithServers("SIGTERM", () => {
  const scene = scenes();

  it("while nothing is on its way: exit code 0, and the stop is the last entry", async () => {
    const { installation, ...run } = await scene();
    const controller = await run.start();
    await controller.until("known", ({ placement }) => placement !== null);
    expect(await controller.end("SIGTERM")).toMatchObject({ code: 0, signal: null });
    expect((await readJournal(installation)).at(-1)).toMatchObject({
      type: "controller-stopped",
      data: { epoch: 1, inFlight: [] },
    });
  });

  it("while the answer to a write is lost: it is handed over by name, read back by the next, and never sent again", async () => {
    const { installation, tap, sites, secondary, ...run } = await scene();
    const controller = await run.start();
    await controller.until("ready", isReady);
    tap.answers = "lost";
    await sites.kill("fra");
    await controller.until("sent", () => tap.updates().length > 0);
    // Whatever it finds out until it is gone is written; what it does not, is named.
    expect(await controller.end("SIGTERM")).toMatchObject({ code: 0 });
    const handedOver = (await readJournal(installation)).at(-1);
    expect(handedOver?.type).toBe("controller-stopped");
    tap.answers = "passed";

    const next = await run.start();
    await next.until("verified", (login) => isAt(login, "iad") && !isOnItsWay(login));
    expect(await next.end("SIGTERM")).toMatchObject({ code: 0 });
    const entries = await readJournal(installation);
    expect(ofType(entries, "attempt-intended")).toHaveLength(1);
    expect(ofType(entries, "attempt-read-back")).toMatchObject([{ data: { found: "after" } }]);
    expect(tap.updates()).toMatchObject([{ rcode: 0 }]);
    expect(await dig(secondary, name, "A")).toEqual(["127.0.0.12"]);
  });
});
