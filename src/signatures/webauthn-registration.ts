import { z } from "zod";
import type { PersonKey } from "../core/authority/keys.ts";
import { passkeyKind } from "../core/authority/passkey-kind.ts";
import { fingerprintOfOctets } from "../core/policy/ssh-key.ts";
import type { SignatureFault } from "../ports/statements.ts";
import { toBase64 } from "../values/octets.ts";
import { passkeyAlgorithms } from "./cose-key.ts";
import { ceremonyFault, fromBase64Url, toBase64Url, type Ceremony } from "./webauthn-checks.ts";

/** A new passkey, or why it is not taken. It counts only once its holder has signed `enrol` with it. */
export type Registration =
  | {
      readonly kind: "registered";
      readonly key: PersonKey;
      /** `SHA256:` and 43 characters of base64, over the COSE key. */
      readonly fingerprint: string;
      readonly userVerified: boolean;
    }
  | { readonly kind: "refused"; readonly code: SignatureFault | "attestation-unsupported" };

const credentialForm = z.looseObject({
  id: z.string().min(1).max(2048),
  rawId: z.string(),
  type: z.literal("public-key"),
  response: z.looseObject({ clientDataJSON: z.string(), attestationObject: z.string().max(65_536) }),
});
type Credential = z.infer<typeof credentialForm>;

/**
 * Takes what a browser gives for `navigator.credentials.create` (`PublicKeyCredential.toJSON()`): WebAuthn Level 3 §7.1,
 * with attestation `none`, or `packed` by the key itself. Certificates of makers are not taken, since whether they stand
 * could only be asked over the network. Ask with {@link passkeyAlgorithms}. Never rejects.
 */
export async function checkRegistration(credential: unknown, asked: Omit<Ceremony, "type">): Promise<Registration> {
  const read = credentialForm.safeParse(credential);
  if (!read.success) return refused("signature-malformed");
  try {
    return await check(read.data, { ...asked, type: "webauthn.create" });
  } catch {
    return refused("signature-malformed");
  }
}

/** @throws Error of the library's, when the response is malformed. */
async function check(credential: Credential, asked: Ceremony): Promise<Registration> {
  const { id, rawId, response } = credential;
  const { attestationObject, clientDataJSON } = response;
  const clientData = fromBase64Url(clientDataJSON);
  const attestation = fromBase64Url(attestationObject);
  if (clientData === undefined || attestation === undefined) return refused("signature-malformed");
  // It brings X.509 and CBOR, which those who have no passkeys need not load.
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
  const { decodeAttestationObject } = await import("@simplewebauthn/server/helpers");
  const decoded = decodeAttestationObject(new Uint8Array(attestation));
  const format = decoded.get("fmt");
  const byItself = format === "packed" && decoded.get("attStmt").get("x5c") === undefined;
  if (format !== "none" && !byItself) return refused("attestation-unsupported");
  const fault = ceremonyFault(asked, clientData, decoded.get("authData"));
  if (fault !== undefined) return refused(fault);
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: {
      id,
      rawId,
      type: "public-key",
      clientExtensionResults: {},
      response: { clientDataJSON, attestationObject },
    },
    expectedChallenge: toBase64Url(asked.challenge),
    expectedOrigin: asked.origin,
    expectedRPID: asked.relyingParty,
    requireUserVerification: false,
    supportedAlgorithmIDs: [...passkeyAlgorithms],
  });
  if (!verified) return refused("signature-wrong");
  const octets = registrationInfo.credential.publicKey;
  const credentialId = fromBase64Url(registrationInfo.credential.id);
  if (passkeyKind(octets) === undefined) return refused("signature-key-unsupported");
  if (credentialId === undefined || registrationInfo.credential.id !== id) return refused("signature-malformed");
  return {
    kind: "registered",
    key: {
      method: "webauthn",
      credential: toBase64(credentialId),
      publicKey: toBase64(octets),
      relyingParty: asked.relyingParty,
      origin: asked.origin,
    },
    fingerprint: fingerprintOfOctets(octets),
    userVerified: registrationInfo.userVerified,
  };
}

function refused(code: SignatureFault | "attestation-unsupported"): Registration {
  return { kind: "refused", code };
}
