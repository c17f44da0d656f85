import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { describeWithServers } from "../servers/available.ts";
import { isReady, pointsman, pointsmanOnSmallDisk } from "./controller.ts";
import { scenes } from "./scene.ts";

const run = promisify(execFile);

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
    expect(ended.err).toMatch(/journal/i);
    expect(ended.err).not.toMatch(/^ {4}at /m);
    expect(tap.passed.slice(before)).toEqual([]);
  });

  it("a disk without room", async (test) => {
    const may = await run("unshare", ["-rm", "true"]).then(
      () => true,
      () => false,
    );
    test.skip(!may && process.env["CI"] !== "true", "needs a mount namespace of its own: unshare -rm");
    const { installation, tap } = await scene();
    const ended = await pointsmanOnSmallDisk(installation, "16k");
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toMatch(/full|room|space/i);
    expect(ended.err).not.toMatch(/^ {4}at /m);
    expect(tap.passed).toEqual([]);
  });
});

/** One octet in the middle of the last entry. */
function flip(file: string): void {
  const octets = readFileSync(file);
  const at = octets.lastIndexOf("verdict-changed");
  octets[at] = (octets[at] ?? 0) ^ 1;
  writeFileSync(file, octets);
}
