import { z } from "zod";
import type { PersonKey } from "../core/authority/keys.ts";
import { passkeyKind } from "../core/authority/passkey-kind.ts";
import type { Proof } from "../core/authority/statement.ts";
import type { SignatureCheck, SignatureFault } from "../ports/statements.ts";
import { fromBase64, fromHex, toBase64, utf8 } from "../values/octets.ts";
import { sha256 } from "../values/sha256.ts";
import { isDerSignature } from "./cose-key.ts";
import { ceremonyFault, fromBase64Url, toBase64Url, type Ceremony } from "./webauthn-checks.ts";

type Passkey = Extract<PersonKey, { method: "webauthn" }>;
type Assertion = Extract<Proof, { method: "webauthn" }>;

/** The challenge that a passkey signs for a statement: SHA-256 of the statement's octets. */
export function statementChallenge(statement: string): Uint8Array {
  return fromHex(sha256(utf8(statement))) ?? new Uint8Array();
}

/**
 * Whether the passkey signed the statement's hash on its own page with its user present (WebAuthn Level 3 §7.2). Whether
 * the user was verified is reported. The signature counter is trusted for nothing: synced passkeys keep it at zero.
 */
export async function checkAssertion(statement: string, proof: Assertion, key: Passkey): Promise<SignatureCheck> {
  const [authenticatorData, clientData, signature, credential, publicKey] = [
    proof.authenticatorData,
    proof.clientData,
    proof.signature,
    key.credential,
    key.publicKey,
  ].map(fromBase64);
  const kind = publicKey === undefined ? undefined : passkeyKind(publicKey);
  if (publicKey === undefined || credential === undefined || kind === undefined)
    return refused("signature-key-unsupported");
  if (authenticatorData === undefined || clientData === undefined || signature === undefined)
    return refused("signature-malformed");
  if (kind === "ES256" && !isDerSignature(signature)) return refused("signature-malformed");
  const asked: Ceremony = {
    type: "webauthn.get",
    challenge: statementChallenge(statement),
    relyingParty: key.relyingParty,
    origin: key.origin,
  };
  const fault = ceremonyFault(asked, clientData, authenticatorData);
  if (fault !== undefined) return refused(fault);
  // It brings X.509 and CBOR, which those who have no passkeys need not load.
  const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
  const id = toBase64Url(credential);
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: "public-key",
        clientExtensionResults: {},
        response: {
          authenticatorData: toBase64Url(authenticatorData),
          clientDataJSON: toBase64Url(clientData),
          signature: toBase64Url(signature),
        },
      },
      expectedChallenge: toBase64Url(asked.challenge),
      expectedOrigin: asked.origin,
      expectedRPID: asked.relyingParty,
      credential: { id, publicKey, counter: 0 },
      requireUserVerification: false,
    });
    return verified ? { valid: true, userVerified: authenticationInfo.userVerified } : refused("signature-wrong");
  } catch {
    return refused("signature-malformed");
  }
}

/** Loads what checks passkeys, half a second's work, so that the first approval need not wait for it. */
export async function loadPasskeys(): Promise<void> {
  await import("@simplewebauthn/server");
}

const assertionForm = z.looseObject({
  response: z.looseObject({ authenticatorData: z.string(), clientDataJSON: z.string(), signature: z.string() }),
});

/** The proof in what a browser gives (`PublicKeyCredential.toJSON()`, WebAuthn Level 3 §5.1); `undefined` when it is none. */
export function proofOfAssertion(credential: unknown): Assertion | undefined {
  const read = assertionForm.safeParse(credential);
  if (!read.success) return undefined;
  const { response } = read.data;
  const [authenticatorData, clientData, signature] = [
    response.authenticatorData,
    response.clientDataJSON,
    response.signature,
  ].map(fromBase64Url);
  if (authenticatorData === undefined || clientData === undefined || signature === undefined) return undefined;
  return {
    method: "webauthn",
    authenticatorData: toBase64(authenticatorData),
    clientData: toBase64(clientData),
    signature: toBase64(signature),
  };
}

function refused(code: SignatureFault): SignatureCheck {
  return { valid: false, code };
}
