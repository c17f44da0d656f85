import type { Epoch, Sequence } from "../../values/ids.ts";
import type { Sha256 } from "../../values/sha256.ts";
import { instant, type Instant } from "../../values/time.ts";
import type { Review } from "../authority/state.ts";
import type { Signer, VetoGround, WaivedGate, Word } from "../authority/word.ts";
import type { Sender } from "../cycle/command.ts";
import type { Verdict } from "../health/verdict.ts";
import type { Fence, Placement, Plan, Purpose, ZoneChange } from "../plan/plan.ts";
import type { RRset } from "../plan/rrset.ts";
import type { Exception, RecoveredAuthenticity } from "./verification.ts";

/** What the journal says of one service. Immutable; a fold over its stream. */
export interface ServiceState {
  readonly service: string;
  /** Number of the last failover. */
  readonly ordinal: number;
  /** Null until the baseline is established from what the nameservers answer. */
  readonly placement: Placement | null;
  /** By record: the RRset that should stand at every provider. */
  readonly baseline: ReadonlyMap<string, RRset | "absent">;
  /** Readings from before this moment say nothing about the baseline. */
  readonly baselineAt: Instant;
  /** By record: what stood before, the newest last, {@link earlierMax} at most; tells `reverted` from `foreign`. */
  readonly earlier: ReadonlyMap<string, readonly (RRset | "absent")[]>;
  readonly drift: ReadonlyMap<string, Drift>;
  /** By site: the verdict last written. */
  readonly verdicts: ReadonlyMap<string, WrittenVerdict>;
  /** Changes between up and down, the newest last, {@link changesMax} at most. */
  readonly verdictChanges: readonly { readonly site: string; readonly at: Instant }[];
  readonly failover: Failover | null;
  /** Ended failovers, the newest last, {@link endedMax} at most. */
  readonly ended: readonly EndedFailover[];
  /** By initiative (a band's name, `failback`, `rollback`): what holds it, or that it waits for its signal to clear. */
  readonly initiatives: ReadonlyMap<string, Initiative>;
  readonly vetoes: readonly Veto[];
  readonly suspended: { readonly reason: "flapping" | "budget-spent"; readonly at: Instant } | null;
  /** Moves and verdict changes before this count neither for budgets nor for flapping. */
  readonly resumedAt: Instant;
  readonly stopped: Stop | null;
  /** By provider and fence name, {@link fenceKey}: the value that the journal says stands; null: absent. */
  readonly fences: ReadonlyMap<string, string | null>;
  /** Attempts of superseded failovers whose outcome is not yet known: read back before anything else is written. */
  readonly outstanding: readonly Attempt[];
  /** Nameservers that were silent when a failover recovered: their first answer is still to be verified. */
  readonly owed: readonly Owed[];
  /** By site: a verdict that a person set beside the judged one, until a time. */
  readonly forced: ReadonlyMap<string, ForcedVerdict>;
  /** Sites that are up and compromised: nothing moves there until a named person clears them. */
  readonly barred: ReadonlyMap<string, Signer>;
  /** Handed over: nothing is done for it until it is taken back. */
  readonly handedOver: HandedOver | null;
  /** What people must look at afterwards, the newest last, {@link owedReviewsMax} at most. */
  readonly owedReviews: readonly OwedReview[];
  /** Failovers that were carried out under a break-glass grant, the newest last, {@link owedReviewsMax} at most. */
  readonly grantsUsed: readonly { readonly grant: string; readonly failover: string }[];
}

/** A review that an event of this service calls for; the stream `people` has its opening and its end. */
export interface OwedReview {
  readonly id: string;
  readonly kind: Review["kind"];
  readonly subject: string;
  readonly tookPart: readonly string[];
}

export interface ForcedVerdict {
  readonly verdict: "up" | "down" | "unknown";
  readonly by: Signer;
  readonly until: Instant;
}

interface HandedOver {
  readonly by: Signer;
  /** What was held unsafe at that time. */
  readonly codes: readonly string[];
  readonly manual: readonly string[];
}

export interface WrittenVerdict {
  readonly verdict: Verdict;
  /** The last that was up or down, whatever came between: what flapping counts. */
  readonly definite: "up" | "down" | null;
  readonly at: Instant;
}

export const earlierMax = 16;
export const changesMax = 64;
export const endedMax = 16;
export const owedReviewsMax = 32;

export function fenceKey(provider: string, fence: string): string {
  return `${provider} ${fence}`;
}

interface Drift {
  readonly kind: "reverted" | "foreign";
  readonly provider: string;
  readonly observed: RRset | "absent";
  readonly at: Instant;
}

interface Initiative {
  /** Codes of the gates that hold it, sorted; empty when nothing does. */
  readonly codes: readonly string[];
  /** False after a refusal, until its signal has cleared. */
  readonly armed: boolean;
}

interface Veto {
  readonly id: string;
  /** The move that it bars: {@link moveKey} of the placement. */
  readonly move: string;
  readonly by: Sender;
  readonly at: Instant;
  readonly until: Instant;
  /** Null where nobody signed. */
  readonly ground: VetoGround | null;
}

export interface Stop {
  readonly by: Sender;
  readonly at: Instant;
}

interface Owed {
  readonly failover: string;
  readonly provider: string;
  readonly address: string;
  /** `silent` until its first answer; `diverged` when that was an old one. */
  readonly state: "silent" | "diverged";
  readonly retryAt: Instant;
  readonly tries: number;
}

export interface Attempt {
  /** `login-17/primary/example.com/2` */
  readonly id: string;
  readonly provider: string;
  readonly zone: string;
  readonly path: string;
  readonly manual: boolean;
  readonly change: ZoneChange;
  readonly fences: readonly Fence[];
  readonly sequence: Sequence;
  readonly epoch: Epoch;
  readonly intendedAt: Instant;
  readonly outcome: AttemptOutcome;
}

export type AttemptOutcome =
  /** Intended; carried out once by the epoch that intended it, read back by a later one. */
  | { readonly state: "open" }
  /** Sent, and nobody knows: read back before anything else. */
  | { readonly state: "unknown"; readonly code: string; readonly lateUntil: Instant | null; readonly retryAt: Instant }
  | { readonly state: "applied"; readonly at: Instant; readonly receipt: string }
  /** Surely not applied, and fenced: another attempt may follow. */
  | { readonly state: "failed"; readonly code: string; readonly retryAt: Instant };

interface Authorisation {
  readonly by: Sender;
  readonly at: Instant;
}

interface Common {
  readonly id: string;
  readonly plan: Plan;
  readonly planHash: Sha256;
  /** The band's name, `failback`, `rollback`, or null when a person declared it. */
  readonly initiative: string | null;
  readonly by: Sender;
  readonly needs: "nothing" | "approve" | "reverse";
  /** In an unsigned trial: who said yes. */
  readonly approvals: readonly Authorisation[];
  /** Signed words, in the journal's order; which of them count is judged anew each time. */
  readonly words: readonly Word[];
  readonly waivers: readonly (Word & { readonly gates: readonly WaivedGate[] })[];
  readonly times: Times;
  /** Codes of the gates that hold it at its stage, as last recorded. */
  readonly heldBy: readonly string[];
  /** Its authority ended after the first write: what is done then. */
  readonly authorityEnded: { readonly codes: readonly string[]; readonly afterwards: "finish" | "go-back" } | null;
}

export interface Times {
  /** When the signal's observation completed the verdict; null when declared. */
  readonly signal: Instant | null;
  readonly proposed: Instant;
  readonly authorised: Instant | null;
  readonly intended: Instant | null;
  readonly changed: Instant | null;
  readonly switched: Instant | null;
  readonly recovered: Instant | null;
  readonly settled: Instant | null;
}

/** One governed move on its way. Its status is the last stage that it reached. */
export type Failover = Common &
  (
    | { readonly status: "proposed" }
    | { readonly status: "authorised" }
    | {
        readonly status: "changing";
        readonly step: number;
        readonly attempts: readonly Attempt[];
        readonly diverged: Divergence | null;
      }
    | {
        readonly status: "changed" | "switched";
        readonly step: number;
        readonly attempts: readonly Attempt[];
        readonly verification: Verification;
        readonly diverged: Divergence | null;
      }
    | {
        readonly status: "recovered" | "settled";
        readonly step: number;
        readonly attempts: readonly Attempt[];
        readonly verification: Verification;
        readonly diverged: Divergence | null;
        readonly settleAt: Instant;
      }
  );

interface Divergence {
  readonly since: Instant;
  readonly says: string;
}

/** What the last verification that was written found. */
export interface Verification {
  readonly wrong: readonly string[];
  readonly silent: readonly string[];
  readonly serviceFailure: string | null;
  /** Known from `switched` on. */
  readonly exceptions: readonly Exception[];
  readonly authenticity: RecoveredAuthenticity;
  readonly tries: number;
  readonly retryAt: Instant;
}

export interface EndedFailover {
  readonly id: string;
  readonly purpose: Purpose;
  /** The failover that it undid, brought home or put back. */
  readonly of: string | null;
  readonly initiative: string | null;
  readonly automatic: boolean;
  readonly how: EndedHow;
  readonly placement: { readonly before: Placement; readonly after: Placement };
  readonly rollback: Plan["rollback"];
  readonly times: Times;
  readonly at: Instant;
}

/** `observed`: what observe mode would have done. `void`: the world is not the one that the plan was made for. */
export type EndedHow =
  "closed" | "expired" | "withdrawn" | "vetoed" | "void" | "superseded" | "observed" | "handed-over";

const beginning = instant(0);

export function initialState(service: string): ServiceState {
  return {
    service,
    ordinal: 0,
    placement: null,
    baseline: new Map(),
    baselineAt: beginning,
    earlier: new Map(),
    drift: new Map(),
    verdicts: new Map(),
    verdictChanges: [],
    failover: null,
    ended: [],
    initiatives: new Map(),
    vetoes: [],
    suspended: null,
    resumedAt: beginning,
    stopped: null,
    fences: new Map(),
    outstanding: [],
    owed: [],
    forced: new Map(),
    barred: new Map(),
    handedOver: null,
    owedReviews: [],
    grantsUsed: [],
  };
}
