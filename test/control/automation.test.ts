import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { automationNamespace } from "../../src/ports/automation.ts";
import { writeArmour } from "../../src/signatures/sshsig.ts";
import type { Entry } from "../../src/transparency/entry.ts";
import { decodeEntry } from "../../src/transparency/entry.ts";
import { canonicalJson, type Json } from "../../src/values/json.ts";
import { fromBase64 } from "../../src/values/octets.ts";
import { sha256 } from "../../src/values/sha256.ts";
import { minute } from "../../src/values/time.ts";
import { World } from "../world/world.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "automation-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What an auditor does with ssh-keygen alone: the key of the first entry, the signature of this one. */
function audit(claim: string, key: string, signature: string): boolean {
  writeFileSync(path.join(folder, "signers"), `automation ${key}\n`);
  writeFileSync(path.join(folder, "signature"), writeArmour(fromBase64(signature) ?? new Uint8Array()));
  const files = ["-f", path.join(folder, "signers"), "-s", path.join(folder, "signature")];
  const options = { input: claim, stdio: ["pipe", "ignore", "ignore"] as ["pipe", "ignore", "ignore"] };
  try {
    execFileSync("ssh-keygen", ["-Y", "verify", "-I", "automation", "-n", automationNamespace, ...files], options);
    return true;
  } catch {
    return false;
  }
}

function entriesOf(world: World): readonly Entry[] {
  return world.store.entries.map((octets) => {
    const entry = decodeEntry(octets);
    if (entry === undefined) throw new Error("an entry that cannot be read");
    return entry;
  });
}

function member(value: Json | undefined, name: string): string {
  const found: unknown = new Map(Object.entries(value ?? {})).get(name);
  return typeof found === "string" ? found : "";
}

describe("what the automation does by itself carries its signature", () => {
  it("given a move inside of a band, then ssh-keygen accepts the proposal and each attempt, and nothing that differs", async () => {
    const world = await World.start();
    world.sites.set("fra", "down");
    await world.entry("failover-recovered", 5 * minute);
    const entries = entriesOf(world);
    const [created] = entries;
    const key = /"key":"([^"]+)"/.exec(canonicalJson(created?.data ?? {}))?.[1] ?? "";
    const installation = sha256(world.store.entries[0] ?? new Uint8Array());
    const its = entries.filter(({ type }) => type === "failover-proposed" || type === "attempt-intended");
    expect(its.map(({ type }) => type)).toEqual(expect.arrayContaining(["failover-proposed", "attempt-intended"]));
    for (const { type, data } of its) {
      const { failover = null, planHash = null, automation } = { automation: undefined, ...data };
      const attempt = type === "attempt-intended" ? member(data, "attempt") : null;
      const claim = canonicalJson({ installation, type, failover, planHash, attempt });
      const signature = member(automation, "signature");
      expect(audit(claim, key, signature)).toBe(true);
      expect(audit(claim.replace("login", "shop"), key, signature)).toBe(false);
    }
  });

  it("given what a person declares, then the proposal is not the automation's", async () => {
    const world = await World.start();
    await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
    const proposed = entriesOf(world).find(({ type }) => type === "failover-proposed");
    expect(proposed?.data).toBeDefined();
    expect(proposed?.data).not.toHaveProperty("automation");
  });
});
