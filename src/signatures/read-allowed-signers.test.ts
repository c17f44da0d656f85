import { describe, expect, it } from "vitest";
import { parseInstant } from "../values/time.ts";
import { readAllowedSigners } from "./read-allowed-signers.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKQHqGqD4PbhlgzN5wzwseCc4HDUhYmG66sPZrV070F6";
const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIfsHa/Li2zKG6Nf01GZw6dYW2K3Cpqv7wO3ziz8vIC6";

describe("an allowed_signers file", () => {
  it("gives each key with its line, whom it belongs to, and until when", () => {
    const file = [
      "# people",
      "",
      `ana ${key} laptop`,
      `"ben,ben@example.com"\tNAMESPACES="*@pointsman,git",valid-after=20260101Z,valid-before="202607011230Z"  ${other}`,
    ].join("\r\n");
    expect(readAllowedSigners(file)).toEqual({
      findings: [],
      signers: [
        {
          lineNumber: 3,
          principals: ["ana"],
          namespaces: null,
          validAfter: null,
          validBefore: null,
          line: key,
          fingerprint: "SHA256:dMWK64l1VcvcTu2ZOfuYbGUSzz8KBKn77ix1Cf6d2zE",
        },
        {
          lineNumber: 4,
          principals: ["ben", "ben@example.com"],
          namespaces: ["*@pointsman", "git"],
          validAfter: parseInstant("2026-01-01T00:00:00Z"),
          validBefore: parseInstant("2026-07-01T12:30:00Z"),
          line: other,
          fingerprint: expect.stringMatching(/^SHA256:/),
        },
      ],
    });
  });

  it.each([
    ["ana", "line-malformed"],
    [key, "line-malformed"],
    [`"ana ${key}`, "line-malformed"],
    [`* ${key}`, "principal-is-a-pattern"],
    [`ana,!ben ${key}`, "principal-is-a-pattern"],
    [`"ana ben" ${key}`, "principal-is-a-pattern"],
    [`ana, ${key}`, "principal-is-a-pattern"],
    [`ana cert-authority ${key}`, "cert-authority"],
    [`ana verify-required ${key}`, "option-unknown"],
    [`ana namespaces=file ${key}`, "namespaces-leave-out-statements"],
    [`ana namespaces="*@pointsman,!veto@*" ${key}`, "namespaces-leave-out-statements"],
    [`ana valid-after=20260101 ${key}`, "time-without-zone"],
    [`ana valid-after=20260230Z ${key}`, "time-malformed"],
    [`ana valid-after=tomorrow ${key}`, "time-malformed"],
    [`ana valid-after=20260101Z,valid-after=20260101Z ${key}`, "option-repeated"],
    [`ana valid-after=20260102Z,valid-before=20260101Z ${key}`, "never-valid"],
    [`ana ssh-ed25519-cert-v01@openssh.com AAAA`, "not-a-key"],
    [`ana ssh-dss AAAA`, "not-a-key"],
    [`ana namespaces="*@pointsman"`, "line-malformed"],
  ])("does not take %j: %s, and says where", (line, code) => {
    const { signers, findings } = readAllowedSigners(`# first\n${line}\nben ${other}\n`);
    expect(findings).toMatchObject([{ lineNumber: 2, code }]);
    expect(signers).toMatchObject([{ lineNumber: 3, principals: ["ben"] }]);
  });

  it("finds a key that two lines hold", () => {
    const { signers, findings } = readAllowedSigners(`ana ${key}\nben ${key} the same`);
    expect(signers).toHaveLength(1);
    expect(findings).toMatchObject([{ lineNumber: 2, code: "key-twice", says: expect.stringContaining("line 1") }]);
  });

  it("is refused as a whole beyond its limit", () => {
    expect(readAllowedSigners("#".repeat(1_048_577))).toMatchObject({ signers: [], findings: [{ lineNumber: 1 }] });
  });
});
