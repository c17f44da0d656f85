import { afterAll, beforeAll, expect, test } from "vitest";
import { startLab, type Lab } from "../lab/world.ts";
import type { RecordedEntry } from "../src/ports/operations.ts";
import { startInstallation, type InstallationParts, type RunningInstallation } from "../src/wiring/controller.ts";
import { readInstallation } from "../src/wiring/offline.ts";
import { instant } from "../src/values/time.ts";

/*
 * The controller with its real adapters in the lab: a journal on disk, nameservers and sites over real sockets.
 */

let lab: Lab;
let parts: InstallationParts;
let running: RunningInstallation;
const logged: string[] = [];

beforeAll(async () => {
  lab = await startLab();
  const { settings, policy, document } = await readInstallation(lab.settingsFile, instant(Date.now()));
  if (settings === undefined || policy === undefined) throw new Error("the lab's files are not valid");
  parts = { settings, policy, document, version: "0.0.0", environment: {}, writeLog: (line) => logged.push(line) };
  running = await startInstallation(parts);
}, 30_000);

afterAll(async () => {
  await running.stop();
  await lab.stop("remove");
}, 30_000);

/** The next entry of this type. */
function entry(type: string): Promise<RecordedEntry> {
  const { promise, resolve } = Promise.withResolvers<RecordedEntry>();
  const end = running.controller.follow((each) => {
    if (each.type !== type) return;
    end();
    resolve(each);
  });
  return promise;
}

test("a site is killed: the record changes at the primary, once, the secondary follows, and the service answers", async () => {
  const { controller } = running;
  const seen: string[] = [];
  const end = controller.follow(({ type }) => seen.push(type));
  // oxlint-disable-next-line no-await-in-loop -- one verdict after the other
  while (controller.state("login")?.verdicts.get("iad")?.verdict !== "up") await entry("verdict-changed");
  const recovered = entry("failover-recovered");
  const ended = entry("failover-ended");
  await lab.home.kill();
  expect((await recovered).data).toMatchObject({ failover: "login-1", exceptions: [], objectiveMet: true });
  expect((await ended).data).toMatchObject({ how: "closed" });
  end();
  expect(lab.primary.applied()).toBe(1);
  expect(controller.state("login")?.placement).toMatchObject({ all: [{ site: "iad" }] });
  expect(seen.filter((type) => type === "attempt-intended")).toHaveLength(1);
  expect(seen.indexOf("attempt-ended")).toBeGreaterThan(seen.indexOf("attempt-intended"));
}, 30_000);

test("N5: a second controller on the same folder is refused at once, and the first goes on", async () => {
  await expect(startInstallation(parts)).rejects.toMatchObject({ refusal: { code: "folder-in-use" } });
  expect(running.controller.about().status).toBe("running");
});

test("after a clean stop the next start knows where the service stands, and sends nothing again", async () => {
  await running.stop();
  expect(running.controller.about().status).toBe("stopped");
  running = await startInstallation(parts);
  expect(running.controller.about()).toMatchObject({ status: "running", epoch: 2 });
  expect(running.controller.state("login")?.placement).toMatchObject({ all: [{ site: "iad" }] });
  expect(lab.primary.applied()).toBe(1);
  expect(logged).toEqual([]);
}, 30_000);
