import type { ZoneSurvey } from "../../../core/integrity/survey.ts";
import type { Reason, ReasonCode, Validation, Verdict } from "../../../dns/dnssec/verdict.ts";
import type { Instant } from "../../../values/time.ts";

/** What one look at a name found: all that the drawings are made from. JSON through and through. */
export interface Inspection {
  readonly at: Instant;
  /** What the user holds for right: an insecure zone is no fault where it is known to be one. */
  readonly expect: "secure" | "insecure";
  /** `each zone's own nameservers`, `the resolver 127.0.0.1:53`. */
  readonly asked: string;
  readonly validation: Validation;
  /** Of the zone that holds the name; null where its nameservers were not asked. */
  readonly survey: ZoneSurvey | null;
}

/** `holds`: as expected, everywhere. `fails`: not. `unreachable`: nobody answered, so nothing is known. */
export type Judgement = "holds" | "fails" | "unreachable";

/**
 * As expected means: the verdict is the expected one, and no nameserver that answers gives anything else. Bogus at one
 * nameserver of three is bogus there, not on average. Silence of some is a warning, and no failure of what the others say.
 */
export function judge({ expect, validation, survey }: Inspection): Judgement {
  if (validation.outcome === "none" && validation.reasons.some(({ code }) => code === "no-answer")) {
    return validation.verdict === "bogus" ? "fails" : "unreachable";
  }
  const elsewhere = (survey?.servers ?? []).filter(
    ({ outcome, finding }) => outcome === "answer" && contradicts(finding.authenticity, expect),
  );
  return validation.verdict === expect && elsewhere.length === 0 ? "holds" : "fails";
}

/** Whether a verdict says that data is not as expected: not knowing says nothing. */
export function contradicts(verdict: Verdict, expect: Inspection["expect"]): boolean {
  return verdict === "bogus" || (verdict !== expect && (verdict === "secure" || verdict === "insecure"));
}

const holding: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "anchor-trusted",
  "keys-secure",
  "ds-secure",
  "not-a-zone-cut",
  "answer-secure",
  "alias-secure",
  "wildcard-secure",
  "no-data-secure",
  "no-name-secure",
]);
const provenInsecure: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "no-anchor-above",
  "insecure-delegation",
  "opt-out",
  "unsupported-algorithm",
  "unsupported-digest",
  "too-many-iterations",
  "negative-anchor",
]);
const unknown: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "no-answer",
  "unusable-answer",
  "no-anchor",
  "budget-spent",
  "too-many-aliases",
]);

/** What a reason says of the way to the answer. */
export function kindOf({ code }: Reason): "holds" | "insecure" | "wrong" | "unknown" {
  if (holding.has(code)) return "holds";
  if (provenInsecure.has(code)) return "insecure";
  return unknown.has(code) ? "unknown" : "wrong";
}
