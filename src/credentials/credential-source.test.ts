import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { utf8 } from "../values/octets.ts";
import { credentialSource } from "./credential-source.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "pointsman-credentials-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const secret = "hmac-sha256:key.:c2VjcmV0";

function fileOf(mode: number, content = secret): string {
  const file = path.join(folder, "tsig");
  writeFileSync(file, content);
  chmodSync(file, mode);
  return `file:${file}`;
}

function open(reference: string, environment: { [name: string]: string } = {}) {
  return credentialSource(new Map([["tsig-primary", reference]]), environment).open("tsig-primary");
}

it("gives a secret from the environment, and from a file that its owner alone may read", async () => {
  expect(await open("env:TSIG", { TSIG: secret })).toEqual({ secret: utf8(secret) });
  expect(await open(fileOf(0o600))).toEqual({ secret: utf8(secret) });
  expect(await open(fileOf(0o400))).toEqual({ secret: utf8(secret) });
});

it.each([0o640, 0o604, 0o620, 0o700])("refuses a file with mode %i, which others may use", async (mode) => {
  expect(await open(fileOf(mode))).toMatchObject({ code: "unreadable" });
});

it("reads a secret anew each time, so that a key can be changed without a restart", async () => {
  const reference = fileOf(0o600, "before");
  const source = credentialSource(new Map([["tsig-primary", reference]]), {});
  await source.open("tsig-primary");
  fileOf(0o600, "after");
  expect(await source.open("tsig-primary")).toEqual({ secret: utf8("after") });
});

it("says what is missing, and never what the reference or the secret holds (N11)", async () => {
  mkdirSync(path.join(folder, "folder"), { mode: 0o700 });
  const results = await Promise.all([
    open(secret),
    open("env:ABSENT"),
    open(`file:${folder}/absent`),
    open(`file:${folder}/folder`),
    open(fileOf(0o644)),
    credentialSource(new Map(), { TSIG: secret }).open("tsig-primary"),
  ]);
  for (const result of results) {
    expect(result).toHaveProperty("says");
    expect(JSON.stringify(result)).not.toContain("c2VjcmV0");
  }
});
