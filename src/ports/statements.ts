import type { PersonKey } from "../core/authority/keys.ts";
import type { SignedStatement } from "../core/authority/statement.ts";
import type { Sha256 } from "../values/sha256.ts";
import type { Instant } from "../values/time.ts";

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
  | "signature-hash-unsupported"
  | "signature-key-unsupported"
  | "user-not-present"
  | "challenge-differs"
  | "relying-party-differs"
  | "origin-differs"
  | "signature-wrong";

/** Where a statement came in. Limits go by it, never by the person or the key that a statement claims. */
export interface StatementSource {
  /** Each has a queue of its own, so that what floods one holds up no other. */
  readonly lane: StatementLane;
  /** Whoever shares a limit: an address of the listener; one word for all of the socket or of the folder. */
  readonly from: string;
}

const statementLanes = ["socket", "folder", "listener"] as const;
export type StatementLane = (typeof statementLanes)[number];

/** What opens the commitment to a reason, as its signer made it. */
export interface ReasonOpening {
  /** 32 octets. */
  readonly salt: Uint8Array;
  readonly value: Uint8Array;
}

/** What came in since the start: accepted, or refused with a code. */
export interface StatementCount {
  readonly lane: StatementLane;
  /** Null: accepted. */
  readonly code: string | null;
  readonly count: number;
}

/** What a statement names of the installation, as it stands now. */
export interface StatementBasis {
  readonly now: Instant;
  readonly installation: Sha256;
  readonly policy: { readonly version: number; readonly hash: Sha256 };
  /** The journal's durable head. */
  readonly log: { readonly size: number; readonly root: Sha256 };
}
