import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { PersonKey } from "../../src/core/authority/keys.ts";
import type { Proof } from "../../src/core/authority/statement.ts";
import { statementVerifier } from "../../src/signatures/statement-verifier.ts";
import { proofOfAssertion, statementChallenge } from "../../src/signatures/webauthn-assertion.ts";
import { checkRegistration, type Registration } from "../../src/signatures/webauthn-registration.ts";
import { fromBase64, toBase64, utf8 } from "../../src/values/octets.ts";
import { passkeyKinds, softwarePasskey, type Said, type SoftwarePasskey } from "./software-passkey.ts";

const statement = '{"kind":"approve","says":["Moves login from fra to iad."]}';
const challenge = statementChallenge(statement);
const namespace = "approve@pointsman";
const verifier = statementVerifier();

/** What a registration is asked with: a challenge that is not a statement's. */
const asked = utf8("0123456789abcdef");

function registered(passkey: SoftwarePasskey, said: Partial<Said> = {}): Promise<Registration> {
  const { relyingParty, origin } = passkey;
  const credential = passkey.register({ challenge: asked, ...said });
  return checkRegistration(credential, { challenge: asked, relyingParty, origin });
}

async function keyOf(passkey: SoftwarePasskey): Promise<PersonKey> {
  const registration = await registered(passkey);
  if (registration.kind === "refused") throw new Error(registration.code);
  return registration.key;
}

function proofBy(passkey: SoftwarePasskey, said: Partial<Said> = {}): Proof {
  const proof = proofOfAssertion(passkey.assertion({ challenge, ...said }));
  if (proof === undefined) throw new Error("it is an assertion");
  return proof;
}

describe.each(passkeyKinds)("a passkey of kind %s", (kind) => {
  const passkey = softwarePasskey(kind);

  it("is registered without attestation and without the network, and has a fingerprint of its key", async () => {
    const network = vi.spyOn(globalThis, "fetch");
    const registration = await registered(passkey, { flags: 5 });
    expect(registration).toMatchObject({
      kind: "registered",
      key: { method: "webauthn", relyingParty: passkey.relyingParty, origin: passkey.origin },
      fingerprint: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
      userVerified: true,
    });
    expect(await registered(passkey)).toMatchObject({ userVerified: false });
    expect(await registered(passkey, { attestation: "itself" })).toMatchObject({ kind: "registered" });
    expect(await registered(passkey, { attestation: "maker" })).toEqual({
      kind: "refused",
      code: "attestation-unsupported",
    });
    expect(network).not.toHaveBeenCalled();
    network.mockRestore();
  });

  it.each<[string, Partial<Said>]>([
    ["challenge-differs", { challenge: utf8("another") }],
    ["origin-differs", { origin: "https://pointsman.example.com" }],
    ["origin-differs", { crossOrigin: true }],
    ["relying-party-differs", { relyingParty: "example.org" }],
    ["signature-of-another-namespace", { type: "webauthn.get" }],
    ["user-not-present", { flags: 4 }],
  ])("is not registered: %s", async (code, said) => {
    expect(await registered(passkey, said)).toEqual({ kind: "refused", code });
  });

  it("signs a statement by its hash, whatever its counter says", async () => {
    const key = await keyOf(passkey);
    for (const [flags, userVerified] of [
      [1, false],
      [5, true],
    ] as const) {
      for (const counter of [9, 3, 0]) {
        const proof = proofBy(passkey, { flags, counter });
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        expect(await verifier.verify({ statement, proof }, key, namespace)).toEqual({ valid: true, userVerified });
      }
    }
  });

  it.each<[string, Partial<Said>]>([
    ["challenge-differs", { challenge: statementChallenge(`${statement} `) }],
    ["challenge-differs", { challenge: utf8(statement) }],
    ["origin-differs", { origin: "http://pointsman.example.org" }],
    ["origin-differs", { crossOrigin: true }],
    ["relying-party-differs", { relyingParty: "evil.example.org" }],
    ["signature-of-another-namespace", { type: "webauthn.create" }],
    ["user-not-present", { flags: 0 }],
    ["user-not-present", { flags: 4 }],
    // Backed up, and not able to be: WebAuthn Level 3 §6.1.
    ["signature-malformed", { flags: 0x11 }],
  ])("refuses an assertion: %s", async (code, said) => {
    const proof = proofBy(passkey, said);
    const check = await verifier.verify({ statement, proof }, await keyOf(passkey), namespace);
    expect(check).toEqual({ valid: false, code });
  });

  it("refuses what another passkey, another method or an unknown kind of key signed", async () => {
    const key = await keyOf(passkey);
    const proof = proofBy(softwarePasskey(kind));
    expect(await verifier.verify({ statement, proof }, key, namespace)).toEqual({
      valid: false,
      code: "signature-wrong",
    });
    const byMethod = await verifier.verify({ statement, proof: { method: "sshsig", signature: "" } }, key, namespace);
    expect(byMethod).toEqual({ valid: false, code: "signature-of-another-key" });
    const { relyingParty, origin } = passkey;
    const unknown = { method: "webauthn", credential: "AA==", publicKey: "oA==", relyingParty, origin } as const;
    expect(await verifier.verify({ statement, proof: proofBy(passkey) }, unknown, namespace)).toEqual({
      valid: false,
      code: "signature-key-unsupported",
    });
  });

  it("no altered or truncated assertion verifies, and none is an exception", async () => {
    const key = await keyOf(passkey);
    const whole = proofBy(passkey);
    const members = ["authenticatorData", "clientData", "signature"] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...members),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        async (member, place, flip) => {
          if (whole.method !== "webauthn") throw new Error("it is a passkey's");
          const octets = fromBase64(whole[member]) ?? new Uint8Array();
          const at = place % octets.length;
          const changed = flip === 0 ? octets.slice(0, at) : octets.with(at, (octets[at] ?? 0) ^ flip);
          const proof = { ...whole, [member]: toBase64(changed) };
          expect(await verifier.verify({ statement, proof }, key, namespace)).toMatchObject({ valid: false });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("what is no passkey's answer", () => {
  it.each([undefined, null, 1, "x", [], {}, { response: {} }, { id: "a", rawId: "a", type: "public-key" }])(
    "is refused: %j",
    async (credential) => {
      expect(proofOfAssertion(credential)).toBeUndefined();
      expect(await checkRegistration(credential, { challenge: asked, relyingParty: "x", origin: "https://x" })).toEqual(
        {
          kind: "refused",
          code: "signature-malformed",
        },
      );
    },
  );

  it("an answer whose attestation is no CBOR is refused", async () => {
    const passkey = softwarePasskey("ES256");
    const { relyingParty, origin } = passkey;
    const whole = JSON.stringify(passkey.register({ challenge: asked }));
    await fc.assert(
      fc.asyncProperty(fc.base64String({ maxLength: 400 }), async (text) => {
        const credential: unknown = JSON.parse(whole, (name, value: unknown) =>
          name === "attestationObject" ? text.replace(/[+/=]/g, "_") : value,
        );
        const registration = await checkRegistration(credential, { challenge: asked, relyingParty, origin });
        expect(registration.kind).toBe("refused");
      }),
    );
  });
});
