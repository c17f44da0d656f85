import { expect, it } from "vitest";
import type { ServiceView } from "../../src/api/contract/status.ts";
import { describeWithServers } from "../servers/available.ts";
import { dig } from "../servers/dig.ts";
import { isAt, isOnItsWay, pointsman, startController, type RunningController } from "./controller.ts";
import { copyOf } from "./installation.ts";
import { scenes } from "./scenes.ts";

const name = "login.example.com";
/** An RRset that ought not to exist does (RFC 2136 §2.2): the fence that the original set. */
const yxrrset = 7;

/** Moves by a person's word, and waits until it is verified. */
async function move(controller: RunningController, site: "fra" | "iad"): Promise<ServiceView> {
  await declare(controller, site);
  return await controller.until(`moved to ${site}`, (login) => isAt(login, site) && !isOnItsWay(login));
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
    expect(second).toMatchObject({ code: 1 });
    expect(second.err).toContain(installation.data);
    expect(tap.passed.slice(before).filter(({ what }) => what === "update")).toEqual([]);
    expect((await first.status()).header.controller.status).toBe("running");

    await first.end("SIGKILL");
    const third = await run.start();
    expect((await third.status()).header.controller.epoch).toBe(2);
  });

  it("a copied folder is found out at its first write, after the original has moved and come back", async () => {
    const { installation, tap, primary, ...run } = await scene({ moves: "people" });
    const first = await run.start();
    await first.until("known", ({ placement }) => placement !== null);
    await first.end("SIGTERM");
    using copied = copyOf(installation);
    const original = await run.start();
    await move(original, "iad");
    await move(original, "fra");

    // The records are what the copy believes they are; only the fence at the nameserver knows better.
    const copy = await startController(copied);
    await declare(copy, "iad");
    const { lastFailover } = await copy.until("over", ({ failover }) => failover === null);
    await copy.end("SIGTERM");

    expect(lastFailover).toMatchObject({ id: "login-1", how: "void" });
    expect(tap.updates().map(({ rcode }) => rcode)).toEqual([0, 0, yxrrset]);
    expect(await dig(primary, name, "A")).toEqual(["127.0.0.11"]);
  });

  it("of two copies that make the same move at once, one is found out", async () => {
    const { installation, tap, ...run } = await scene({ moves: "people" });
    const first = await run.start();
    await first.until("known", ({ placement }) => placement !== null);
    await first.end("SIGTERM");
    using copied = copyOf(installation);
    const original = await run.start();
    const copy = await startController(copied);
    try {
      await Promise.all([declare(original, "iad"), declare(copy, "iad")]);
      const ends = await Promise.all(
        [original, copy].map(async (each) => {
          const login = await each.until("over", (now) => !isOnItsWay(now));
          return isAt(login, "iad") ? "moved" : login.lastFailover?.how;
        }),
      );
      expect(new Set(ends)).toEqual(new Set(["moved", "void"]));
    } finally {
      await copy.end("SIGKILL");
    }
    expect(tap.updates().filter(({ rcode }) => rcode === 0)).toHaveLength(1);
  });
});
