import type { Sha256 } from "../../values/sha256.ts";
import type { Instant } from "../../values/time.ts";

/** What a public key is checked with. */
export type PersonKey =
  /** `line` is the OpenSSH public key: type and base64, without comment. */
  | { readonly method: "sshsig"; readonly line: string }
  /** A WebAuthn credential (W3C WebAuthn Level 3). `publicKey` is its COSE key; all base64. */
  | {
      readonly method: "webauthn";
      readonly credential: string;
      readonly publicKey: string;
      readonly relyingParty: string;
      readonly origin: string;
    };

/** A key that its holder has enrolled by a statement signed with it. */
export interface EnrolledKey {
  /** `SHA256:` and 43 characters of base64; of a passkey, over its COSE key. */
  readonly fingerprint: string;
  readonly person: string;
  readonly key: PersonKey;
  /** Hash of the statement that enrolled it. */
  readonly statement: Sha256;
  readonly at: Instant;
  /** From when on nothing that it signs is accepted; null: it stands. */
  readonly revokedAt: Instant | null;
}
