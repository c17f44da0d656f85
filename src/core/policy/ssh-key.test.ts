import { describe, expect, it } from "vitest";
import { concat, toBase64, utf8 } from "../../values/octets.ts";
import { sshString } from "../../values/ssh-wire.ts";
import { fingerprintOf, readPublicKey } from "./ssh-key.ts";

const blob = "AAAAC3NzaC1lZDI1NTE5AAAAIKQHqGqD4PbhlgzN5wzwseCc4HDUhYmG66sPZrV070F6";
const line = `ssh-ed25519 ${blob}`;

/** An RSA key of so many bits, of which only the first and the last are told. */
function rsa(bits: number, { exponent = [1, 0, 1], last = 1 } = {}): string {
  const modulus = new Uint8Array(Math.ceil(bits / 8)).fill(0x55);
  modulus[0] = 1 << ((bits - 1) % 8);
  modulus[modulus.length - 1] = last;
  return keyLine("ssh-rsa", Uint8Array.from(exponent), bits % 8 === 0 ? concat(Uint8Array.of(0), modulus) : modulus);
}

function ecdsa(curve: string, length: number, form = 4): string {
  return keyLine(`ecdsa-sha2-${curve}`, utf8(curve), Uint8Array.of(form, ...new Uint8Array(length - 1)));
}

function hardware(application: string): string {
  return keyLine("sk-ssh-ed25519@openssh.com", new Uint8Array(32), utf8(application));
}

function keyLine(type: string, ...parts: readonly Uint8Array[]): string {
  return `${type} ${toBase64(concat(sshString(utf8(type)), ...parts.map(sshString)))}`;
}

describe("a public key of a person", () => {
  it("is one line as ssh-keygen writes it, and has a normal form without its comment", () => {
    expect(readPublicKey(`ssh-ed25519   ${blob} ana`)).toEqual({ kind: "key", type: "ssh-ed25519", blob, line });
    expect(readPublicKey(line)).toMatchObject({ line });
  });

  it("has the fingerprint that ssh-keygen -l prints", () => {
    expect(fingerprintOf(`${line} ana`)).toBe("SHA256:dMWK64l1VcvcTu2ZOfuYbGUSzz8KBKn77ix1Cf6d2zE");
    expect(fingerprintOf("ssh-ed25519 AAAA")).toBeUndefined();
  });

  it.each([
    ["RSA of 3072 bits", rsa(3072)],
    ["RSA of 4096 bits with the exponent 3", rsa(4096, { exponent: [3] })],
    ["the curve nistp256", ecdsa("nistp256", 65)],
    ["the curve nistp384", ecdsa("nistp384", 97)],
    ["the curve nistp521", ecdsa("nistp521", 133)],
    ["a hardware key", hardware("ssh:")],
    ["a hardware key with a name", hardware("ssh:work")],
  ])("may be %s", (_, text) => expect(readPublicKey(text)).toMatchObject({ kind: "key", line: text }));

  it.each([
    ["nothing", "", "of the form"],
    ["its octets alone", blob, "of the form"],
    ["one of another type", `ssh-rsa ${blob}`, "not of type ssh-rsa"],
    ["a hardware key without its application", `sk-ssh-ed25519@openssh.com ${blob}`, "not of type"],
    ["one with a part missing", `ssh-ed25519 ${blob.slice(0, -4)}`, "lengths"],
    ["half of base64", `ssh-ed25519 ${blob.slice(0, -1)}`, "whole base64"],
    ["one with something after it", `ssh-ed25519 ${blob}AAAAAA==`, "lengths"],
    ["RSA of 2048 bits", rsa(2048), "RSA of 2048 bits, and 3072 is the least"],
    ["RSA of 3071 bits", rsa(3071), "RSA of 3071 bits"],
    ["RSA of 16385 bits", rsa(16_385), "16384 is the most"],
    ["RSA with the exponent 1", rsa(3072, { exponent: [1] }), "exponent"],
    ["RSA with an even exponent", rsa(3072, { exponent: [1, 0, 0] }), "exponent"],
    ["RSA with an exponent of 6 octets", rsa(3072, { exponent: [1, 0, 0, 0, 0, 1] }), "exponent"],
    ["RSA with a zero before its exponent", rsa(3072, { exponent: [0, 1, 0, 1] }), "form of an RSA key"],
    ["RSA with a negative exponent", rsa(3072, { exponent: [0x81] }), "form of an RSA key"],
    ["RSA with an even modulus", rsa(3072, { last: 2 }), "modulus"],
    ["a compressed point", ecdsa("nistp256", 65, 2), "curve nistp256"],
    ["a point of another curve", ecdsa("nistp256", 97), "curve nistp256"],
    ["a hardware key of a web page", hardware("https://example.com"), "another application than ssh:"],
    ["a certificate", `ssh-ed25519-cert-v01@openssh.com ${blob}`, "is a certificate"],
    ["an RSA certificate", `ssh-rsa-cert-v01@openssh.com ${blob}`, "is a certificate"],
    ["DSA", `ssh-dss ${blob}`, "DSA of 1024 bits"],
    ["a kind that nobody knows", `ssh-ed448 ${blob}`, "not one of ssh-ed25519, "],
  ])("is not %s", (_, text, why) => {
    expect(readPublicKey(text)).toMatchObject({ kind: "not-a-key", why: expect.stringContaining(why) });
  });
});
