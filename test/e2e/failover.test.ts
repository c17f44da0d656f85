import { expect, it } from "vitest";
import { describeWithServers } from "../servers/available.ts";
import { dig } from "../servers/dig.ts";
import { primaries } from "../servers/primaries.ts";
import { updateKey } from "../servers/zone.ts";
import { isAt, isOnItsWay, isReady, pointsman } from "./controller.ts";
import { filesIn, ofType, readJournal } from "./journal.ts";
import { scenes } from "./scenes.ts";

const name = "login.example.com";

describeWithServers("the home site is killed", () => {
  const scene = scenes();

  it.each(primaries)(
    "on %s the records change there and at the NSD secondary, and the service recovers",
    async (_, start) => {
      const { primary, secondary, sites, tap, installation, ...run } = await scene({ primary: start, v6: ["fra"] });
      const controller = await run.start();
      await controller.until("ready", isReady);

      await sites.kill("fra");
      const { failover } = await controller.until("recovered", (login) => isAt(login, "iad") && !isOnItsWay(login));

      expect(failover).toMatchObject({
        initiative: "site-lost",
        objective: { met: true },
        verification: { exceptions: [] },
      });
      const published = async (type: string): Promise<readonly (readonly string[])[]> =>
        await Promise.all([primary, secondary].map((server) => dig(server, name, type)));
      expect(await published("A")).toEqual([["127.0.0.12"], ["127.0.0.12"]]);
      // iad has no AAAA: it went out, as the plan stated.
      expect(await published("AAAA")).toEqual([[], []]);
      const signatures = (await dig(secondary, name, "RRSIG")).filter((signature) => signature.startsWith("A "));
      expect(signatures).toHaveLength(primary.kind === "bind" ? 1 : 0);
      expect(tap.updates()).toMatchObject([{ rcode: 0 }]);
      const ended = await controller.end("SIGTERM");
      expect(ended).toMatchObject({ code: 0 });
      // N11: neither in what it said nor in what it keeps.
      expect(ended.out + ended.err + filesIn(installation.data)).not.toContain(updateKey.secret);
      expect(ofType(await readJournal(installation), "attempt-intended")).toHaveLength(1);
    },
  );

  it("A and AAAA move together, and home again once a person says so", async () => {
    const both = ["fra", "iad"] as const;
    const { secondary, sites, installation, ...run } = await scene({ v6: both, failback: { stableFor: "1s" } });
    const controller = await run.start();
    await controller.until("ready", isReady);
    const published = async (): Promise<readonly string[]> =>
      (await Promise.all(["A", "AAAA"].map((type) => dig(secondary, name, type)))).flat();

    await sites.kill("fra");
    await controller.until("recovered", (login) => isAt(login, "iad") && !isOnItsWay(login));
    expect(await published()).toEqual(["127.0.0.12", "::ffff:127.0.0.12"]);

    await sites.revive("fra");
    await controller.until("the failback is proposed", ({ failover }) => failover?.purpose === "failback");
    const why = await pointsman(installation, "why", "login", "--json");
    expect(JSON.parse(why.out)).toMatchObject({ failover: { status: "proposed" } });
    expect(await pointsman(installation, "approve", "login-2", "--yes", "--json")).toMatchObject({ code: 0 });
    await controller.until("home", ({ failover, atHome }) => failover === null && atHome);
    expect(await published()).toEqual(["127.0.0.11", "::ffff:127.0.0.11"]);
    expect(await pointsman(installation, "guard", "login")).toMatchObject({ code: 0 });
  });
});
