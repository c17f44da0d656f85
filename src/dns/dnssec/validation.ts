import { canonicalText } from "../wire/name.ts";
import type { DnsQuestion } from "../../ports/dns-query.ts";
import { typeToText } from "../wire/rrtype.ts";
import { endOfHop, type Hop } from "./answer.ts";
import type { Walk } from "./chain.ts";
import { extendedErrorOf } from "./extended-error.ts";
import type { Inquiry } from "./inquiry.ts";
import type { Reason, Validation, ZoneLink } from "./verdict.ts";

/** Puts together all that came of a question: the worst hop decides. */
export function validationOf({ name, type }: DnsQuestion, hops: readonly Hop[], inquiry: Inquiry): Validation {
  const judged = hops.flatMap((hop) => hop.judged);
  const { chain, reasons: ofChain } = chainReport(judged.flatMap(({ walks }) => walks));
  const why = hops.findLast((hop) => hop.fault !== null && hop.fault.verdict !== "insecure")?.fault;
  const insecure = hops.find((hop) => hop.fault !== null)?.fault ?? null;
  const deciding = why ?? insecure;
  const reasons = [
    ...ofChain,
    ...judged.flatMap((one) => one.reasons),
    ...hops.flatMap(({ fault }) => fault?.reason ?? []),
  ];
  const ends = hops.flatMap((hop) => endOfHop(hop) ?? []);
  return {
    verdict: deciding?.verdict ?? "secure",
    name: canonicalText(name),
    type: typeToText(type),
    outcome: hops.at(-1)?.outcome ?? "none",
    chain,
    answer: [...judged.flatMap(({ links }) => links), ...judged.flatMap(({ denials }) => denials)],
    reasons: once(reasons),
    fault: why === undefined || why === null ? null : { zone: why.reason.zone, record: why.reason.record },
    extendedError: deciding === null ? null : extendedErrorOf(deciding.reason.code),
    holdsUntil: deciding === null ? (ends.toSorted((a, b) => a - b)[0] ?? null) : null,
    work: { ...inquiry.budget.figures, queries: inquiry.queries },
  };
}

/** The zones that chains went through, each once, from the anchors down; and what was found on the way. */
export function chainReport(walks: readonly Walk[]): {
  readonly chain: readonly ZoneLink[];
  readonly reasons: readonly Reason[];
} {
  const steps = walks.flatMap((one) => one.steps);
  const links = new Map<string, ZoneLink>();
  for (const step of steps) if ("link" in step && !links.has(step.link.zone)) links.set(step.link.zone, step.link);
  return { chain: [...links.values()], reasons: once(steps.flatMap((step) => step.reasons)) };
}

function once(reasons: readonly Reason[]): readonly Reason[] {
  const seen = new Map(reasons.map((one) => [`${one.code} ${one.zone} ${one.record ?? ""} ${one.says}`, one]));
  return [...seen.values()];
}
