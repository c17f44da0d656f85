import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { builtText } from "../../../../test/fixtures/design-policy.ts";
import { day, hour } from "../../../values/time.ts";
import { pathText } from "../finding.ts";
import { resolvePolicy } from "../resolve.ts";

const two =
  "ksk: { rolledBy: person, method: double-ds }, zsk: { rolledBy: signer, method: pre-publication, maxAge: 90d }";

/** The design's policy with this said of its zone. */
function withSigning(members: string, dnssec = "required") {
  const document = parse(builtText);
  document.zones = parse(`example.com: { providers: [primary], dnssec: ${dnssec}, signing: { ${members} } }`);
  return resolvePolicy(document);
}

const common = "signers: [primary], algorithms: [ECDSAP256SHA256], privateKeys: HSM fra-2";

describe("what a policy declares of signing", () => {
  it("is read with its defaults, algorithms by their numbers", () => {
    const { policy, findings } = withSigning(`${common}, ${two}, standby: 1, parent: cds`);
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    const signing = policy?.zones.get("public example.com.")?.signing;
    expect(signing).toMatchObject({
      algorithms: [13],
      standby: 1,
      parent: "cds",
      parentWithinMs: 2 * day,
      propagationMs: hour,
      largestTtlMs: day,
    });
    expect(signing?.roles.get("zsk")).toEqual({
      rolledBy: "signer",
      method: "pre-publication",
      minAgeMs: 0,
      maxAgeMs: 90 * day,
    });
  });

  it.each([
    ["a signer that does not publish it", common.replace("primary", "other"), two, "dangling-reference", "signers[0]"],
    [
      "an algorithm that must not sign",
      common.replace("ECDSAP256SHA256", "RSASHA1"),
      two,
      "wrong-form",
      "algorithms[0]",
    ],
    ["a method of the other role", common, two.replace("double-ds", "pre-publication"), "wrong-form", "ksk.method"],
    ["half of its keys", common, "zsk: { rolledBy: signer, method: double-signature }", "key-roles", ""],
    ["keys of both kinds", common, `${two}, csk: { rolledBy: signer, method: double-ds }`, "key-roles", ""],
    ["ages that contradict", common, two.replace("maxAge", "minAge: 91d, maxAge"), "ages-contradict", "zsk.maxAge"],
    ["no word on where the keys lie", common.replace(/, privateKeys.*/, ""), two, "missing", "privateKeys"],
  ])("is refused: %s", (_, signing, roles, code, at) => {
    const { policy, findings } = withSigning(`${signing}, ${roles}`);
    expect(policy).toBeUndefined();
    const place = `zones.example.com.signing${at === "" ? "" : `.${at}`}`;
    expect(findings.map((finding) => `${finding.code} ${pathText(finding.path)}`)).toContain(`${code} ${place}`);
  });

  it("is refused for a zone that is said to be unsigned", () => {
    expect(withSigning(`${common}, ${two}`, "unsigned").findings.map(({ code }) => code)).toEqual([
      "signed-and-unsigned",
    ]);
  });
});
