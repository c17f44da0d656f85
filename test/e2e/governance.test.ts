import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { policyResponse, type PolicyResponse } from "../../src/api/contract/policy.ts";
import { describeWithServers } from "../servers/available.ts";
import { isAt, isOnItsWay, isReady, pointsman } from "./controller.ts";
import type { Installation } from "./installation.ts";
import { done, makePeople, type People } from "./people.ts";
import { scenes } from "./scenes.ts";

let people: People;
beforeAll(() => {
  people = makePeople();
});
afterAll(() => people[Symbol.dispose]());

/** A dozen processes each; the machine may have other work. */
const patienceMs = 145_000;

describeWithServers("a policy is governed by those whom it names", () => {
  const scene = scenes();

  it(
    "one that widens waits although all have signed, and one objection stops it; one that tightens is adopted at once",
    async () => {
      const { installation, ...run } = await scene({ moves: "people", keys: people.keys, chi: people.keys.chi });
      const controller = await run.start();
      await controller.until("ready", isReady);
      await people.enrol(installation);
      done(await pointsman(installation, "enrol", ...as("chi"), "--yes"));
      const first = await policyOf(installation);
      expect(first).toMatchObject({ mode: "signed", version: 1, file: null, proposals: [] });

      const wider = proposedFile(installation, first, "10ms");
      const shown = await pointsman(installation, "policy", "diff", wider);
      expect(shown).toMatchObject({ code: 1, out: expect.stringContaining("widening") });
      done(await pointsman(installation, "policy", "propose", wider, ...as("ana"), "--yes"));
      const proposed = (await policyOf(installation)).proposals[0]?.policy ?? "";
      for (const person of ["ben", "chi"] as const)
        // oxlint-disable-next-line no-await-in-loop -- one after the other, as people do
        done(await pointsman(installation, "adopt-policy", proposed, ...as(person), "--yes"));
      const waiting = await policyOf(installation);
      expect(waiting).toMatchObject({ version: 1, proposals: [{ class: "widening", policy: proposed }] });
      expect(waiting.proposals[0]?.signed.map(({ person }) => person).toSorted()).toEqual(["ana", "ben", "chi"]);
      expect(Date.parse(waiting.proposals[0]?.notBefore ?? "") - Date.parse(waiting.at)).toBeGreaterThan(
        23 * 3_600_000,
      );
      done(await pointsman(installation, "policy", "object", proposed, ...as("ben"), "--yes"));
      expect(done(await pointsman(installation, "policy", "status"))).toContain("Nothing is proposed.");

      // What is withdrawn is proposed no more, and may be proposed again.
      const tighter = proposedFile(installation, first, "5s");
      done(await pointsman(installation, "policy", "propose", tighter, ...as("ana"), "--yes"));
      const [{ policy: next } = { policy: "" }] = (await policyOf(installation)).proposals;
      done(await pointsman(installation, "policy", "withdraw", next, ...as("ana"), "--yes"));
      expect((await policyOf(installation)).proposals).toEqual([]);
      done(await pointsman(installation, "policy", "propose", tighter, ...as("ana"), "--yes"));
      done(await pointsman(installation, "adopt-policy", next, ...as("ben"), "--yes"));
      const adopted = await adoptedAs(installation, 2);
      // The file of the machine is the first one still.
      expect(adopted).toMatchObject({ hash: next, file: { version: 1, hash: first.hash } });
      await controller.until(
        "runs it",
        (login, { header }) => isReady(login) && header.controller.status === "running",
      );

      // The history of it all, read beside the running controller.
      const replayed = done(await pointsman(installation, "policy", "replay", wider));
      expect(replayed).toContain("No band");
      expect(replayed).toContain("What this does not say:");
    },
    patienceMs,
  );

  it(
    "one that the settings could not be run with is refused before anybody is asked to sign it",
    async () => {
      const { installation, ...run } = await scene({ moves: "people", keys: people.keys, chi: people.keys.chi });
      await run.start();
      const file = path.join(installation.folder, "other.yaml");
      const text = readFileSync(path.join(installation.folder, "policy.yaml"), "utf8");
      writeFileSync(file, text.replaceAll("tsig-primary", "tsig-unknown"));
      const refused = await pointsman(installation, "policy", "propose", file, ...as("ana"), "--yes");
      expect(refused.code).not.toBe(0);
      expect(refused.err).toContain("settings-do-not-fit");
      expect(refused.err).toContain("Add under credentials tsig-unknown");

      // The page of the passkeys lies in a zone that the new policy governs.
      const settings = JSON.parse(readFileSync(installation.settingsFile, "utf8"));
      const statements = { listen: "127.0.0.1:9465", origin: "https://pointsman.example.com:9465" };
      writeFileSync(installation.settingsFile, JSON.stringify({ ...settings, statements }));
      const own = path.join(installation.folder, "policy.yaml");
      const governed = await pointsman(installation, "policy", "propose", own, ...as("ana"), "--yes");
      expect(governed.code).not.toBe(0);
      expect(governed.err).toContain("relying-party-in-governed-zone");
      expect((await policyOf(installation)).proposals).toEqual([]);
    },
    patienceMs,
  );

  it(
    "replay says that a proposed policy would have waited for people, where the automation really moved",
    async () => {
      const { installation, sites, ...run } = await scene();
      const controller = await run.start();
      await controller.until("ready", isReady);
      await sites.kill("fra");
      await controller.until("moved", (login) => isAt(login, "iad") && !isOnItsWay(login));
      const document = JSON.parse(readFileSync(path.join(installation.folder, "policy.yaml"), "utf8"));
      document.services.login.bands[0].authority = "approve";
      const file = path.join(installation.folder, "careful.yaml");
      writeFileSync(file, JSON.stringify(document));
      const told = done(await pointsman(installation, "policy", "replay", file));
      expect(told).toMatch(/WAITS: It waits for approve by a service-owner \(ana\) to move from fra to iad\./);
      expect(told).toMatch(/Really, .*login-1 was proposed by site-lost, to iad/);
      const { replay } = JSON.parse(done(await pointsman(installation, "policy", "replay", file, "--json")));
      const [{ times }] = replay.services[0].bands;
      expect(times).toMatchObject([{ ruling: { outcome: "waits" } }]);
      expect(Date.parse(times[0].at) - Date.parse(times[0].from)).toBe(300);
    },
    patienceMs,
  );

  it(
    "authority exits 1 at an hour at which nobody can be reached for a duty, and 0 at others",
    async () => {
      const { installation } = await scene({ keys: people.keys });
      const file = path.join(installation.folder, "policy.yaml");
      const document = JSON.parse(readFileSync(file, "utf8"));
      document.people.ana.onCall = ["mon-fri 06:00-18:00"];
      writeFileSync(file, JSON.stringify(document));
      const [monday, sunday] = ["2026-11-23T12:00:00Z", "2026-11-22T03:00:00Z"];
      const able = await pointsman(installation, "authority", "--at", monday);
      expect(able).toMatchObject({ code: 0, out: expect.stringContaining("approve: ana") });
      const unable = await pointsman(installation, "authority", "--at", sunday);
      expect(unable.code).toBe(1);
      expect(unable.out).toMatch(/approve: ana .*not now {2}CANNOT BE FILLED/);
    },
    patienceMs,
  );
});

function as(person: "ana" | "ben" | "chi"): readonly string[] {
  return ["--key", people.files[person], "--as", person];
}

async function policyOf(installation: Installation): Promise<PolicyResponse> {
  return policyResponse.parse(JSON.parse(done(await pointsman(installation, "policy", "status", "--json"))));
}

/** The controller is opened anew for it, and answers nothing meanwhile. */
async function adoptedAs(installation: Installation, version: number): Promise<PolicyResponse> {
  for (let patience = 20; patience > 0; patience -= 1) {
    // oxlint-disable-next-line no-await-in-loop -- a poll
    const asked = await pointsman(installation, "policy", "status", "--json");
    const answer = asked.code === 0 ? policyResponse.parse(JSON.parse(asked.out)) : undefined;
    if (answer?.version === version) return answer;
    // oxlint-disable-next-line no-await-in-loop -- a poll
    await delay(50);
  }
  throw new Error(`version ${version} never came into force`);
}

/** The next version, with another time between two moves by itself. */
function proposedFile({ folder }: Installation, { hash, version }: PolicyResponse, holdDown: string): string {
  const document = JSON.parse(readFileSync(path.join(folder, "policy.yaml"), "utf8"));
  document.services.login.holdDown = holdDown;
  const file = path.join(folder, `hold-down-${holdDown}.yaml`);
  writeFileSync(file, JSON.stringify({ ...document, version: version + 1, follows: hash }));
  return file;
}
