import { cpSync } from "node:fs";
import { expect, it } from "vitest";
import type { ServiceView } from "../../src/api/contract/status.ts";
import { describeWithServers } from "../servers/available.ts";
import { dig } from "../servers/dig.ts";
import { pointsman, startController, type RunningController } from "./controller.ts";
import { copyOf } from "./installation.ts";
import { ofType, readJournal } from "./journal.ts";
import { scenes } from "./scene.ts";

const name = "login.example.com";

/** Moves by a person's word, and waits until it is verified. */
async function move(controller: RunningController, site: "fra" | "iad"): Promise<ServiceView> {
  await declare(controller, site);
  return await controller.until(
    `moved to ${site}`,
    ({ failover, placement }) => failover?.status === "recovered" && placement?.[0]?.sites[0]?.site === site,
  );
}

async function declare(controller: RunningController, site: "fra" | "iad"): Promise<void> {
  await controller.until(
    `${site} is fit`,
    ({ sites, placement }) =>
      placement !== null && sites.some((each) => each.site === site && each.ready.state === "passed"),
  );
  await controller.act({ kind: "move", service: "login", move: { kind: "to", site }, reason: "a test" });
  const { failover } = await controller.until("proposed", (login) => login.failover?.status === "proposed");
  if (failover === null) throw new Error("what was proposed is open");
  await controller.act({ kind: "approve", failover: failover.id, planHash: failover.planHash, reason: null });
}

describeWithServers("N5: one installation has one controller", () => {
  const scene = scenes();

  it("a second one on the same folder is refused at once, and may start after the first was killed", async () => {
    const { installation, tap, ...run } = await scene({ moves: "people" });
    const first = await run.start();
    const before = tap.passed.length;

    const second = await pointsman(installation, "run");
    expect(second).toMatchObject({ code: 2 });
    expect(second.err).toContain("folder");
    expect(tap.passed.slice(before).filter(({ what }) => what === "update")).toEqual([]);
    expect((await first.status()).header.controller.status).toBe("running");

    await first.end("SIGKILL");
    const third = await run.start();
    expect((await third.status()).header.controller.epoch).toBe(2);
  });

  it.each([
    ["after the original has moved and come back", true],
    ["while the original makes the same move", false],
  ])("a copied folder is found out at its first write, %s", async (_, original) => {
    const { installation, tap, primary, ...run } = await scene({ moves: "people" });
    const first = await run.start();
    await first.until("known", ({ placement }) => placement !== null);
    await first.end("SIGTERM");
    using copied = copyOf(installation);
    const again = await run.start();
    await move(again, "iad");
    if (original) await move(again, "fra");
    const copy = await startController(copied);
    try {
      if (original) {
        await declare(copy, "iad");
        const { lastFailover } = await copy.until("void", ({ failover }) => failover === null);
        expect(lastFailover).toMatchObject({ id: "login-1", how: "void" });
      }
    } finally {
      await copy.end("SIGTERM");
    }
    expect(tap.updates().filter(({ rcode }) => rcode === 0)).toHaveLength(original ? 2 : 1);
    expect(await dig(primary, name, "A")).toEqual([original ? "127.0.0.11" : "127.0.0.12"]);
    expect(ofType(await readJournal(copied), "failover-recovered")).toEqual([]);
  });
});
