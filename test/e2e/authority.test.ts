import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { basisResponse } from "../../src/api/contract/basis.ts";
import { describeWithServers } from "../servers/available.ts";
import { dig } from "../servers/dig.ts";
import { isAt, isOnItsWay, isReady, pointsman, type Ended } from "./controller.ts";
import { ofType, readJournal } from "./journal.ts";
import { done, makePeople, sshSign, type People } from "./people.ts";
import { scenes } from "./scenes.ts";

const name = "login.example.com";
/** A dozen processes each; the machine may have other work. */
const patienceMs = 140_000;
let people: People;
beforeAll(() => {
  people = makePeople();
});
afterAll(() => people[Symbol.dispose]());

type Person = keyof People["files"];

/** Four people who signed themselves in, of whom ana and ben hold duties; a program is told of emergencies. */
function signedScenes() {
  const scene = scenes();
  return async () => {
    const told = path.join(people.folder, `told-${Math.random()}`);
    const { keys } = people;
    const command = ["/bin/sh", "-c", `cat >> ${told}`];
    const made = await scene({ moves: "people", keys, responders: keys, notices: { command } });
    const controller = await made.start();
    await controller.until("ready", isReady);
    await people.enrol(made.installation, ["ana", "ben", "chi", "dan"]);
    const by = (person: Person, ...words: readonly string[]): Promise<Ended> =>
      pointsman(made.installation, ...words, "--key", people.files[person], "--as", person, "--yes");
    return { ...made, controller, told, by };
  };
}

/** What a command showed beside its output before it signed. @throws Error when it was refused. */
function shown(ended: Ended): string {
  done(ended);
  return ended.err;
}

/** What the program was told, once it was told of this. */
async function toldOf(file: string, type: string): Promise<string> {
  const told = (): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
  await expect.poll(told, { timeout: 20_000 }).toContain(`"type":"${type}"`);
  return told();
}

describeWithServers("authority, end to end, with keys of ssh-keygen", () => {
  const signed = signedScenes();

  it(
    "break-glass by two people: the same four words on both sides, traffic moves, and a third closes the review",
    async () => {
      const { installation, controller, secondary, told, by } = await signed();
      const reason = ["--reason", "fra burns, nobody answers"];
      const asked = shown(
        await by("chi", "break-glass", "login", "--target", "iad", "--incident", "INC-7", "--moves", "1", ...reason),
      );
      const { authority } = await controller.status();
      const [request] = authority.breakGlass;
      const words = request?.words.join(" ") ?? "none";
      expect(request).toMatchObject({ requester: "chi", signers: ["chi"], need: 2, grantedAt: null });
      expect(words).toMatch(/^\S+( \S+){3}$/);
      expect(asked).toContain(words);
      const alone = await by("chi", "move", "login", "--to", "iad", "--under", request?.id ?? "", ...reason);
      expect(alone).toMatchObject({ code: 1 });
      expect(alone.err).toContain("grant-over");
      const second = shown(await by("dan", "break-glass", "--sign", request?.id ?? "", ...reason));
      expect(second).toContain(words);
      const notices = await toldOf(told, "break-glass-signed");
      expect(notices).toContain('"type":"break-glass-asked"');
      done(await by("chi", "move", "login", "--to", "iad", "--under", request?.id ?? "", ...reason));
      await controller.until("recovered", (login) => isAt(login, "iad") && !isOnItsWay(login));
      expect(await dig(secondary, name, "A")).toEqual(["127.0.0.12"]);
      const open = (await controller.status()).authority.reviews;
      expect(open).toMatchObject([{ kind: "break-glass" }]);
      const [review] = open;
      const own = await by("dan", "close-review", review?.id ?? "");
      expect(own).toMatchObject({ code: 1 });
      expect((await controller.status()).attention).toContainEqual(expect.objectContaining({ code: "review-open" }));
      done(await by("ana", "close-review", review?.id ?? "", "--reason", "it was right"));
      expect((await controller.status()).authority.reviews).toEqual([]);
      await controller.end("SIGTERM");
      expect(ofType(await readJournal(installation), "break-glass-used")).toHaveLength(1);
    },
    patienceMs,
  );

  it(
    "a waiver signed by two at a gate of judgement lets people's plan through, and is marked in the status",
    async () => {
      const { sites, controller, secondary, by } = await signed();
      await sites.kill("iad");
      await controller.until("iad down", (login) =>
        login.sites.some((one) => one.site === "iad" && one.verdict === "down"),
      );
      done(await by("ben", "move", "login", "--to", "iad", "--reason", "fra must go"));
      const { failover } = await controller.until("proposed", (login) => login.failover !== null);
      const id = failover?.id ?? "";
      done(await by("ana", "approve", id));
      await controller.until("held", (login) => login.failover?.heldBy.includes("target-not-ready") === true);
      done(await by("ana", "waive", id, "--reason", "better than nothing"));
      expect(await dig(secondary, name, "A")).toEqual(["127.0.0.11"]);
      done(await by("ben", "waive", id, "--reason", "agreed"));
      const moved = await controller.until("changed", (login) => login.failover?.status === "switched");
      expect(await dig(secondary, name, "A")).toEqual(["127.0.0.12"]);
      expect(moved.failover?.waivers).toMatchObject([
        { person: "ana", gate: "target-ready", code: "target-not-ready" },
        { person: "ben", gate: "target-ready", code: "target-not-ready" },
      ]);
      expect((await controller.status()).authority.reviews).toMatchObject([{ kind: "waiver", subject: id }]);
    },
    patienceMs,
  );

  it(
    "a statement with a foreign head of the log is refused and stops writes, until two others say that the log is whole",
    async () => {
      const { installation, controller, secondary, told, by } = await signed();
      const basis = basisResponse.parse(JSON.parse(done(await pointsman(installation, "statement", "basis"))));
      const file = path.join(people.folder, "foreign.json");
      writeFileSync(`${file}.basis`, JSON.stringify({ ...basis, log: { size: 1, root: "0".repeat(64) } }));
      const words = ["--basis", `${file}.basis`, "--out", file, "--key", people.files.chi, "--as", "chi"];
      done(await pointsman(installation, "statement", "make", "stop", "login", ...words));
      sshSign(file, "stop", people.files.chi);
      expect(await pointsman(installation, "statement", "submit", file)).toMatchObject({ code: 1 });
      await toldOf(told, "log-disputed");
      const { authority, attention } = await controller.status();
      expect(authority.dispute).toMatchObject({ by: "chi", resumedBy: [] });
      expect(attention).toContainEqual(expect.objectContaining({ code: "log-disputed", level: "alarm" }));
      const held = await by("ben", "move", "login", "--to", "iad", "--reason", "fra burns");
      expect(held).toMatchObject({ code: 1 });
      expect(held.err).toContain("log-disputed");
      expect(await by("chi", "resume", "--dispute")).toMatchObject({ code: 1 });
      done(await by("ana", "resume", "--dispute", "--reason", "compared"));
      expect((await controller.status()).authority.dispute).toMatchObject({ resumedBy: ["ana"] });
      done(await by("dan", "resume", "--dispute", "--reason", "compared"));
      expect((await controller.status()).authority.dispute).toBeNull();
      done(await by("ben", "move", "login", "--to", "iad", "--reason", "fra burns"));
      const { failover } = await controller.until("proposed", (login) => login.failover !== null);
      done(await by("ana", "approve", failover?.id ?? ""));
      await controller.until("recovered", (login) => isAt(login, "iad") && !isOnItsWay(login));
      expect(await dig(secondary, name, "A")).toEqual(["127.0.0.12"]);
    },
    patienceMs,
  );

  it(
    "two people declare opposite moves in the same second: one stands, the other is refused and told which",
    async () => {
      const { controller, by } = await signed();
      const both = await Promise.all([
        by("ana", "move", "login", "--to", "iad", "--reason", "fra burns"),
        by("ben", "move", "login", "--add", "iad", "--reason", "share it"),
      ]);
      const { failover } = await controller.until("proposed", (login) => login.failover !== null);
      expect(both.filter(({ code }) => code === 0)).toHaveLength(1);
      const refused = both.find(({ code }) => code === 1);
      expect(refused?.err).toContain("in-flight");
      expect(refused?.err).toContain(failover?.id ?? "none");
    },
    patienceMs,
  );
});
