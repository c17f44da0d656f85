import type { Commitment } from "../../values/commitment.ts";
import type { Sha256 } from "../../values/sha256.ts";
import type { EnrolledKey } from "./keys.ts";
import type { BreakGlass, Delegation, Dispute, PolicyProposal, PolicyWord, Recovery, Review } from "./state.ts";
import type { Signer } from "./word.ts";

/** Events of the stream `people`. JSON through and through; meanings never change. */
export type PeopleEvent =
  | { readonly type: "key-enrolled"; readonly key: Omit<EnrolledKey, "at" | "revokedAt"> }
  /** Everybody of the policy is enrolled: from now on people's words are signed, for good. */
  | { readonly type: "installation-signed" }
  | { readonly type: "key-revocation-asked"; readonly fingerprint: string; readonly by: Signer }
  | { readonly type: "key-revoked"; readonly fingerprint: string; readonly by: readonly Signer[] }
  | { readonly type: "delegation-given"; readonly delegation: Delegation }
  | { readonly type: "delegation-withdrawn"; readonly delegation: string; readonly by: Signer }
  | { readonly type: "break-glass-asked"; readonly grant: BreakGlass }
  | { readonly type: "break-glass-signed"; readonly grant: string; readonly by: Signer; readonly granted: boolean }
  | { readonly type: "break-glass-withdrawn"; readonly grant: string; readonly by: Signer }
  | { readonly type: "break-glass-used"; readonly grant: string; readonly failover: string }
  | { readonly type: "review-opened"; readonly review: Review }
  | { readonly type: "review-closed"; readonly review: string; readonly by: Signer }
  | { readonly type: "log-disputed"; readonly dispute: Dispute }
  | { readonly type: "log-dispute-signed"; readonly by: Signer }
  | { readonly type: "log-dispute-settled"; readonly by: readonly Signer[] }
  | { readonly type: "recovery-asked"; readonly recovery: Recovery }
  | { readonly type: "recovery-signed"; readonly recovery: string; readonly by: Signer }
  | { readonly type: "recovery-objected"; readonly recovery: string; readonly by: Signer }
  | { readonly type: "recovery-ended"; readonly recovery: string; readonly how: "done" | "stopped" }
  | { readonly type: "credential-rotated"; readonly credential: string; readonly by: Signer }
  | { readonly type: "attachment-erased"; readonly commitment: Commitment; readonly by: Signer };

/** Events of the stream `policy` beside the adoption itself. */
export type PolicyEvent =
  | { readonly type: "policy-proposed"; readonly proposal: PolicyProposal }
  | {
      readonly type: "policy-word-given";
      readonly policy: Sha256;
      readonly by: PolicyWord;
    }
  | { readonly type: "policy-objected"; readonly policy: Sha256; readonly by: Signer }
  | {
      readonly type: "policy-proposal-ended";
      readonly policy: Sha256;
      readonly how: "objected" | "withdrawn" | "superseded" | "expired";
    };
