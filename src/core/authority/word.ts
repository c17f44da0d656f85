import type { Sha256 } from "../../values/sha256.ts";
import type { Instant } from "../../values/time.ts";
import type { Duty } from "../policy/policy.ts";
import type { StatementOf } from "./terms.ts";

/** Who signed an act. JSON, as it stands in entries. */
export interface Signer {
  readonly person: string;
  /** Fingerprint of the key that signed. */
  readonly key: string;
  /** Hash of the statement: the entry's command has its octets and its signature. */
  readonly statement: Sha256;
  readonly at: Instant;
}

/** A duty filled by one person, for one plan. It counts only while it holds: {@link Word.expires}, and the key unrevoked. */
export interface Word extends Signer {
  readonly duty: Duty;
  /** The role in which the person signed; a person signs in one role per failover. */
  readonly role: string;
  readonly group: string;
  /** Id of the delegation that gives the duty, or of the break-glass grant; null: the policy itself. */
  readonly under: { readonly kind: "delegation" | "break-glass" | "solo"; readonly id: string } | null;
  readonly expires: Instant;
}

/** A judgement gate that people took upon themselves, with what they saw. */
export interface WaivedGate {
  readonly gate: string;
  readonly code: string;
  /** Hash of the gate's figures as they were signed: other figures need another waiver. */
  readonly figures: Sha256;
}

/** Why somebody vetoes a move. */
export type VetoGround = StatementOf<"veto">["terms"]["ground"];
