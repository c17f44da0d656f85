import type { Fence, ZoneChange } from "../core/plan/plan.ts";
import type { Sequence } from "../values/ids.ts";
import type { Sha256 } from "../values/sha256.ts";
import type { Instant } from "../values/time.ts";

declare const durable: unique symbol;

/** What lets a change path check an order by itself, before it opens a credential. */
export interface OrderProof {
  readonly installation: Sha256;
  /** Canonical JSON of the plan; its SHA-256 is the hash that the intent names. */
  readonly plan: string;
  /** Octets of the intent's entry, and its inclusion in the tree of `size` entries with `root`. */
  readonly intent: Uint8Array;
  readonly inclusion: readonly Sha256[];
  readonly size: number;
  readonly root: Sha256;
  /** Signed statements that fill the duties; empty in an unsigned trial, where the entry says so. */
  readonly statements: readonly Uint8Array[];
}

/** A change that stands, durably, in the journal. The sequencer alone makes one: a forged intent does not compile (N1). */
export interface WriteOrder {
  readonly [durable]: true;
  /** `login-17/primary/example.com/2`; the idempotency key where an API takes one. */
  readonly attempt: string;
  readonly sequence: Sequence;
  readonly path: string;
  readonly change: ZoneChange;
  /** Empty only where policy turned fences off, or for an exercise. */
  readonly fences: readonly Fence[];
  readonly proof: OrderProof;
}

export type WriteOutcome =
  | { readonly outcome: "applied"; readonly receipt: string }
  /** The compare-and-swap found something else: nothing was changed. */
  | { readonly outcome: "conflict"; readonly code: string }
  | { readonly outcome: "refused" | "not-sent"; readonly code: string }
  /** It may have been applied, and may still be until `lateUntil`. Callers MUST read back before anything else. */
  | { readonly outcome: "unknown"; readonly code: string; readonly lateUntil: Instant | "never-known" };

export interface PathCapabilities {
  readonly compareAndSwap: boolean;
  /** How many RRsets one message can change together, or none of them. */
  readonly atomicRRsets: number;
  /** Seconds. */
  readonly minimumTtl: number;
  readonly shares: boolean;
}

/** One way to change a provider's records. */
export interface ChangePath {
  readonly provider: string;
  readonly path: string;
  readonly capabilities: PathCapabilities;
  /**
   * Sends at most one message and MUST NOT retry. MUST check the order (plan against intent, intent against the tree)
   * before it opens a credential. `lost` is looked at before the message is sent, never after. Never rejects.
   */
  write(order: WriteOrder, lost: AbortSignal): Promise<WriteOutcome>;
}

/** Secrets by reference. What it returns MUST NOT reach the journal, a log line or an error (N11). */
export interface CredentialSource {
  /** The secret's octets, read anew at each call; a refusal names the reference, never its content. */
  open(
    credential: string,
  ): Promise<
    { readonly secret: Uint8Array } | { readonly code: "no-such-credential" | "unreadable"; readonly says: string }
  >;
}
