import type { Validation } from "../../../src/dns/dnssec/verdict.ts";
import type { Other } from "../differences.ts";
import type { OtherVerdict } from "../resolvers.ts";
import type { MutationCase } from "./run.ts";
import { Truth, wrongVerdict } from "./truth.ts";

/** Where another validator judges an altered answer otherwise than we, by which section of which RFC we do. */
interface AlteredDifference {
  readonly by: readonly Other[];
  readonly when: (pair: Pair) => boolean;
  readonly why: string;
}

interface Pair {
  readonly kind: string;
  readonly ours: Validation["verdict"];
  readonly theirs: OtherVerdict;
  readonly original: Validation;
  /** Our verdict rests on the very data of the unaltered answer. */
  readonly isUnaltered: boolean;
  /** What is forged is the answer to another name than that which was asked for, behind an alias. */
  readonly isBehindAlias: boolean;
}

const nothingKnown = new Truth();
const isAccepted = (verdict: OtherVerdict | Validation["verdict"]) => verdict === "secure" || verdict === "insecure";

const alteredDifferences: readonly AlteredDifference[] = [
  {
    by: ["unbound", "delv"],
    when: ({ ours, theirs, isUnaltered }) => ours === "secure" && !isAccepted(theirs) && isUnaltered,
    why: "RFC 4035 §5.3 and §5.4: what was altered is not what the answer rests on, and the data are those of the zone; they refuse the message as a whole (§3.2.3)",
  },
  {
    by: ["unbound", "delv"],
    when: ({ ours, theirs, original }) => ours === "insecure" && original.verdict === "insecure" && !isAccepted(theirs),
    why: "RFC 4035 §5.2: where no chain leads, signatures and denials do not count, whatever they say; they judge them still",
  },
  {
    by: ["unbound", "delv"],
    when: ({ ours, theirs, isBehindAlias }) => !isAccepted(ours) && isAccepted(theirs) && isBehindAlias,
    why: "RFC 1034 §5.3.3: we ask for the name behind an alias, and got a lie; they took it from the message of the alias, or asked again",
  },
  {
    by: ["unbound", "delv"],
    when: ({ kind, ours, theirs }) => !isAccepted(ours) && isAccepted(theirs) && kind === "alias led elsewhere",
    why: "RFC 6672 §5.3.1: a CNAME that is not what its DNAME makes contradicts it; they make a new one and go on",
  },
  {
    by: ["unbound", "delv"],
    when: ({ kind, ours, theirs }) =>
      !isAccepted(ours) && isAccepted(theirs) && (kind === "sections exchanged" || kind === "answer in authority"),
    why: "RFC 4035 §3.1.4: to a question for DS or data the answer section answers; they take it from authority, as in a referral",
  },
  {
    by: ["unbound", "delv"],
    when: ({ kind, ours, theirs }) => !isAccepted(ours) && isAccepted(theirs) && kind === "another response code",
    why: "RFC 4035 §5.4: what is proven must be what the response code says; they put another code in its place",
  },
  {
    by: ["unbound", "delv"],
    when: ({ kind, ours, theirs }) => !isAccepted(ours) && isAccepted(theirs) && kind === "signatures exchanged",
    why: "RFC 4035 §3.1.1: an RRSIG stands in the section of what it covers; they put together what stands in two",
  },
];

/** The entry that explains such a difference, if there is one. */
export function explainedAlteration(by: Other, one: MutationCase, ours: Validation, theirs: OtherVerdict) {
  const original = one.original.validation;
  const asked = `${original.name} ${original.type}`;
  const pair: Pair = {
    kind: one.kind,
    ours: ours.verdict,
    theirs,
    original,
    isUnaltered: wrongVerdict(original, ours, nothingKnown) === undefined,
    isBehindAlias: [...one.forgery.keys()].every((key) => key !== asked && !/ (?:DS|DNSKEY)$/.test(key)),
  };
  return alteredDifferences.find((difference) => difference.by.includes(by) && difference.when(pair));
}
