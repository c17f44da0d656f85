import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { KeptMemory } from "../core/integrity/kept-memory.ts";
import { utf8 } from "../values/octets.ts";
import { sha256 } from "../values/sha256.ts";
import { instant } from "../values/time.ts";
import { integrityMemoryFile } from "./integrity-memory-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-memory-"));
  path = join(folder, "integrity-memory.json");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function memoryOf(serial: number): KeptMemory {
  const mark = { serialMark: { value: serial, since: instant(5) }, inceptionMark: null };
  const history = { marks: new Map([["office 192.0.2.1:53", mark]]), keys: new Map(), ds: null, cdsPending: null };
  return { installation: sha256(utf8("an installation")), history: new Map([["public example.com.", history]]) };
}

it("what was kept last is read by the next run, and by its owner alone", async () => {
  expect(await integrityMemoryFile(path).load()).toBeNull();
  expect(await integrityMemoryFile(path).keep(memoryOf(1))).toBeNull();
  expect(await integrityMemoryFile(path).keep(memoryOf(2))).toBeNull();
  expect(await integrityMemoryFile(path).load()).toEqual(memoryOf(2));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["integrity-memory.json"]);
});

it("a crash in the middle of writing leaves the one before, whole", async () => {
  const file = integrityMemoryFile(path);
  await file.keep(memoryOf(1));
  writeFileSync(`${path}.new`, readFileSync(path, "utf8").slice(0, 40));
  expect(await file.load()).toEqual(memoryOf(1));
  expect(await file.keep(memoryOf(2))).toBeNull();
  expect(await file.load()).toEqual(memoryOf(2));
});

it("octets that are not whole, or no file at all, are refused with what to do, and written over", async () => {
  const file = integrityMemoryFile(path);
  await file.keep(memoryOf(1));
  const octets = readFileSync(path);
  writeFileSync(
    path,
    Uint8Array.from(octets, (octet, index) => (index === 100 ? 0xff : octet)),
  );
  expect(await file.load()).toMatchObject({ code: "integrity-memory-damaged" });
  writeFileSync(path, octets.subarray(0, 100));
  expect(await file.load()).toMatchObject({ code: "integrity-memory-damaged" });
  expect(await file.keep(memoryOf(3))).toBeNull();
  expect(await file.load()).toEqual(memoryOf(3));
  rmSync(path);
  mkdirSync(path);
  expect(await file.load()).toMatchObject({ code: "integrity-memory-unreadable" });
});

it("a folder that is not there is told with its reason, and nothing is thrown", async () => {
  const file = integrityMemoryFile(join(folder, "gone", "memory.json"));
  expect(await file.load()).toBeNull();
  expect(await file.keep(memoryOf(1))).toMatchObject({
    code: "integrity-memory-not-kept",
    figures: { code: "ENOENT" },
  });
});
