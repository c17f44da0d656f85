import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

interface Told {
  readonly code: number | null;
  readonly output: string;
  /** What people read where the output is for programs. */
  readonly beside: string;
}

interface Demo {
  readonly child: ChildProcess;
  readonly told: () => string;
  readonly ended: Promise<Told>;
}

/** The demo as a process of its own, as `npm run demo` starts it. */
function start(...options: readonly string[]): Demo {
  const script = fileURLToPath(new URL("../lab/demo.ts", import.meta.url));
  const child = spawn(process.execPath, [script, ...options], { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let beside = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (beside += text));
  const ended = once(child, "close").then(([code]) => ({ code: Number(code), output, beside }));
  return { child, told: () => output + beside, ended };
}

/** The processes that it says it started, and the folder that it made. */
function traces(told: string): { readonly running: readonly number[]; readonly folder: string } {
  const pids = [...told.matchAll(/process (\d+)/g)].map(([, pid]) => Number(pid));
  const [, folder = ""] = /(\/\S+)\/policy\.yaml/.exec(told) ?? [];
  expect(pids.length).toBeGreaterThanOrEqual(2);
  expect(folder).not.toBe("");
  return { running: pids.filter(isRunning), folder };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it("the demo, unattended: it fails over, verifies, fails back, says so in one object, and leaves nothing behind", async () => {
  const startedAt = Date.now();
  const { code, output, beside } = await start("--once", "--json").ended;
  expect({ code, beside: code === 0 ? "" : beside }).toEqual({ code: 0, beside: "" });
  expect(Date.now() - startedAt).toBeLessThan(60_000);
  const told: unknown = JSON.parse(output.trimEnd().split("\n").at(-1) ?? "");
  const number: unknown = expect.any(Number);
  expect(told).toEqual({
    recovered: true,
    placementBefore: { all: ["fra"] },
    placementAfter: { all: ["iad"] },
    stages: ["detected", "proposed", "authorised", "intended", "changed", "switched", "recovered", "settled"].map(
      (name) => ({ name, milliseconds: number }),
    ),
    overheadMs: number,
    nameservers: [
      { address: expect.stringMatching(/^127\.0\.0\.1:\d+$/), answer: "127.0.0.12", verified: true },
      { address: expect.stringMatching(/^127\.0\.0\.2:\d+$/), answer: "127.0.0.12", verified: true },
    ],
    journalEntries: number,
    failedBack: true,
  });
  const { running, folder } = traces(beside);
  expect(running).toEqual([]);
  expect(existsSync(folder)).toBe(false);
  expect(beside).not.toContain("\u001B");
});

it("the demo, asked no at its prompt: the service stays where it is, and that is no failure; its files stay, the anchor of its zone too", async () => {
  const demo = start("--json");
  demo.child.stdin?.end("no\n");
  const { code, output, beside } = await demo.ended;
  expect(code).toBe(0);
  expect(JSON.parse(output.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ recovered: true, failedBack: false });
  const { running, folder } = traces(beside);
  expect(running).toEqual([]);
  expect(existsSync(`${folder}/pointsman.yaml`)).toBe(true);
  expect(readFileSync(`${folder}/anchor.ds`, "utf8")).toMatch(/^test\. IN DS \d+ 13 2 [0-9A-F]{64}$/m);
  expect(beside).toContain(`-a ${folder}/anchor.conf`);
  rmSync(folder, { recursive: true });
});

it("the demo, interrupted: its processes end, and it says why in one sentence", async () => {
  const demo = start("--once");
  await expect.poll(demo.told, { timeout: 20_000 }).toContain("dies: SIGKILL");
  demo.child.kill("SIGINT");
  const { code, beside, output } = await demo.ended;
  expect({ code, beside }).toEqual({ code: 1, beside: "demo: The demo was interrupted.\n" });
  const { running, folder } = traces(output);
  expect(running).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

it("the demo, typed wrongly: exit code 2 and the usage", async () => {
  const { code, beside } = await start("--wrong").ended;
  expect(code).toBe(2);
  expect(beside).toContain("npm run demo");
  expect(beside).not.toContain("    at ");
});
