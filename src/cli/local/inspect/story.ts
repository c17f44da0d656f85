import type { AnswerLink, Reason, Validation, ZoneLink } from "../../../dns/dnssec/verdict.ts";
import { isWithin, nameFromText } from "../../../dns/wire/name.ts";
import { kindOf } from "./inspection.ts";

/** One way down: the zones that were not drawn before, and what was found at its end. */
export interface Path {
  /** The deepest zone that another path has drawn already; null for the first. */
  readonly below: ZoneLink | null;
  readonly zones: readonly ZoneLink[];
  readonly answers: readonly AnswerLink[];
}

/** The chain as paths, one a zone that answered, in the order of the aliases; what was reached and gave no answer last. */
export function pathsOf({ chain, answer }: Validation): readonly Path[] {
  const drawn = new Set<ZoneLink>();
  const paths: Path[] = [];
  const add = (way: readonly ZoneLink[], answers: readonly AnswerLink[]): void => {
    const zones = way.filter((zone) => !drawn.has(zone));
    const below = way.findLast((zone) => drawn.has(zone)) ?? null;
    for (const zone of zones) drawn.add(zone);
    paths.push({ below, zones, answers });
  };
  for (const answers of byZone(answer)) add(wayTo(answers[0]?.zone ?? ".", chain), answers);
  for (const rest of chain.toReversed()) if (!drawn.has(rest)) add(wayTo(rest.zone, chain), []);
  return paths;
}

/** The zones of the chain from the top to `zone`. */
function wayTo(zone: string, chain: readonly ZoneLink[]): readonly ZoneLink[] {
  return chain.filter((link) => isAbove(link.zone, zone));
}

/** The zone of the chain right above; undefined for the first. */
export function parentIn(zone: ZoneLink, chain: readonly ZoneLink[]): ZoneLink | undefined {
  return wayTo(zone.zone, chain).findLast((link) => link !== zone);
}

/** Whether a zone is at or above a name, both as text. */
export function isAbove(ancestor: string, zone: string): boolean {
  const name = nameFromText(zone);
  const above = nameFromText(ancestor);
  return name !== undefined && above !== undefined && isWithin(name, above);
}

/** Neighbours of one zone together. */
function byZone(answer: readonly AnswerLink[]): readonly (readonly AnswerLink[])[] {
  const groups: AnswerLink[][] = [];
  for (const link of answer) {
    const last = groups.at(-1);
    if (last?.[0]?.zone === link.zone) last.push(link);
    else groups.push([link]);
  }
  return groups;
}

/** What is wrong, unknown or proven insecure at a zone itself, and not at a record that is drawn apart. */
export function troublesOfZone(zone: ZoneLink, { reasons, answer, chain }: Validation): readonly Reason[] {
  return reasons.filter((reason) => {
    if (kindOf(reason) === "holds" || answer.some((link) => isAbout(reason, link))) return false;
    // What a parent says of a delegation is told where the delegation leads.
    const child = chain.find((link) => reason.record === `${link.zone} DS`);
    return child === undefined ? reason.zone === zone.zone : child === zone;
  });
}

/** How a record hangs on its zone: the chain may break right above it, or be broken further up already. */
export function bondOf(link: AnswerLink, validation: Validation): "whole" | "dashed" | "broken" {
  if (link.verdict === "secure") return "whole";
  return link.verdict === "bogus" && troublesOfAnswer(link, validation).length > 0 ? "broken" : "dashed";
}

export function troublesOfAnswer(link: AnswerLink, { reasons }: Validation): readonly Reason[] {
  return reasons.filter((reason) => kindOf(reason) !== "holds" && isAbout(reason, link));
}

function isAbout({ zone, record }: Reason, link: AnswerLink): boolean {
  return zone === link.zone && record === `${link.name} ${link.type}`;
}

/** Why no signature over a record is shown. */
export function unsignedWords(link: AnswerLink, validation: Validation): string {
  const isBelow = link.verdict === "bogus" && bondOf(link, validation) === "dashed";
  return isBelow ? "not judged: the chain is broken above" : "no signature";
}

/** Where the name leads that an answer is an alias of; undefined for what is none. */
export function aliasTarget({ type, rdata }: AnswerLink): string | undefined {
  return type === "CNAME" ? rdata[0] : undefined;
}

/** What the answer says in one line: data, or its absence. */
export function outcomeWords({ outcome, answer, name, type }: Validation): string {
  if (outcome === "no-data") return `${name} exists, and has no ${type} record.`;
  if (outcome === "no-name") return `${name} does not exist.`;
  if (outcome === "none") return "There is no answer that could be judged.";
  const last = answer.findLast((link) => link.type === type) ?? answer.at(-1);
  return last === undefined ? "An answer without data." : last.rdata.join(", ");
}
