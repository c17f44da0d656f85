import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

/*
 * What Node compiled is kept between starts. It is code that runs with the controller's credentials.
 */

let temporary: string;
let kept: string;

beforeEach(() => {
  temporary = mkdtempSync(path.join(tmpdir(), "pointsman-test-"));
  kept = path.join(temporary, `pointsman-${process.getuid?.() ?? ""}`);
});

afterEach(() => {
  rmSync(temporary, { recursive: true, force: true });
});

function start(): number | null {
  const program = fileURLToPath(new URL("../bin/pointsman.js", import.meta.url));
  return spawnSync(process.execPath, [program, "--help"], { env: { ...process.env, TMPDIR: temporary } }).status;
}

it("compiled code is kept in a folder that nobody else may enter", () => {
  expect(start()).toBe(0);
  expect(statSync(kept).mode & 0o777).toBe(0o700);
  expect(readdirSync(kept)).not.toEqual([]);
});

it("code in a folder into which somebody else can write is neither kept nor run", () => {
  mkdirSync(kept);
  chmodSync(kept, 0o777);
  expect(start()).toBe(0);
  expect(readdirSync(kept)).toEqual([]);
});

it("without a folder for temporary files, it starts all the same", () => {
  rmSync(temporary, { recursive: true });
  expect(start()).toBe(0);
  expect(existsSync(temporary)).toBe(false);
});
