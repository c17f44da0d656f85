import type { Instant } from "../../values/time.ts";

/**
 * RFC 4033 §5: `secure`: a chain of signatures leads from an anchor to it. `insecure`: it is proven that no chain leads
 * there. `bogus`: a chain should, and does not. `indeterminate`: not known, for want of an anchor or of an answer; a
 * transport that fails is this, never bogus. `unverifiable`: the budget of work was spent before it was known.
 */
export type Verdict = "secure" | "insecure" | "bogus" | "indeterminate" | "unverifiable";

/** One finding on the way to a verdict, in the order in which they were made: from the anchor down. */
export interface Reason {
  /** For programs: `signature-expired`, `ds-matches-no-key`. */
  readonly code: ReasonCode;
  /** A sentence with its figures: times, tags, algorithms. */
  readonly says: string;
  /** The zone that it is about: absolute, lower case. */
  readonly zone: string;
  /** `login.example.com. A`; null when it is about the zone as a whole. */
  readonly record: string | null;
}

export type ReasonCode =
  // what holds
  | "anchor-trusted"
  | "keys-secure"
  | "ds-secure"
  | "not-a-zone-cut"
  | "answer-secure"
  | "alias-secure"
  | "wildcard-secure"
  | "no-data-secure"
  | "no-name-secure"
  // insecure, as proven
  | "no-anchor-above"
  | "insecure-delegation"
  | "opt-out"
  | "unsupported-algorithm"
  | "unsupported-digest"
  | "too-many-iterations"
  | "negative-anchor"
  // bogus
  | "no-signature"
  | "signature-expired"
  | "signature-not-yet-valid"
  | "signature-invalid"
  | "signature-malformed"
  | "signer-outside-zone"
  | "labels-beyond-name"
  | "no-key-for-signature"
  | "key-not-a-zone-key"
  | "key-revoked"
  | "no-dnskey"
  | "anchor-matches-no-key"
  | "ds-matches-no-key"
  | "denial-missing"
  | "denial-incomplete"
  | "denial-from-ancestor"
  | "denial-from-elsewhere"
  | "answer-contradicts-itself"
  | "alias-loop"
  // neither
  | "no-answer"
  | "unusable-answer"
  | "no-anchor"
  | "budget-spent"
  | "too-many-aliases";

/** An Extended DNS Error (RFC 8914 §4): the INFO-CODE and its name in the registry. */
export interface ExtendedError {
  readonly code: number;
  readonly name: string;
}

/** A key as it stands in a chain. */
export interface KeyView {
  readonly tag: number;
  readonly algorithm: number;
  /** Bits of the modulus for RSA, of the curve otherwise; null where the key cannot be read. */
  readonly bits: number | null;
  readonly flags: number;
  /** `anchor` or `ds`: trusted by one; `signed`: by a key that is; `none`: not reached. */
  readonly trustedBy: "anchor" | "ds" | "signed" | "none";
}

export interface DsView {
  readonly tag: number;
  readonly algorithm: number;
  readonly digestType: number;
  /** Whether a DNSKEY of the child has this digest. */
  readonly matches: "key" | "no-key" | "unsupported";
}

export interface SignatureView {
  readonly tag: number;
  readonly algorithm: number;
  readonly signer: string;
  readonly inception: Instant;
  readonly expiration: Instant;
  readonly state:
    "valid" | "not-needed" | "expired" | "not-yet-valid" | "invalid" | "unsupported" | "no-key" | "malformed";
}

/** One zone on the way from the anchor to the answer. */
export interface ZoneLink {
  /** Absolute, lower case. */
  readonly zone: string;
  readonly verdict: Verdict;
  /** DS as its parent has them, or the anchors; empty below an insecure delegation. */
  readonly ds: readonly DsView[];
  readonly keys: readonly KeyView[];
  /** Over the DNSKEY set. */
  readonly signatures: readonly SignatureView[];
}

/** One RRset of the answer, or of the denial that stands for it. */
export interface AnswerLink {
  readonly name: string;
  readonly type: string;
  readonly zone: string;
  readonly verdict: Verdict;
  readonly ttl: number;
  /** Master-file text, in canonical order. */
  readonly rdata: readonly string[];
  readonly signatures: readonly SignatureView[];
  /** The wildcard that it was made from (`*.example.com.`); null: it stands there itself. */
  readonly wildcard: string | null;
}

/** All that came of one question. JSON through and through. */
export interface Validation {
  readonly verdict: Verdict;
  /** As asked: absolute lower-case name, mnemonic. */
  readonly name: string;
  readonly type: string;
  /** `none`: nothing usable came. */
  readonly outcome: "answer" | "no-data" | "no-name" | "none";
  /** From the anchor down, each zone once, those of aliases included. */
  readonly chain: readonly ZoneLink[];
  /** Aliases first, then the answer, then denials. */
  readonly answer: readonly AnswerLink[];
  readonly reasons: readonly Reason[];
  /** Where it went wrong; null for secure and insecure. */
  readonly fault: { readonly zone: string; readonly record: string | null } | null;
  /** Null for secure. */
  readonly extendedError: ExtendedError | null;
  /** No signature or TTL on the way ends before; null unless secure. */
  readonly holdsUntil: Instant | null;
  /** What it cost. */
  readonly work: { readonly signatures: number; readonly hashes: number; readonly queries: number };
}
