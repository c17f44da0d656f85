import { generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { namespaceOf, statementKinds } from "../../src/core/authority/statement.ts";
import { exportAllowedSigners } from "../../src/signatures/export-allowed-signers.ts";
import { sshSigner } from "../../src/signatures/signer.ts";
import { decodeSshsig, encodeSshsig, readArmour, sshsigSignedOctets } from "../../src/signatures/sshsig.ts";
import { statementVerifier } from "../../src/signatures/statement-verifier.ts";
import type { SignatureCheck } from "../../src/ports/statements.ts";
import { concat, fromBase64, toBase64, utf8 } from "../../src/values/octets.ts";
import { sshReader, sshString } from "../../src/values/ssh-wire.ts";
import { describeWithTools } from "../servers/available.ts";
import { hardwareKinds, softwareKey } from "./software-key.ts";
import {
  acceptedBySshKeygen,
  enrolled,
  makeKey,
  signedBySshKeygen,
  startAgent,
  temporaryFolder,
  type KeyFile,
  type RunningAgent,
} from "./ssh-keygen.ts";

const approve = "approve@pointsman";
const text = '{"kind":"approve","says":["Moves login from fra to iad — now."]}';
const verifier = statementVerifier();

function verify(signature: string, line: string, statement = text, namespace = approve): Promise<SignatureCheck> {
  const proof = { method: "sshsig", signature } as const;
  return verifier.verify({ statement, proof }, { method: "sshsig", line }, namespace);
}

function blobOf(armour: string): string {
  return toBase64(readArmour(armour) ?? new Uint8Array());
}

const kinds = [
  ["ed25519", 256],
  ["ecdsa", 256],
  ["ecdsa", 384],
  ["ecdsa", 521],
  ["rsa", 3072],
] as const;
const valid = { valid: true, userVerified: null };

describeWithTools(["/usr/bin/ssh-keygen"], "signatures by OpenSSH", () => {
  const { folder, remove } = temporaryFolder();
  const keys = new Map<string, KeyFile>();
  let agent: RunningAgent | undefined;
  const keyOf = (type: string, bits: number): KeyFile => {
    const key = keys.get(`${type}-${bits}`);
    if (key === undefined) throw new Error("it is made before");
    return key;
  };

  beforeAll(async () => {
    for (const [type, bits] of kinds) keys.set(`${type}-${bits}`, makeKey(folder, type, bits));
    agent = await startAgent(folder, [...keys.values()]);
  });

  afterAll(async () => {
    await agent?.stop();
    remove();
  });

  it.each(kinds)("%s %d: a file that ssh-keygen -Y sign wrote is accepted", async (type, bits) => {
    const key = keyOf(type, bits);
    for (const hash of ["sha256", "sha512"]) {
      const signature = blobOf(signedBySshKeygen(key, approve, text, hash));
      // oxlint-disable-next-line no-await-in-loop -- one hash after the other
      expect(await verify(signature, key.line)).toEqual(valid);
    }
  });

  it.each(kinds)(
    "%s %d: our signer signs by file and by agent, and ssh-keygen -Y verify accepts it",
    async (type, bits) => {
      const key = keyOf(type, bits);
      const signer = sshSigner(agent?.environment ?? {});
      const signers = exportAllowedSigners([...keys.values()].map(({ line }) => enrolled(line)));
      for (const source of [
        { kind: "file", file: key.file },
        { kind: "file", file: `${key.file}.pub` },
        { kind: "agent", line: key.line },
      ] as const) {
        const signature = await signer.sign(text, approve, source); // oxlint-disable-line no-await-in-loop -- one source after the other
        expect(await verify(signature, key.line)).toEqual(valid); // oxlint-disable-line no-await-in-loop -- as above
        const asked = { signers, person: "ana", namespace: approve, text, signature };
        expect(acceptedBySshKeygen(folder, asked)).toBe(true);
        expect(acceptedBySshKeygen(folder, { ...asked, text: `${text} ` })).toBe(false);
        expect(acceptedBySshKeygen(folder, { ...asked, person: "ben" })).toBe(false);
        expect(await signer.publicKey(source)).toBe(key.line); // oxlint-disable-line no-await-in-loop -- as above
      }
      expect(await signer.agentKeys()).toContain(key.line);
    },
  );

  it.each(statementKinds)("a statement of kind %s has a namespace that both verifiers keep apart", async (kind) => {
    const key = keyOf("ed25519", 256);
    const namespace = namespaceOf(kind);
    const signature = await sshSigner(process.env).sign(text, namespace, { kind: "file", file: key.file });
    const signers = exportAllowedSigners([enrolled(key.line)]);
    const asked = { signers, person: "ana", namespace, text, signature };
    expect(await verify(signature, key.line, text, namespace)).toEqual(valid);
    expect(acceptedBySshKeygen(folder, asked)).toBe(true);
    const other = namespaceOf(kind === "veto" ? "lift-veto" : "veto");
    expect(await verify(signature, key.line, text, other)).toMatchObject({ code: "signature-of-another-namespace" });
    expect(acceptedBySshKeygen(folder, { ...asked, namespace: other })).toBe(false);
  });

  it("a namespace that is no statement's is in no exported line", () => {
    const key = keyOf("ed25519", 256);
    const signature = blobOf(signedBySshKeygen(key, "file", text));
    const asked = { signers: exportAllowedSigners([enrolled(key.line)]), person: "ana", text, signature };
    expect(acceptedBySshKeygen(folder, { ...asked, namespace: "file" })).toBe(false);
  });

  it("refuses another key, other octets, what is no signature, and what a browser or DSA would sign", async () => {
    const [key, other] = [keyOf("ed25519", 256), keyOf("ecdsa", 256)];
    const signature = blobOf(signedBySshKeygen(key, approve, text));
    expect(await verify(signature, other.line)).toEqual({ valid: false, code: "signature-of-another-key" });
    expect(await verify(signature, key.line, `${text}\n`)).toEqual({ valid: false, code: "signature-wrong" });
    expect(await verify("", key.line)).toEqual({ valid: false, code: "signature-malformed" });
    expect(await verify(`${signature}=`, key.line)).toEqual({ valid: false, code: "signature-malformed" });
    expect(await verify(signature, "ssh-dss AAAA")).toEqual({ valid: false, code: "signature-key-unsupported" });
    const md5 = reSigned(signature, (parts) => ({ ...parts, hash: "md5" }));
    expect(await verify(md5, key.line)).toEqual({ valid: false, code: "signature-hash-unsupported" });
    const reserved = concat(fromBase64(signature) ?? new Uint8Array(), Uint8Array.of(0));
    expect(await verify(toBase64(reserved), key.line)).toEqual({ valid: false, code: "signature-malformed" });
  });

  it("refuses RSA of 2048 bits, and an RSA signature over SHA-1", async () => {
    const small = makeKey(folder, "rsa", 2048);
    const signature = blobOf(signedBySshKeygen(small, approve, text));
    expect(await verify(signature, small.line)).toEqual({ valid: false, code: "signature-key-unsupported" });
    const { line, signature: sha1 } = rsaOverSha1();
    expect(await verify(sha1, line)).toEqual({ valid: false, code: "signature-hash-unsupported" });
  });

  it.each(kinds)("%s %d: a signature has one form, and nothing hides within it", async (type, bits) => {
    const key = keyOf(type, bits);
    const whole = blobOf(signedBySshKeygen(key, approve, text));
    const zero = Uint8Array.of(0);
    const changes: readonly ((algorithm: Uint8Array, value: Uint8Array) => Uint8Array)[] = [
      (algorithm, value) => concat(sshString(algorithm), sshString(value), zero),
      (algorithm, value) => concat(sshString(algorithm), sshString(concat(value, zero))),
      (algorithm, value) => concat(sshString(algorithm), sshString(concat(zero, value))),
      (algorithm, value) => concat(sshString(algorithm), sshString(longerNumber(value))),
    ];
    for (const change of changes) {
      const signature = reSigned(whole, (parts) => {
        const reader = sshReader(parts.signature);
        const [algorithm, value] = [reader.string(), reader.string()];
        return { ...parts, signature: change(algorithm ?? zero, value ?? zero) };
      });
      // oxlint-disable-next-line no-await-in-loop -- one change after the other
      expect(await verify(signature, key.line)).toEqual({ valid: false, code: "signature-malformed" });
    }
  });

  it.each(kinds)("%s %d: no altered or truncated signature verifies, and none is an exception", async (type, bits) => {
    const key = keyOf(type, bits);
    const octets = fromBase64(blobOf(signedBySshKeygen(key, approve, text))) ?? new Uint8Array();
    const altered = fc
      .tuple(fc.nat(octets.length - 1), fc.integer({ min: 1, max: 255 }))
      .map(([at, flip]) => octets.map((octet, index) => (index === at ? octet ^ flip : octet)));
    const truncated = fc.nat(octets.length - 1).map((length) => octets.slice(0, length));
    const extended = fc.uint8Array({ minLength: 1, maxLength: 8 }).map((more) => concat(octets, more));
    await fc.assert(
      fc.asyncProperty(fc.oneof(altered, truncated, extended), async (changed) => {
        expect(await verify(toBase64(changed), key.line)).toMatchObject({ valid: false });
      }),
      { numRuns: 300 },
    );
  });
});

describeWithTools(["/usr/bin/ssh-keygen"], "signatures by hardware keys", () => {
  const { folder, remove } = temporaryFolder();
  afterAll(remove);

  it.each(hardwareKinds)("%s: an untouched key is refused, which ssh-keygen does not see", async (kind) => {
    const key = softwareKey(kind);
    const untouched = key.sign(text, approve, { flags: 0 });
    expect(await verify(untouched, key.line)).toEqual({ valid: false, code: "user-not-present" });
    expect(await verify(key.sign(text, approve, { flags: 4 }), key.line)).toMatchObject({ code: "user-not-present" });
    expect(await verify(key.sign(text, approve, { flags: 1 }), key.line)).toEqual({ valid: true, userVerified: false });
    expect(await verify(key.sign(text, approve, { flags: 5 }), key.line)).toEqual({ valid: true, userVerified: true });
    const signers = exportAllowedSigners([enrolled(key.line)]);
    for (const flags of [0, 1, 5]) {
      const asked = { signers, person: "ana", namespace: approve, text, signature: key.sign(text, approve, { flags }) };
      expect(acceptedBySshKeygen(folder, asked)).toBe(true);
    }
  });

  it.each(hardwareKinds)("%s: flags, counter and application are signed", async (kind) => {
    const key = softwareKey(kind, "ssh:work");
    const signature = key.sign(text, approve, { flags: 1 });
    const touched = reSigned(key.sign(text, approve, { flags: 0 }), (parts) => ({
      ...parts,
      signature: parts.signature.with(parts.signature.length - 5, 1),
    }));
    const counted = reSigned(signature, (parts) => ({
      ...parts,
      signature: parts.signature.with(parts.signature.length - 1, 9),
    }));
    expect(await verify(signature, key.line)).toMatchObject({ valid: true });
    expect(await verify(touched, key.line)).toEqual({ valid: false, code: "signature-wrong" });
    expect(await verify(counted, key.line)).toEqual({ valid: false, code: "signature-wrong" });
    const elsewhere = key.sign(text, approve, { flags: 1, application: "https://example.com" });
    expect(await verify(elsewhere, key.line)).toEqual({ valid: false, code: "signature-wrong" });
    const foreign = softwareKey(kind, "https://example.com");
    expect(await verify(foreign.sign(text, approve, { flags: 1 }), foreign.line)).toMatchObject({
      code: "signature-key-unsupported",
    });
  });

  it.each(hardwareKinds)("%s: no altered signature verifies, and ssh-keygen says the same of each", async (kind) => {
    const key = softwareKey(kind);
    const octets = fromBase64(key.sign(text, approve, { flags: 5 })) ?? new Uint8Array();
    const signers = exportAllowedSigners([enrolled(key.line)]);
    await fc.assert(
      fc.asyncProperty(fc.nat(octets.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const signature = toBase64(octets.map((octet, index) => (index === at ? octet ^ flip : octet)));
        expect(await verify(signature, key.line)).toMatchObject({ valid: false });
        expect(acceptedBySshKeygen(folder, { signers, person: "ana", namespace: approve, text, signature })).toBe(
          false,
        );
      }),
      { numRuns: 60 },
    );
  });
});

type Parts = NonNullable<ReturnType<typeof decodeSshsig>>;

function reSigned(signature: string, change: (parts: Parts) => Parts): string {
  const parts = decodeSshsig(fromBase64(signature) ?? new Uint8Array());
  if (parts === undefined) throw new Error("it is a signature");
  return toBase64(encodeSshsig(change(parts)));
}

/** The first of two numbers with a zero more before it than it needs (RFC 4251 §5). */
function longerNumber(value: Uint8Array): Uint8Array {
  const reader = sshReader(value);
  const [r = value, s = new Uint8Array()] = [reader.string(), reader.string()];
  return concat(sshString(concat(Uint8Array.of(0), r)), sshString(s));
}

/** An RSA key of 3072 bits, and a signature by it as OpenSSH made them before RFC 8332. */
function rsaOverSha1(): { readonly line: string; readonly signature: string } {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 3072 });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const [modulus, exponent] = [n, e].map((number) => Uint8Array.fromBase64(number, { alphabet: "base64url" }));
  const blob = concat(
    sshString(utf8("ssh-rsa")),
    sshString(exponent ?? new Uint8Array()),
    sshString(concat(Uint8Array.of(0), modulus ?? new Uint8Array())),
  );
  const value = sign("sha1", sshsigSignedOctets(approve, "sha512", utf8(text)), privateKey);
  const signature = concat(sshString(utf8("ssh-rsa")), sshString(value));
  return {
    line: `ssh-rsa ${toBase64(blob)}`,
    signature: toBase64(encodeSshsig({ publicKey: blob, namespace: approve, hash: "sha512", signature })),
  };
}
