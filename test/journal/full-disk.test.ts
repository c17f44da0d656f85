import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);

interface Said {
  readonly entries: { readonly count: number };
  /** Entries found after the disk was full. */
  readonly kept: number;
}

/** Runs `script` with a tmpfs of 32 MiB mounted at `disk`, in a mount namespace of its own: nobody else sees it. */
async function onSmallDisk(disk: string, script: string): Promise<string> {
  const mountAndRun = 'mount -t tmpfs -o size=32m none "$1" && exec "$2" "$3" "$1"';
  const { stdout } = await run("unshare", ["-rm", "sh", "-c", mountAndRun, "sh", disk, process.execPath, script]);
  return stdout;
}

async function mayMount(): Promise<boolean> {
  return await run("unshare", ["-rm", "true"]).then(
    () => true,
    () => false,
  );
}

it("a full disk stops attachments first; entries go on in the reserve, are then refused, and none is lost", async (test) => {
  test.skip(!(await mayMount()) && process.env["CI"] !== "true", "needs a mount namespace of its own: unshare -rm");
  const place = mkdtempSync(join(tmpdir(), "pointsman-full-"));
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the script beside this file writes it
    const said = JSON.parse(await onSmallDisk(place, join(import.meta.dirname, "full-disk-child.ts"))) as Said;
    expect(said).toMatchObject({
      attachments: { code: "journal-full" },
      reserveWhenAttachmentsStop: "kept",
      entries: { code: "full" },
      reserveWhenEntriesStop: "released",
      attachmentInReserve: "journal-full",
      afterwards: "durable",
      reserveAfterwards: "kept",
    });
    expect(said.entries.count).toBeGreaterThan(50);
    expect(said.kept).toBe(said.entries.count);
  } finally {
    rmSync(place, { recursive: true });
    rmSync(`${place}-head`, { force: true });
  }
});
