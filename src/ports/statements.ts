import type { PersonKey } from "../core/authority/keys.ts";
import type { SignedStatement } from "../core/authority/statement.ts";

/** Checks signatures of statements; no state, no authority. Costly: called after all that is cheap has held. */
export interface StatementVerifier {
  /**
   * Whether `key` made `signed.proof` over exactly the octets of `signed.statement`, for `namespace` (SSHSIG) or with their
   * SHA-256 as the challenge (WebAuthn), with the user present. Never rejects.
   */
  verify(signed: SignedStatement, key: PersonKey, namespace: string): Promise<SignatureCheck>;
}

export type SignatureCheck =
  | {
      readonly valid: true;
      /** Of hardware keys and passkeys: a finger or a PIN was asked for. Null: the key kind does not say. */
      readonly userVerified: boolean | null;
    }
  | { readonly valid: false; readonly code: SignatureFault };

export type SignatureFault =
  | "signature-malformed"
  | "signature-of-another-key"
  | "signature-of-another-namespace"
  | "signature-of-other-octets"
  | "signature-hash-unsupported"
  | "signature-key-unsupported"
  | "user-not-present"
  | "challenge-differs"
  | "relying-party-differs"
  | "origin-differs"
  | "signature-wrong";
