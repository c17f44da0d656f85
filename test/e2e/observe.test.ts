import { expect, it } from "vitest";
import { describeWithServers } from "../servers/available.ts";
import { dig } from "../servers/dig.ts";
import { isReady } from "./controller.ts";
import { ofType, readJournal } from "./journal.ts";
import { scenes } from "./scenes.ts";

describeWithServers("observe mode", () => {
  const scene = scenes();

  it("sends no UPDATE and needs no credential; the journal says what would have been done, and how long it would have taken", async () => {
    const { installation, tap, sites, primary, ...run } = await scene({ mode: "observe" });
    const controller = await run.start();
    await controller.until("ready", isReady);
    await sites.kill("fra");
    await controller.until("observed", ({ lastFailover }) => lastFailover?.how === "observed");
    expect(await controller.end("SIGTERM")).toMatchObject({ code: 0 });

    expect(tap.updates()).toEqual([]);
    expect(tap.passed.some(({ what }) => what === "query")).toBe(true);
    expect(await dig(primary, "login.example.com", "A")).toEqual(["127.0.0.11"]);
    const entries = await readJournal(installation);
    expect(ofType(entries, "failover-proposed")).toMatchObject([
      { data: { initiative: "site-lost", plan: { placement: { after: { all: [{ site: "iad" }] } } } } },
    ]);
    const times = { detectMs: expect.any(Number), decideMs: expect.any(Number), tailMs: 1000 };
    expect(ofType(entries, "failover-ended")).toMatchObject([{ data: { how: "observed", wouldHave: times } }]);
    expect(ofType(entries, "attempt-intended")).toEqual([]);
  });
});
