import { describe, expect, it } from "vitest";
import { formatFindings } from "./format.ts";
import { initialFiles } from "./initial-files.ts";
import { readPolicy } from "./policy-file.ts";
import { publishedSchemas } from "./published.ts";
import { readSettings } from "./settings.ts";

describe("what is published", () => {
  it.each(publishedSchemas())(
    "docs/schema/$path is the schema that is checked by (mend: vitest -u)",
    async (schema) => {
      await expect(schema.text).toMatchFileSnapshot(`../../docs/schema/${schema.path}`);
    },
  );

  it.each(initialFiles())("examples/$path is what `pointsman init` writes (mend: vitest -u)", async (file) => {
    await expect(file.text).toMatchFileSnapshot(`../../examples/${file.path}`);
  });

  it("the first files of a newcomer are valid together, without a warning", () => {
    const texts = new Map(initialFiles().map(({ path, text }) => [path, text]));
    const policy = readPolicy(texts.get("policy.yaml") ?? "", "policy.yaml");
    expect(formatFindings(policy.findings)).toBe("");
    expect(policy.policy).toBeDefined();
    const settings = readSettings(texts.get("pointsman.yaml") ?? "", "pointsman.yaml", policy.policy);
    expect(formatFindings(settings.findings)).toBe("");
    expect(settings.settings).toMatchObject({ mode: "observe", vantages: ["office"], headFile: "pointsman.head" });
  });

  it("the first settings act as soon as their mode says so", () => {
    const texts = new Map(initialFiles().map(({ path, text }) => [path, text]));
    const policy = readPolicy(texts.get("policy.yaml") ?? "", "policy.yaml");
    const acting = (texts.get("pointsman.yaml") ?? "").replace("mode: observe", "mode: act");
    const read = readSettings(acting, "pointsman.yaml", policy.policy);
    expect(formatFindings(read.findings)).toBe("");
    expect(read.settings?.credentials.get("tsig-primary")).toEqual({ kind: "env", variable: "POINTSMAN_TSIG_PRIMARY" });
  });
});
