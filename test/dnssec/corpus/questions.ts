import type { Validation, Verdict } from "../../../src/dns/dnssec/verdict.ts";
import { unsignedChildren, type ShapeZone } from "./zones.ts";

/** A question and what must come of it. */
export interface CorpusQuestion {
  readonly name: string;
  readonly type: string;
  readonly verdict: Verdict;
  /** Null where it says nothing: what is bogus. */
  readonly outcome: Validation["outcome"] | null;
}

type Row = readonly [name: string, type: string, verdict: Verdict, outcome: CorpusQuestion["outcome"]];

/** The same questions of every shape zone. */
export function shapeQuestions(zone: ShapeZone): readonly CorpusQuestion[] {
  // RFC 5155 §9.2: what is under an opt-out span may be an insecure delegation.
  const spanned: Verdict = zone.denial === "optout" ? "insecure" : "secure";
  const nextSpanned: Verdict = zone.next.includes("optout") ? "insecure" : "secure";
  const rows: readonly Row[] = [
    ["", "SOA", "secure", "answer"],
    ["", "NS", "secure", "answer"],
    ["", "MX", "secure", "answer"],
    ["", "TXT", "secure", "answer"],
    ["", "DNSKEY", "secure", "answer"],
    ["", "DS", "secure", "answer"],
    ["", "AAAA", "secure", "no-data"],
    ["www", "A", "secure", "answer"],
    ["wWw", "AAAA", "secure", "answer"],
    ["www", "TXT", "secure", "no-data"],
    ["mixed", "TXT", "secure", "answer"],
    ["www", "DS", "secure", "no-data"],
    ["nothing", "A", spanned, "no-name"],
    ["a.www", "A", spanned, "no-name"],
    ["nothing.here.at.all", "A", spanned, "no-name"],
    ["x.wild", "A", spanned, "answer"],
    ["x.y.wild", "A", spanned, "answer"],
    ["x.wild", "MX", spanned, "no-data"],
    ["*.wild", "A", "secure", "answer"],
    ["*.wild", "MX", "secure", "no-data"],
    ["real.wild", "A", "secure", "no-data"],
    ["real.wild", "TXT", "secure", "answer"],
    ["wild", "A", "secure", "no-data"],
    ["empty", "A", "secure", "no-data"],
    ["b.empty", "A", "secure", "no-data"],
    ["c.empty", "A", spanned, "no-name"],
    ["a.b.empty", "A", "secure", "answer"],
    ["alias", "A", "secure", "answer"],
    ["alias", "CNAME", "secure", "answer"],
    ["alias", "MX", "secure", "no-data"],
    ["x.walias", "A", spanned, "answer"],
    ["dangling", "A", spanned, "no-name"],
    ["across", "A", "secure", "answer"],
    ["far", "A", "secure", "answer"],
    ["further", "A", "secure", "answer"],
    ["further", "TXT", "secure", "no-data"],
    ["gone", "A", nextSpanned, "no-name"],
    ["to-plain", "A", "insecure", "answer"],
    ["to-lapsed", "A", "bogus", null],
    ["tree", "DNAME", "secure", "answer"],
    ["tree", "A", "secure", "no-data"],
    ["leaf.tree", "A", "secure", "answer"],
    ["leaf.tree", "CNAME", "secure", "answer"],
    ["x.tree", "A", spanned, "no-name"],
    ["leaf.branch", "A", "secure", "answer"],
    ["leaf.branch", "MX", "secure", "no-data"],
    ["_sip._udp", "SRV", "secure", "answer"],
    // ldns names even an insecure delegation in its chain, with the flag; the others leave it out.
    ["unsigned", "DS", zone.signer === "ldns" ? "secure" : spanned, "no-data"],
    ["strange", "DS", "secure", "answer"],
    ...unsignedChildren.flatMap((child): readonly Row[] => [
      [`www.${child}`, "A", "insecure", "answer"],
      [`nothing.${child}`, "A", "insecure", "no-name"],
      [`www.${child}`, "MX", "insecure", "no-data"],
    ]),
  ];
  return rows.map(([label, type, verdict, outcome]) => ({
    name: label === "" ? zone.name : `${label}.${zone.name}`,
    type,
    verdict,
    outcome,
  }));
}
