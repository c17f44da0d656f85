import { execFile } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { describeWithServers } from "../servers/available.ts";
import { dig } from "../servers/dig.ts";
import { answering, isAt, isOnItsWay, isReady, pointsman, runOnSmallDisk } from "./controller.ts";
import { scenes } from "./scenes.ts";

const run = promisify(execFile);
const needsMount = "needs a mount namespace of its own: unshare -rm";

/** In CI it has to. */
async function mayMount(): Promise<boolean> {
  return await run("unshare", ["-rm", "true"]).then(
    () => true,
    () => process.env["CI"] === "true",
  );
}

describeWithServers("a start that is refused says so in a sentence, and sends no DNS message", () => {
  const scene = scenes();

  it("N10: a journal that was damaged", async () => {
    const { installation, tap, ...own } = await scene();
    const controller = await own.start();
    await controller.until("ready", isReady);
    await controller.end("SIGTERM");
    const before = tap.passed.length;
    flip(path.join(installation.data, "journal.db"));

    const ended = await pointsman(installation, "run");
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toMatch(/Entry \d+ is the last good one.*\(journal-damaged\)/s);
    expect(ended.err).not.toMatch(/^ {4}at /m);
    expect(tap.passed.slice(before)).toEqual([]);
  });

  it("a disk without room", async (test) => {
    test.skip(!(await mayMount()), needsMount);
    const { installation, tap } = await scene();
    const ended = await runOnSmallDisk(installation, "16k").ended;
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toContain("(full)");
    expect(ended.err).not.toMatch(/^ {4}at /m);
    expect(tap.passed).toEqual([]);
  });
});

describeWithServers("a disk that becomes full while it runs", () => {
  const scene = scenes();

  it("the home site is lost: what stands in the reserve is enough for the whole failover", async (test) => {
    test.skip(!(await mayMount()), needsMount);
    const { installation, sites, secondary } = await scene();
    // The reserve has 64 MiB (design §10), and is made where twice as much is free.
    const controller = await answering(runOnSmallDisk(installation, "140m"), installation);
    try {
      await controller.until("ready", isReady);
      // The process's own view of its files: nobody else sees the small disk.
      fill(path.join(`/proc/${controller.pid}/root`, installation.data, "somebody-else"));
      await sites.kill("fra");
      await controller.until("recovered", (login) => isAt(login, "iad") && !isOnItsWay(login));
      expect(await dig(secondary, "login.example.com", "A")).toEqual(["127.0.0.12"]);
      expect(await controller.end("SIGTERM")).toMatchObject({ code: 0 });
    } finally {
      await controller.end("SIGKILL");
    }
  });
});

/** Writes until there is no room for another octet. */
function fill(file: string): void {
  for (const octets of [1024 * 1024, 4096, 1]) {
    try {
      for (;;) appendFileSync(file, new Uint8Array(octets));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
    }
  }
}

/** One octet in the middle of the last entry. */
function flip(file: string): void {
  const octets = readFileSync(file);
  const at = octets.lastIndexOf("verdict-changed");
  octets[at] = (octets[at] ?? 0) ^ 1;
  writeFileSync(file, octets);
}
