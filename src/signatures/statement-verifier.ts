import type { SignatureCheck, SignatureFault, StatementVerifier } from "../ports/statements.ts";
import { equalOctets, fromBase64, utf8 } from "../values/octets.ts";
import { sshPublicKeys, type SshPublicKey } from "./ssh-public-key.ts";
import { checkSshSignature } from "./ssh-signature.ts";
import { decodeSshsig, sshsigHashes, sshsigSignedOctets } from "./sshsig.ts";
import { checkAssertion } from "./webauthn-assertion.ts";

/** Checks SSHSIG (OpenSSH PROTOCOL.sshsig) and WebAuthn (Level 3) signatures by the cryptography of Node. */
export function statementVerifier(): StatementVerifier {
  const keyOf = sshPublicKeys();
  return {
    verify: async (signed, key, namespace) => {
      if (!isWhole(signed.statement)) return refused("signature-malformed");
      if (key.method === "sshsig" && signed.proof.method === "sshsig") {
        const publicKey = keyOf(key.line);
        return publicKey === undefined
          ? refused("signature-key-unsupported")
          : checkSshsig(signed.statement, signed.proof.signature, publicKey, namespace);
      }
      if (key.method === "webauthn" && signed.proof.method === "webauthn")
        return checkAssertion(signed.statement, signed.proof, key);
      return refused("signature-of-another-key");
    },
  };
}

/** All that is cheap first: key, namespace and hash are compared before anything is computed. */
async function checkSshsig(
  statement: string,
  signature: string,
  key: SshPublicKey,
  namespace: string,
): Promise<SignatureCheck> {
  const octets = fromBase64(signature);
  const parts = octets === undefined ? undefined : decodeSshsig(octets);
  if (parts === undefined) return refused("signature-malformed");
  if (!equalOctets(parts.publicKey, key.blob)) return refused("signature-of-another-key");
  if (parts.namespace !== namespace) return refused("signature-of-another-namespace");
  const hashName = sshsigHashes.find((name) => name === parts.hash);
  if (hashName === undefined) return refused("signature-hash-unsupported");
  return checkSshSignature(key, parts.signature, sshsigSignedOctets(namespace, hashName, utf8(statement)));
}

// A lone surrogate would be signed as U+FFFD, and so two texts would have one signature.
function isWhole(statement: string): boolean {
  return statement.isWellFormed();
}

function refused(code: SignatureFault): SignatureCheck {
  return { valid: false, code };
}
