import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { automationNamespace } from "../ports/automation.ts";
import { utf8 } from "../values/octets.ts";
import { PointsmanError } from "../values/refusal.ts";
import { automationKeyFile, openAutomationKey } from "./automation-key.ts";
import { statementVerifier } from "./statement-verifier.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "automation-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => path.join(folder, automationKeyFile);

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof PointsmanError ? error.refusal.code : "no refusal";
  }
}

describe("the automation's key", () => {
  it("is made once, for its own user alone, and is the same at the next start", () => {
    const first = openAutomationKey(folder);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(openAutomationKey(folder).key).toBe(first.key);
    expect(openAutomationKey(path.join(folder, "another")).key).not.toBe(first.key);
  });

  it("signs so that the verifier of statements accepts it, the same each time, and for nothing else", async () => {
    const signer = openAutomationKey(folder);
    const signature = signer.sign(utf8("a claim"));
    const check = (statement: string, namespace: string) =>
      statementVerifier().verify(
        { statement, proof: { method: "sshsig", signature } },
        { method: "sshsig", line: signer.key },
        namespace,
      );
    expect(await check("a claim", automationNamespace)).toMatchObject({ valid: true });
    expect(await check("another", automationNamespace)).toEqual({ valid: false, code: "signature-wrong" });
    expect(await check("a claim", "approve@pointsman")).toMatchObject({ valid: false });
    expect(signer.sign(utf8("a claim"))).toBe(signature);
  });

  it("is refused when others can read it, or when it is none, and no octet of it is told", () => {
    openAutomationKey(folder);
    chmodSync(file(), 0o640);
    expect(codeOf(() => openAutomationKey(folder))).toBe("automation-key-readable-by-others");
    chmodSync(file(), 0o600);
    writeFileSync(file(), readFileSync(file(), "utf8").replace("PRIVATE", "SECRET"));
    expect(codeOf(() => openAutomationKey(folder))).toBe("automation-key-unusable");
  });
});
