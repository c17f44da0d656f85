import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const bin = path.resolve(import.meta.dirname, "../../bin/pointsman.js");
// Each starts several processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pointsman-process-"));
});

afterEach(async () => await rm(folder, { recursive: true }));

async function pointsman(...words: readonly string[]): Promise<{ code: unknown; out: string; err: string }> {
  const child = spawn(process.execPath, [bin, ...words], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (part) => (out += String(part)));
  child.stderr.on("data", (part) => (err += String(part)));
  const [code] = await once(child, "close");
  return { code, out, err };
}

it("init writes files that validate, and never over others", async () => {
  expect(await pointsman("init")).toMatchObject({ code: 0, err: "" });
  expect(await pointsman("validate")).toMatchObject({ code: 0, err: "" });
  await writeFile(path.join(folder, "policy.yaml"), "mine");
  expect(await pointsman("init")).toMatchObject({ code: 1, err: expect.stringContaining("file-exists") });
  expect(await readFile(path.join(folder, "policy.yaml"), "utf8")).toBe("mine");
});

it("validate exits 2 and shows line, column and caret; --json gives the findings", async () => {
  await pointsman("init");
  const file = path.join(folder, "policy.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replace("home: [fra]", "home: [frq]"));
  const { code, out } = await pointsman("validate");
  expect(code).toBe(2);
  expect(out).toMatch(/policy\.yaml:\d+:\d+: error/);
  expect(out).toContain("^^^");
  expect(JSON.parse((await pointsman("validate", "--json")).out)).toMatchObject({ v: 1, valid: false });
});

it("a command without a controller exits 3, in plain text without a stack trace", async () => {
  await pointsman("init");
  const { code, out, err } = await pointsman("status");
  expect({ code, out }).toEqual({ code: 3, out: "" });
  expect(err).toContain(path.join(folder, "pointsman.sock"));
  expect(err).not.toContain("\u001B");
  expect(err).not.toMatch(/\n\s+at /);
});

it("N11: a crash report excludes the environment", async () => {
  const main = path.resolve(import.meta.dirname, "../main.ts");
  const script = `process.argv = ["node", "pointsman", "--version"]; await import(${JSON.stringify(main)}); console.log(JSON.stringify(process.report.getReport()));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, TSIG_KEY: "in the environment" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (part) => (out += String(part)));
  await once(child, "close");
  expect(out).toContain('"header"');
  expect(out).not.toContain("in the environment");
});
