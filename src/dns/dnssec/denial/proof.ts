import type { Name } from "../../wire/name.ts";
import type { Nsec, Nsec3 } from "../records.ts";
import type { ReasonCode } from "../verdict.ts";

/**
 * What a response has to prove that something is not there. Every record MUST have been validated with `zone` as its
 * signer, and MUST NOT be an expansion of a wildcard: an NSEC of `*.example.` with another owner would deny names that
 * exist (RFC 4035 §5.4, RFC 5155 §8.2). Hashes are remembered for as long as the object lives: make one a response.
 */
export interface DenialRecords {
  readonly zone: Name;
  readonly nsec: readonly Nsec[];
  readonly nsec3: readonly Nsec3[];
}

/** All that a proof asks of the question's budget. */
export interface HashBudget {
  /** Takes leave to work out one more NSEC3 hash; false: none is left. */
  hash(): boolean;
}

export interface Proven {
  readonly proved: true;
  /** An opt-out span covers it: an unsigned delegation may be there, so that it is insecure (RFC 5155 §9.2). */
  readonly optOut: boolean;
  /** The wildcard that stands for the name, or would; null when none is involved. */
  readonly wildcard: Name | null;
}

export type Unproven =
  | { readonly proved: false; readonly code: ReasonCode; readonly says: string }
  | { readonly proved: "spent" }
  | { readonly proved: "insecure"; readonly code: "too-many-iterations"; readonly says: string };

export type Proof = Proven | Unproven;

/**
 * Why there is no DS. `insecure-delegation`: a zone cut without one. `not-a-cut`: the name is there, or a wildcard
 * stands for it, and no zone begins. `no-such-name`: nor is there such a name. `opt-out`: any of these, or a delegation
 * that nobody signed for; insecure below.
 */
export type NoDsKind = "insecure-delegation" | "not-a-cut" | "no-such-name" | "opt-out";

export type NoDsProof = (Proven & { readonly kind: NoDsKind }) | Unproven;

export function refuse(code: ReasonCode, says: string): Unproven {
  return { proved: false, code, says };
}

/** The name is there, with these types; an empty non-terminal has none. */
interface Here {
  readonly stands: "here";
  readonly types: ReadonlySet<number>;
}

/** What the records prove of exactly one name. */
export type Standing = Here | { readonly stands: "absent"; readonly optOut: boolean } | Unknown;

interface Unknown {
  readonly stands: "unknown";
  readonly why: Unproven;
}

/** The same, and for an absent name its closest encloser (RFC 5155 §1.3), which is proven as well. */
export type Place = Here | { readonly stands: "absent"; readonly optOut: boolean; readonly encloser: Name } | Unknown;

/** One way of denying, NSEC or NSEC3, over the records of one response. */
export interface Denial {
  readonly at: (name: Name) => Standing;
  readonly locate: (name: Name) => Place;
}

export function unknown(why: Unproven): Unknown {
  return { stands: "unknown", why };
}
