import type { Sha256 } from "../../values/sha256.ts";
import type { DurationMs, Instant } from "../../values/time.ts";
import type { DifferenceClass } from "../policy/difference/index.ts";
import type { Duty } from "../policy/policy.ts";
import type { ClockStep } from "./clock-steps.ts";
import type { EnrolledKey } from "./keys.ts";
import type { Signer } from "./word.ts";

/** What the journal says of people and of the policy's own governance. Immutable; a fold over `people` and `policy`. */
export interface AuthorityState {
  /** `unsigned`: a trial, where the local user acts. `signed` from the moment that everybody is enrolled, for good. */
  readonly mode: "unsigned" | "signed";
  /** By fingerprint; revoked ones too, since statements are judged at their place in the journal. */
  readonly keys: ReadonlyMap<string, EnrolledKey>;
  /** By fingerprint: people who asked for the revocation of somebody else's key. */
  readonly revocations: ReadonlyMap<string, readonly Signer[]>;
  /** By id. */
  readonly delegations: ReadonlyMap<string, Delegation>;
  readonly grants: ReadonlyMap<string, BreakGlass>;
  readonly reviews: ReadonlyMap<string, Review>;
  readonly proposals: ReadonlyMap<Sha256, PolicyProposal>;
  readonly recoveries: ReadonlyMap<string, Recovery>;
  /** A statement named a head of the log that this journal does not contain: nothing is written until it is settled. */
  readonly dispute: Dispute | null;
  /** Policies that were in force, oldest first, with the time from which on. */
  readonly history: readonly PastPolicy[];
  /** When the clock was set, oldest first. */
  readonly clockSteps: readonly ClockStep[];
  /** The automation's own key, of the first entry: nobody speaks with it. Null: a journal that began without one. */
  readonly automation: AutomationKey | null;
  /** By nonce, with the statement's expiry: a nonce is kept at least that long. The fold's driver alone changes it, in place. */
  readonly nonces: ReadonlyMap<string, Instant>;
}

/** The public part of the automation's key. */
export interface AutomationKey {
  readonly fingerprint: string;
  /** OpenSSH public key: type and base64, without comment. */
  readonly line: string;
}

/** Temporary authority that a named person gave the incident commander. Ends by itself. */
export interface Delegation {
  readonly id: string;
  readonly from: Signer;
  readonly to: string;
  readonly duties: readonly Duty[];
  readonly services: "all" | readonly string[];
  readonly since: Instant;
  readonly until: Instant;
  readonly withdrawnAt: Instant | null;
}

/** An emergency request: it is a grant once enough people signed it, and binds one plan or one service with its targets. */
export interface BreakGlass {
  readonly id: string;
  readonly service: string;
  readonly plan: Sha256 | null;
  readonly targets: readonly string[];
  readonly moves: number;
  readonly incident: string;
  readonly until: Instant;
  readonly requester: string;
  readonly signers: readonly Signer[];
  /** How many must sign; one more when it is the second within 24 hours. */
  readonly need: number;
  readonly grantedAt: Instant | null;
  /** Failovers that were carried out under it. */
  readonly used: readonly string[];
  readonly withdrawnAt: Instant | null;
}

/** What must be looked at afterwards, by somebody who took no part. It stays on every status until closed. */
export interface Review {
  readonly id: string;
  readonly kind: "break-glass" | "waiver" | "handover" | "policy-in-incident" | "late-veto" | "recovery" | "solo";
  /** What it is about: a failover, a service, a policy's hash, a person. */
  readonly subject: string;
  readonly tookPart: readonly string[];
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly closed: Signer | null;
}

export interface PastPolicy {
  readonly policy: Sha256;
  readonly from: Instant;
  /** What its adoption meant; null: the first, or of an unsigned trial. */
  readonly class: DifferenceClass | null;
}

/** A policy that was proposed and is neither adopted nor withdrawn. Its document is an attachment. */
export interface PolicyProposal {
  readonly policy: Sha256;
  readonly version: number;
  /** The policy in force when it was proposed: it is void once another is. */
  readonly before: Sha256;
  readonly class: DifferenceClass;
  /** The meaning of the difference, a sentence each. */
  readonly says: readonly string[];
  readonly proposedAt: Instant;
  /** Widening waits until then, at least. */
  readonly notBefore: Instant;
  /** People to whom it gives more: their signatures do not count for it. */
  readonly gainers: readonly string[];
  readonly words: readonly PolicyWord[];
  readonly objections: readonly Signer[];
}

export type PolicyWord = Signer & { readonly duty: Duty; readonly role: string };

export interface Recovery {
  readonly id: string;
  readonly person: string;
  readonly keys: readonly string[];
  readonly signers: readonly Signer[];
  readonly askedAt: Instant;
  readonly waitMs: DurationMs;
  readonly objections: readonly Signer[];
  readonly state: "open" | "done" | "stopped";
}

export interface Dispute {
  readonly statement: Sha256;
  readonly by: string;
  readonly at: Instant;
  readonly claimed: { readonly size: number; readonly root: Sha256 };
  readonly resumedBy: readonly Signer[];
}

export const initialAuthority: AuthorityState = {
  mode: "unsigned",
  keys: new Map(),
  revocations: new Map(),
  delegations: new Map(),
  grants: new Map(),
  reviews: new Map(),
  proposals: new Map(),
  recoveries: new Map(),
  dispute: null,
  history: [],
  clockSteps: [],
  automation: null,
  nonces: new Map(),
};
