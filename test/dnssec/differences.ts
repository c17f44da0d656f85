import type { Verdict } from "../../src/dns/dnssec/verdict.ts";
import type { CorpusQuestion } from "./corpus/questions.ts";
import type { OtherVerdict } from "./resolvers.ts";

export type Other = "unbound" | "delv";

/** Where another validator judges otherwise than we, by which section of which RFC we do. */
export interface Difference {
  readonly by: readonly Other[];
  readonly where: (question: CorpusQuestion) => boolean;
  readonly ours: Verdict;
  readonly theirs: OtherVerdict;
  readonly why: string;
}

const spannedByOptOut = /(?:^|\.)(?:nothing|a\.www|all|x\.wild|c\.empty|x\.walias|dangling|x\.tree|gone|unsigned)\./;

export const differences: readonly Difference[] = [
  {
    by: ["unbound", "delv"],
    where: ({ name }) => name.endsWith("ds-sha1-alone.alpha.") || name.endsWith("rsasha1.alpha."),
    ours: "insecure",
    theirs: "secure",
    why: "RFC 9905 §2 and §3: SHA-1 in DS and signatures is no support any more; these versions still take it",
  },
  {
    by: ["unbound", "delv"],
    where: ({ name }) => name.endsWith("nsec3-many-iterations.alpha."),
    ours: "insecure",
    theirs: "secure",
    why: "RFC 9276 §3.2: each validator chooses above how many iterations a denial is insecure: 50 here, 150 there",
  },
  {
    by: ["unbound", "delv"],
    where: ({ name }) => name.endsWith("ksk-revoked-alone.alpha."),
    ours: "bogus",
    theirs: "secure",
    why: "RFC 5011 §2.1: a revoked key is good for its own revocation alone; they hold that to configured anchors only",
  },
  {
    by: ["unbound"],
    where: ({ name, type }) => name.startsWith("leaf.tree.") && type === "CNAME",
    ours: "secure",
    theirs: "bogus",
    why: "RFC 6672 §5.3.1: a CNAME made from a DNAME is never signed, the DNAME is; asked for itself, Unbound wants it signed",
  },
  {
    by: ["unbound", "delv"],
    where: ({ name }) => name.endsWith("data-altered.alpha."),
    ours: "secure",
    theirs: "bogus",
    why: "RFC 4035 §5.4: NSEC alone proves that something is not there; they want the SOA beside it valid as well (§3.2.3)",
  },
  {
    by: ["delv"],
    where: ({ name }) => spannedByOptOut.test(name),
    ours: "insecure",
    theirs: "secure",
    why: "RFC 5155 §9.2: no AD where an opt-out NSEC3 covers the next closer name; delv reports each RRset by itself",
  },
];

/** The entry that explains such a difference, if there is one. */
export function explained(by: Other, question: CorpusQuestion, ours: Verdict, theirs: OtherVerdict) {
  return differences.find(
    (one) => one.by.includes(by) && one.ours === ours && one.theirs === theirs && one.where(question),
  );
}
