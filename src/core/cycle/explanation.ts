import type { MissingDuty } from "../authority/duties.ts";
import type { Review } from "../authority/state.ts";
import type { GateReport } from "../gates/gate.ts";
import type { Plan } from "../plan/plan.ts";
import type { Sha256 } from "../../values/sha256.ts";

/** Why a service is as it is: what automation would do, what holds it with figures, who can act and how. */
export interface Explanation {
  readonly service: string;
  /** One sentence for three in the morning. */
  readonly says: string;
  readonly initiatives: readonly InitiativeExplanation[];
  /** What waits for people or time in the open failover; null when none is open. */
  readonly failover: {
    readonly id: string;
    readonly status: string;
    readonly says: string;
    readonly gates: readonly GateReport[];
    readonly commands: readonly string[];
    /** What its authority still lacks, and who could fill it; empty in an unsigned trial. */
    readonly missing: readonly MissingDuty[];
    /** Who waived which gate, with the code that they saw. */
    readonly waivers: readonly { readonly person: string; readonly gate: string; readonly code: string }[];
  } | null;
  /** Each with the command that deals with it: drift, suspension, stop, vetoes, divergence. */
  readonly holds: readonly { readonly code: string; readonly says: string; readonly command: string | null }[];
  /** What must be looked at afterwards, until somebody who took no part closes it. */
  readonly reviews: readonly Review[];
  /** What a person can do now. */
  readonly commands: readonly string[];
}

/** A band, the failback or the rollback: how far its signal is, and which gates refuse. */
export interface InitiativeExplanation {
  readonly initiative: string;
  readonly authority: "pre-authorised" | "approve" | "reverse" | "rollback-criteria";
  readonly signal: "holds" | "pending" | "clear" | "unknown";
  readonly signalSays: string;
  /** In plain words: `replace fra by iad`. */
  readonly move: string;
  readonly gates: readonly GateReport[];
  readonly says: string;
}

/** What `pointsman plan` shows: the exact change and what the gates say of it, and nothing done. */
export interface Preview {
  readonly plan: Plan;
  readonly planHash: Sha256;
  /** The effect in plain English, rendered from the plan alone. */
  readonly says: readonly string[];
  /** The same change by hand, as input for nsupdate. */
  readonly manual: readonly string[];
  /** The duty that must be filled before it is carried out. */
  readonly needs: "nothing" | "approve" | "reverse";
  /** Ids of the people of the policy who hold that duty. */
  readonly whoCanAct: readonly string[];
  /** Every duty that people must fill, and who could; empty in an unsigned trial. */
  readonly missing: readonly MissingDuty[];
  readonly gates: readonly GateReport[];
}
