import { afterAll, expect, it } from "vitest";
import { exportAllowedSigners } from "../../src/signatures/export-allowed-signers.ts";
import { readAllowedSigners } from "../../src/signatures/read-allowed-signers.ts";
import { readArmour } from "../../src/signatures/sshsig.ts";
import { toBase64 } from "../../src/values/octets.ts";
import { describeWithTools } from "../servers/available.ts";
import { acceptedBySshKeygen, enrolled, makeKey, signedBySshKeygen, temporaryFolder, timeOf } from "./ssh-keygen.ts";

const namespace = "approve@pointsman";
const text = '{"kind":"approve"}';

describeWithTools(["/usr/bin/ssh-keygen"], "the exported allowed_signers file", () => {
  const { folder, remove } = temporaryFolder();
  const key = makeKey(folder, "ed25519");
  const signature = toBase64(readArmour(signedBySshKeygen(key, namespace, text)) ?? new Uint8Array());
  afterAll(remove);

  const acceptedAt = (signers: string, time: string) =>
    acceptedBySshKeygen(folder, { signers, person: "ana", namespace, text, signature, time });

  it("accepts a key from its enrolment until its revocation, for whoever checks years later", () => {
    const signers = exportAllowedSigners([
      enrolled(key.line, {
        at: timeOf("2026-03-01T10:00:00.700Z"),
        revokedAt: timeOf("2026-06-30T12:00:00.500Z"),
      }),
    ]);
    expect(acceptedAt(signers, "20260301095959Z")).toBe(false);
    expect(acceptedAt(signers, "20260301100000Z")).toBe(true);
    expect(acceptedAt(signers, "20260630120000Z")).toBe(true);
    expect(acceptedAt(signers, "20260630120001Z")).toBe(false);
  });

  it("refuses the very second in which a key was revoked on the second", () => {
    const revokedAt = timeOf("2026-06-30T12:00:00Z");
    const signers = exportAllowedSigners([enrolled(key.line, { revokedAt })]);
    expect(acceptedAt(signers, "20260630115959Z")).toBe(true);
    expect(acceptedAt(signers, "20260630120000Z")).toBe(false);
  });

  it("says the same in every time zone", () => {
    const before = process.env["TZ"];
    const signers = exportAllowedSigners([enrolled(key.line, { revokedAt: timeOf("2026-06-30T12:00:00Z") })]);
    try {
      for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
        process.env["TZ"] = zone;
        expect(acceptedAt(signers, "20260630115959Z")).toBe(true);
        expect(acceptedAt(signers, "20260630120000Z")).toBe(false);
      }
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
  });

  it("keeps the other lines good when it cannot say one", () => {
    const at = timeOf("2026-03-01T10:00:00Z");
    const shortLived = enrolled(makeKey(folder, "ecdsa").line, { person: "ben", at, revokedAt: at });
    const renamed = enrolled(makeKey(folder, "ecdsa").line, { person: "*,!eve" });
    const passkey = {
      ...shortLived,
      person: "chi",
      key: { method: "webauthn", credential: "AA==", publicKey: "AA==", relyingParty: "x", origin: "https://x" },
    } as const;
    const signers = exportAllowedSigners([shortLived, renamed, passkey, enrolled(key.line)]);
    expect(acceptedAt(signers, "20260630115959Z")).toBe(true);
    const { signers: read, findings } = readAllowedSigners(signers);
    expect(read.map(({ principals }) => principals)).toEqual([["ana"]]);
    expect(findings).toEqual([]);
  });

  it("is read back as it was written", () => {
    const revokedAt = timeOf("2026-06-30T12:00:00Z");
    const { signers, findings } = readAllowedSigners(exportAllowedSigners([enrolled(key.line, { revokedAt })]));
    expect(findings).toEqual([]);
    expect(signers).toMatchObject([
      {
        principals: ["ana"],
        line: key.line,
        fingerprint: enrolled(key.line).fingerprint,
        validAfter: timeOf("2026-01-01T00:00:00Z"),
        validBefore: timeOf("2026-06-30T11:59:59Z"),
      },
    ]);
  });
});
