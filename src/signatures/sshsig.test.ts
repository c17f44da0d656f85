import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat, equalOctets, toBase64, utf8 } from "../values/octets.ts";
import { sshString, sshUint32 } from "../values/ssh-wire.ts";
import { decodeSshsig, encodeSshsig, readArmour, writeArmour } from "./sshsig.ts";
import { statementVerifier } from "./statement-verifier.ts";

// Written by OpenSSH 9.2: `echo hi > m; ssh-keygen -Y sign -f k -n approve@pointsman m`.
const line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKQHqGqD4PbhlgzN5wzwseCc4HDUhYmG66sPZrV070F6";
const file = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgpAeoaoPg9uGWDM3nDPCx4JzgcN
SFiYbrqw9mtXTvQXoAAAARYXBwcm92ZUBwb2ludHNtYW4AAAAAAAAABnNoYTUxMgAAAFMA
AAALc3NoLWVkMjU1MTkAAABAuff/E3EM5ovCnrHGX9V1PMXMYQXqk758s61NlWaFzPZ0fh
ElLo32jz1LaIH3y5cKyjIhq4e7VzX+wfzZdeavBg==
-----END SSH SIGNATURE-----
`;
const blob = readArmour(file) ?? new Uint8Array();

function written({ magic = "SSHSIG", version = 1, namespace = "approve@pointsman", reserved = "" }): Uint8Array {
  const texts = [namespace, reserved, "sha512", "signature"].map((text) => sshString(utf8(text)));
  return concat(utf8(magic), sshUint32(version), sshString(utf8("key")), ...texts);
}

describe("an SSH signature", () => {
  it("that OpenSSH made is accepted without OpenSSH", async () => {
    const proof = { method: "sshsig", signature: toBase64(blob) } as const;
    const check = (statement: string) =>
      statementVerifier().verify({ statement, proof }, { method: "sshsig", line }, "approve@pointsman");
    expect(await check("hi\n")).toEqual({ valid: true, userVerified: null });
    // A lone surrogate has no UTF-8: it would be signed as another text.
    expect(await check("\ud800")).toEqual({ valid: false, code: "signature-malformed" });
    expect(await check("hi")).toEqual({ valid: false, code: "signature-wrong" });
  });

  it("is written as it was read, octet for octet", () => {
    const parts = decodeSshsig(blob);
    expect(parts).toMatchObject({ namespace: "approve@pointsman", hash: "sha512" });
    expect(parts && equalOctets(encodeSshsig(parts), blob)).toBe(true);
    expect(writeArmour(blob)).toBe(file);
  });

  it("may come by mail: other line ends, blank space around it", () => {
    expect(readArmour(`\r\n${file.replaceAll("\n", "\r\n")}\r\n `)).toEqual(blob);
  });

  it.each([
    ["another magic", { magic: "SSHSIH" }],
    ["a later version", { version: 2 }],
    ["version 0", { version: 0 }],
    ["no namespace", { namespace: "" }],
    ["something reserved", { reserved: "x" }],
  ])("with %s is not read", (_, change) => {
    expect(decodeSshsig(written({}))).toBeDefined();
    expect(decodeSshsig(written(change))).toBeUndefined();
  });

  it.each([
    ["nothing", ""],
    ["a header alone", "-----BEGIN SSH SIGNATURE-----"],
    ["no footer", file.replace("-----END SSH SIGNATURE-----", "")],
    ["text before it", `hello\n${file}`],
    ["another kind", file.replaceAll("SSH SIGNATURE", "PGP SIGNATURE")],
    ["base64 with a hole", file.replace("U1NI", "U1N")],
    ["more than any signature", `-----BEGIN SSH SIGNATURE-----\n${"A".repeat(20_000)}\n-----END SSH SIGNATURE-----`],
  ])("is not in a file with %s", (_, text) => expect(readArmour(text)).toBeUndefined());

  it("is read from any octets without an exception, and only what is whole is one", () => {
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.uint8Array({ maxLength: 40 }), (length, more) => {
        expect(decodeSshsig(blob.subarray(0, length))).toBeUndefined();
        expect(() => decodeSshsig(concat(blob.subarray(0, length), more))).not.toThrow();
      }),
    );
  });
});
