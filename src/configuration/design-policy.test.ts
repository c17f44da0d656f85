import fc from "fast-check";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { resolvePolicy } from "../core/policy/resolve.ts";
import { builtText, designText } from "../../test/fixtures/design-policy.ts";
import { mutations, pathsOf } from "../../test/fixtures/mutations.ts";
import { readPolicy } from "./policy-file.ts";

describe("the policy of the design", () => {
  it("is refused for exactly the kinds that are not built yet, each by its name", () => {
    const { policy, findings } = readPolicy(designText, "policy.yaml");
    expect(policy).toBeUndefined();
    expect(findings.map(({ code, path }) => [code, path.join(".")])).toEqual([
      ["kind-not-built", "providers.primary.paths.1.type"],
    ]);
    expect(findings.at(-1)?.says).toContain('"powerdns"');
  });

  it("is a policy without them, with nothing to find", () => {
    const { policy, findings } = readPolicy(builtText, "policy.yaml");
    expect(findings).toEqual([]);
    const login = policy?.services.get("login");
    expect(login?.records.get("v6")).toEqual({
      id: "v6",
      view: "public",
      zone: "example.com.",
      name: "login.example.com.",
      type: "AAAA",
      ttl: 60,
    });
    expect(login?.sites.get("fra")?.get("v4")).toEqual(["c000020a"]);
    expect(login?.sites.get("fra")?.get("v6")).toEqual(["20010db8000100000000000000000010"]);
    expect(login?.sites.get("iad")?.get("v6")).toBe("none");
    expect(login?.objective).toEqual({ detectMs: 45_000, recoverMs: 300_000 });
    expect(login?.bands.map(({ when, move }) => [when, move])).toEqual([
      [
        { kind: "verdict", site: "fra", verdict: "down", vantages: 2, forMs: 20_000 },
        { kind: "replace", from: "fra", to: "iad" },
      ],
      [
        { kind: "error-rate", site: "fra", overPercent: 20, forMs: 120_000 },
        { kind: "replace", from: "fra", to: "iad" },
      ],
    ]);
    expect(policy?.authority.duties.get("approve")).toEqual({
      kind: "all",
      roles: ["service-owner", "identity-owner"],
    });
    expect(policy?.controls).toEqual([
      { address: "192.0.2.53", port: 53 },
      { address: "198.51.100.53", port: 53 },
    ]);
    expect(policy?.blastRadius).toEqual({ services: 10, perMs: 600_000 });
    expect(policy?.zones.get("public example.com.")?.dnssec).toBe("required");
  });

  it("has one hash whatever the layout, and another for any other value", () => {
    expect(hashOf(builtText)).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(`# a comment\n${JSON.stringify(parse(builtText))}`)).toBe(hashOf(builtText));
    expect(hashOf(builtText.replace("version: 4", "version: 5"))).not.toBe(hashOf(builtText));
  });
});

describe("any mistake in a policy", () => {
  it("gives findings or a policy, and never an exception", () => {
    const document: unknown = parse(builtText);
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(document)), mutations, (path, mutate) => {
        const mutated = structuredClone(document);
        mutate(mutated, path);
        const { policy, findings } = resolvePolicy(mutated);
        const errors = findings.filter(({ severity }) => severity === "error");
        expect(policy === undefined).toBe(errors.length > 0);
        for (const finding of findings) {
          expect(finding.says).toMatch(/\S/);
          expect(finding.mend).toMatch(/\S/);
        }
      }),
      { numRuns: 600 },
    );
  });

  it("has its place in the file, whatever the file holds", () => {
    const lines = builtText.split("\n");
    const cut = fc.record({ line: fc.nat(lines.length - 1), column: fc.nat(30), insert: fc.string({ maxLength: 6 }) });
    fc.assert(
      fc.property(cut, ({ line, column, insert }) => {
        const at = lines[line] ?? "";
        const broken = lines.with(line, at.slice(0, column) + insert + at.slice(column + 1)).join("\n");
        const { policy, findings } = readPolicy(broken, "policy.yaml");
        expect(policy === undefined).toBe(findings.some(({ severity }) => severity === "error"));
        for (const finding of findings) {
          expect(finding.line).toBeGreaterThan(0);
          expect(finding.excerpt.text.length + 1).toBeGreaterThanOrEqual(finding.column);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("in a document of any shape at all is found", () => {
    fc.assert(
      fc.property(fc.anything(), (document) => {
        expect(resolvePolicy(document).findings.length).toBeGreaterThan(0);
      }),
    );
  });
});

function hashOf(yaml: string): string | undefined {
  return readPolicy(yaml, "policy.yaml").policy?.hash;
}
