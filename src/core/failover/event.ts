import type { Epoch, Sequence } from "../../values/ids.ts";
import type { Sha256 } from "../../values/sha256.ts";
import type { Instant } from "../../values/time.ts";
import type { PeopleEvent, PolicyEvent } from "../authority/authority-event.ts";
import type { PolicyWord } from "../authority/state.ts";
import type { DifferenceClass } from "../policy/difference/index.ts";
import type { Signer, VetoGround, WaivedGate, Word } from "../authority/word.ts";
import type { Sender } from "../cycle/command.ts";
import type { SiteHealth, Verdict } from "../health/verdict.ts";
import type { Expected, IntegrityFinding } from "../integrity/report.ts";
import type { ChangeKind, ZoneBaseline } from "../integrity/zone-state.ts";
import type { GateReport } from "../gates/gate.ts";
import type { Fence, Placement, Plan, ZoneChange } from "../plan/plan.ts";
import type { RRset } from "../plan/rrset.ts";
import type { EndedHow, Times } from "./state.ts";
import type { Exception, NameserverVerdict, RecoveredAuthenticity } from "./verification.ts";

/** What was decided of a service: each is one entry in its stream. JSON through and through; meanings never change. */
export type ServiceEvent =
  | {
      readonly type: "baseline-established";
      readonly placement: Placement;
      readonly baseline: readonly RecordRRset[];
      readonly fences: readonly FenceValue[];
      readonly drift: readonly string[];
    }
  | {
      readonly type: "verdict-changed";
      readonly site: string;
      readonly from: Verdict;
      readonly to: Verdict;
      readonly health: SiteHealth;
    }
  | {
      readonly type: "drift-found";
      readonly record: string;
      readonly kind: "reverted" | "foreign";
      readonly provider: string;
      readonly observed: RRset | "absent";
      readonly baseline: RRset | "absent";
    }
  | { readonly type: "drift-cleared"; readonly record: string }
  | {
      readonly type: "record-adopted";
      readonly record: string;
      readonly rrset: RRset | "absent";
      readonly placement: Placement;
      readonly fences: readonly FenceValue[];
      readonly by: Sender;
    }
  | {
      readonly type: "initiative-held";
      readonly initiative: string;
      readonly codes: readonly string[];
      readonly gates: readonly GateReport[];
    }
  | { readonly type: "initiative-cleared"; readonly initiative: string }
  | {
      readonly type: "automation-suspended";
      readonly reason: "flapping" | "budget-spent";
      readonly figures: { readonly [name: string]: number | string };
    }
  | {
      readonly type: "failover-proposed";
      readonly failover: string;
      readonly ordinal: number;
      readonly plan: Plan;
      readonly planHash: Sha256;
      readonly initiative: string | null;
      readonly needs: "nothing" | "approve" | "reverse";
      readonly signalAt: Instant | null;
      readonly by: Sender;
      readonly gates: readonly GateReport[];
      readonly supersedes: string | null;
    }
  | {
      readonly type: "failover-approved";
      readonly failover: string;
      readonly planHash: Sha256;
      readonly by: Sender;
      readonly signed: boolean;
    }
  | {
      readonly type: "failover-authorised";
      readonly failover: string;
      readonly planHash: Sha256;
      readonly gates: readonly GateReport[];
    }
  | {
      readonly type: "failover-held";
      readonly failover: string;
      readonly stage: "authorise" | "execute";
      readonly codes: readonly string[];
      readonly gates: readonly GateReport[];
    }
  | {
      readonly type: "attempt-intended";
      readonly failover: string;
      readonly attempt: string;
      readonly planHash: Sha256;
      readonly provider: string;
      readonly zone: string;
      readonly path: string;
      readonly manual: boolean;
      readonly change: ZoneChange;
      readonly fences: readonly Fence[];
      readonly authority: IntentAuthority;
      readonly gates: readonly GateReport[];
      readonly epoch: Epoch;
    }
  | {
      readonly type: "attempt-ended";
      readonly attempt: string;
      readonly outcome: "applied" | "unknown" | "failed";
      readonly code: string;
      readonly lateUntil: Instant | null;
      readonly retryAt: Instant;
    }
  | {
      readonly type: "attempt-read-back";
      readonly attempt: string;
      readonly found: "after" | "before" | "other" | "no-answer";
      readonly code: string;
      readonly retryAt: Instant;
    }
  | {
      readonly type: "failover-changed";
      readonly failover: string;
      /** Every record of the service under the new placement, those included that the plan found right already. */
      readonly baseline: readonly RecordRRset[];
    }
  | {
      readonly type: "failover-switched";
      readonly failover: string;
      readonly nameservers: readonly NameserverVerdict[];
      /** Providers whose nameservers have the right data under different SOA serials: one of them is still behind. */
      readonly serialsDiffer: readonly string[];
    }
  | {
      readonly type: "verification-incomplete";
      readonly failover: string;
      readonly wrong: readonly string[];
      readonly silent: readonly string[];
      readonly serviceFailure: string | null;
      readonly retryAt: Instant;
    }
  | {
      readonly type: "failover-recovered";
      readonly failover: string;
      readonly exceptions: readonly Exception[];
      readonly authenticity: RecoveredAuthenticity;
      readonly settleAt: Instant;
      readonly objectiveMet: boolean;
      readonly tookMs: number;
    }
  | { readonly type: "failover-settled"; readonly failover: string }
  | { readonly type: "failover-diverged"; readonly failover: string; readonly says: string }
  | { readonly type: "failover-mended"; readonly failover: string }
  | {
      readonly type: "exception-found";
      readonly failover: string;
      readonly provider: string;
      readonly address: string;
      readonly answer: "verified" | "old";
      readonly retryAt: Instant;
    }
  | {
      readonly type: "failover-ended";
      readonly failover: string;
      readonly how: EndedHow;
      readonly says: string;
      readonly times: Times;
      readonly wouldHave: WouldHave | null;
    }
  | {
      readonly type: "veto-placed";
      readonly veto: string;
      readonly move: string;
      readonly failover: string | null;
      readonly by: Sender;
      readonly until: Instant;
      /** What the person named; left out where nobody signed. */
      readonly ground?: VetoGround;
    }
  | { readonly type: "veto-lifted"; readonly veto: string; readonly by: Sender }
  | { readonly type: "word-given"; readonly failover: string; readonly planHash: Sha256; readonly word: Word }
  | {
      readonly type: "waiver-given";
      readonly failover: string;
      readonly planHash: Sha256;
      readonly word: Word;
      readonly gates: readonly WaivedGate[];
    }
  /** After the first write: it is finished or taken back, and never left split; then people look at it. */
  | {
      readonly type: "authority-ended";
      readonly failover: string;
      readonly codes: readonly string[];
      readonly says: string;
      readonly afterwards: "finish" | "go-back";
    }
  /** A person says that a manual path's change is made: it is read back now, and not believed. */
  | { readonly type: "attempt-said-done"; readonly attempt: string; readonly by: Signer }
  | {
      readonly type: "verdict-forced";
      readonly site: string;
      readonly verdict: "up" | "down" | "unknown";
      readonly until: Instant;
      readonly by: Signer;
    }
  | { readonly type: "forced-verdict-lifted"; readonly site: string; readonly by: Signer }
  /** Up, but compromised: nothing moves there until a named person clears it. */
  | { readonly type: "site-barred"; readonly site: string; readonly by: Signer }
  | { readonly type: "site-cleared"; readonly site: string; readonly by: Signer }
  /** The last honest exit: Pointsman does nothing more for the service, and says what it held unsafe. */
  | {
      readonly type: "service-handed-over";
      readonly by: Signer;
      readonly codes: readonly string[];
      readonly manual: readonly string[];
    }
  | { readonly type: "service-taken-back"; readonly by: Signer }
  | { readonly type: "service-stopped"; readonly by: Sender }
  | { readonly type: "service-resumed"; readonly by: Sender };

export interface RecordRRset {
  readonly record: string;
  readonly rrset: RRset | "absent";
}

export interface FenceValue {
  readonly provider: string;
  readonly name: string;
  readonly value: string | null;
}

/** By whose word an attempt is made (N1). `single-person`: one person alone, as the policy allows (`solo`). */
export interface IntentAuthority {
  readonly kind: "band" | "rollback-criteria" | "people" | "single-person";
  readonly band: string | null;
  readonly acceptedBy: readonly string[];
  readonly people: readonly string[];
  readonly signed: boolean;
  /** Hashes of the statements whose words fill the duties, and of the waivers. */
  readonly statements: readonly Sha256[];
  /** Delegations, emergencies and single-person rules that these words rest on. */
  readonly under: readonly NonNullable<Word["under"]>[];
}

/** What observe mode says it would have done: milliseconds. */
interface WouldHave {
  readonly detectMs: number;
  readonly decideMs: number;
  readonly tailMs: number;
}

/** Events of the whole installation, in the streams `fleet` and `policy`. */
export type FleetEvent =
  | {
      readonly type: "installation-created";
      readonly policy: Sha256;
      readonly nonce: string;
      /** What each of its own keys is for, as OpenSSH public keys. Empty in journals that began without one. */
      readonly keys: readonly { readonly role: "automation"; readonly key: string }[];
      readonly enrolments: readonly [];
      readonly mode: "unsigned";
    }
  | {
      readonly type: "controller-started";
      readonly epoch: Epoch;
      readonly version: string;
      readonly mode: "act" | "observe";
      /** Digest of the effective settings. Older journals leave it out. */
      readonly settings: Sha256;
    }
  /** The clock was set: what protects by time is over no sooner for it, and what authorises by time no later. */
  | { readonly type: "clock-stepped"; readonly byMs: number }
  | { readonly type: "controller-stopped"; readonly epoch: Epoch; readonly inFlight: readonly string[] }
  | {
      readonly type: "policy-adopted";
      readonly policy: Sha256;
      readonly version: number;
      readonly by: Sender;
      readonly signed: boolean;
      /** What it means beside the policy before; null: nobody compared them. */
      readonly class: DifferenceClass | null;
      /** Who signed it. */
      readonly words: readonly PolicyWord[];
    }
  | {
      readonly type: "change-announced";
      readonly announcement: string;
      readonly zone: string;
      readonly view: string;
      readonly kind: ChangeKind;
      readonly from: Instant;
      readonly until: Instant;
      readonly by: Sender;
    }
  | {
      readonly type: "announcement-withdrawn";
      readonly announcement: string;
      readonly zone: string;
      readonly view: string;
      readonly by: Sender;
    }
  | {
      readonly type: "zone-baseline-set";
      readonly zone: string;
      readonly view: string;
      readonly baseline: ZoneBaseline;
      /** What explains each change; empty when the zone was seen for the first time, or was secure for the first time. */
      readonly because: readonly Expected[];
    }
  | {
      readonly type: "zone-integrity-changed";
      readonly zone: string;
      readonly view: string;
      readonly availability: readonly IntegrityFinding[];
      readonly integrity: readonly IntegrityFinding[];
    }
  | { readonly type: "all-stopped"; readonly by: Sender }
  | { readonly type: "all-resumed"; readonly by: Sender }
  | PeopleEvent
  | PolicyEvent;

/** An event with its place in the journal, as the fold takes it. */
export interface Placed<Event> {
  readonly event: Event;
  readonly sequence: Sequence;
  readonly at: Instant;
}
