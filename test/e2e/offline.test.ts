import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../servers/ports.ts";
import { describeWithServers } from "../servers/available.ts";
import { dig } from "../servers/dig.ts";
import { isAt, isOnItsWay, isReady, pointsman, runWithNames, type RunningController } from "./controller.ts";
import { ofType, readJournal } from "./journal.ts";
import { machineNames } from "./liar.ts";
import { done, makePeople, sshSign, type People } from "./people.ts";
import type { Scene } from "./scene.ts";
import { scenes } from "./scenes.ts";

const name = "login.example.com";
let people: People;
beforeAll(() => {
  people = makePeople();
});
afterAll(() => people[Symbol.dispose]());

/** The result that lies beside a statement once it was taken. */
async function resultOf(file: string): Promise<unknown> {
  for (let patience = 400; patience > 0; patience -= 1) {
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
    // oxlint-disable-next-line no-await-in-loop -- a poll
    await delay(25);
  }
  throw new Error(`no ${file} came`);
}

/** A signed installation with a drop folder, at home and judged. */
function signedScenes() {
  const scene = scenes();
  return async (run?: Parameters<Scene["start"]>[0]) => {
    const folder = path.join(people.folder, `drop-${Math.random()}`);
    mkdirSync(folder);
    const made = await scene({
      moves: "people",
      keys: people.keys,
      statements: { folder, listen: `127.0.0.1:${await freePort()}` },
    });
    const controller: RunningController = await made.start(run);
    await controller.until("ready", isReady);
    await people.enrol(made.installation);
    return { ...made, controller, folder };
  };
}

/** A dozen processes each; the machine may have other work. */
const patienceMs = 240_000;
type SignedScene = Awaited<ReturnType<ReturnType<typeof signedScenes>>>;

describeWithServers("no identity provider, no console and no DNS at all", () => {
  const signed = signedScenes();

  it.each(["up", "down", "spoofed"] as const)(
    "approval by the offline path completes, and traffic moves, while the names of everything here are %s",
    async (how) => {
      const names = how === "up" ? undefined : await machineNames(how);
      try {
        await approveOffline(await signed(names && ((installation) => runWithNames(installation, names))));
        // They are reached by address: nobody was asked for a name.
        expect(names?.asked ?? []).toEqual([]);
      } finally {
        await names?.stop();
      }
    },
    patienceMs,
  );

  it(
    "the same by the listener, whose key is pinned; another key is told nothing",
    async () => {
      const { installation, controller, secondary } = await signed();
      const { listener } = await controller.status();
      const url = ["--url", `https://${listener?.address}`];
      const file = path.join(people.folder, "stop.json");
      const words = ["--out", file, "--key", people.files.ana, "--as", "ana"];
      done(await pointsman(installation, "statement", "make", "stop", "login", ...words));
      sshSign(file, "stop", people.files.ana);
      const wrong = await pointsman(
        installation,
        "statement",
        "submit",
        file,
        ...url,
        "--pin",
        `sha256:${"0".repeat(64)}`,
      );
      expect(wrong).toMatchObject({ code: 1 });
      expect(wrong.err).toContain("pin-differs");
      const sent = await pointsman(installation, "statement", "submit", file, ...url, "--pin", listener?.pin ?? "");
      expect(done(sent)).toContain("service-stopped");
      // The same again has its first result, by whatever way.
      const again = await pointsman(installation, "statement", "submit", file, "--json");
      expect(JSON.parse(done(again))).toMatchObject({ entries: [{ type: "service-stopped" }] });
      expect(await dig(secondary, name, "A")).toEqual(["127.0.0.11"]);
      // ssh-keygen alone verifies it, with what we export.
      const signers = path.join(people.folder, "allowed_signers");
      writeFileSync(signers, done(await pointsman(installation, "allowed-signers")));
      const verified = execFileSync(
        "ssh-keygen",
        ["-Y", "verify", "-f", signers, "-I", "ana", "-n", "stop@pointsman", "-s", `${file}.sig`],
        { input: readFileSync(file), encoding: "utf8" },
      );
      expect(verified).toContain('Good "stop@pointsman" signature for ana');
    },
    patienceMs,
  );

  it(
    "what a local user asks without a signature is refused, and says which command signs",
    async () => {
      const { controller } = await signed();
      const asked = controller.act({ kind: "stop", service: "login", reason: null });
      await expect(asked).rejects.toMatchObject({ refusal: { code: "statement-needed" } });
    },
    patienceMs,
  );
});

async function approveOffline({ installation, controller, folder, secondary }: SignedScene): Promise<void> {
  const ben = ["--key", people.files.ben, "--as", "ben", "--yes"];
  done(await pointsman(installation, "move", "login", "--to", "iad", "--reason", "fra burns", ...ben));
  const { failover } = await controller.until("proposed", (login) => login.failover !== null);
  expect(failover).toMatchObject({ signed: true, missing: [{ duty: "approve", people: ["ana"] }] });

  // Carried by hand: what is signed is made and signed where no controller, no name and no network is.
  const basis = path.join(people.folder, "basis.json");
  writeFileSync(basis, done(await pointsman(installation, "statement", "basis")));
  const far = { ...installation, socket: "/nowhere", settingsFile: "/nowhere" };
  const file = path.join(people.folder, "approve.json");
  const words = ["--basis", basis, "--out", file, "--key", people.files.ana, "--as", "ana"];
  done(await pointsman(far, "statement", "make", "approve", failover?.id ?? "", ...words, "--reason", "agreed"));
  const shown = done(await pointsman(far, "statement", "show", file, "--basis", basis));
  expect(shown).toContain("127.0.0.11");
  expect(shown).toContain("This machine renders the same words");
  sshSign(file, "approve", people.files.ana);

  // A mail program and a memory stick later.
  for (const each of [file, `${file}.reason`, `${file}.sig`])
    copyFileSync(each, path.join(folder, path.basename(each)));
  expect(await resultOf(path.join(folder, "approve.result.json"))).toMatchObject({
    entries: [{ type: "word-given" }],
  });
  await controller.until("recovered", (login) => isAt(login, "iad") && !isOnItsWay(login));
  expect(await dig(secondary, name, "A")).toEqual(["127.0.0.12"]);
  await controller.end("SIGTERM");
  const journal = await readJournal(installation);
  expect(existsSync(path.join(folder, "done", "approve.json.sig"))).toBe(true);
  expect(ofType(journal, "word-given")).toMatchObject([
    { data: { word: { duty: "declare", person: "ben" } } },
    { data: { word: { duty: "approve", person: "ana" } } },
  ]);
  expect(ofType(journal, "attempt-intended")).toMatchObject([
    { data: { authority: { people: expect.arrayContaining(["ana"]), signed: true } } },
  ]);
}
