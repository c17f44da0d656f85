import type { DnsQuestion } from "../../ports/dns-query.ts";
import { canonicalText, type Name, sameName } from "../wire/name.ts";
import type { Message } from "../wire/record.ts";
import { rcode, typeToText } from "../wire/rrtype.ts";
import { walk, type Walk } from "./chain.ts";
import { whyUnproven } from "./delegation.ts";
import { proveNoData, proveNoName } from "./denial/index.ts";
import type { Inquiry } from "./inquiry.ts";
import { optOutFault, signersOf, zoneBase, type Judged } from "./judged.ts";
import { earlier, reason, type Fault } from "./reasons.ts";
import { denialSets, signedDenial, type SignedDenial } from "./signed-denial.ts";
import type { SecureZone } from "./step.ts";

/**
 * Judges an answer that says that the name, or the type at it, is not there: the zone proves what the response code says
 * (RFC 4035 §5.4, RFC 5155 §8), or no chain leads to the zone.
 */
export async function judgeAbsence(inquiry: Inquiry, question: DnsQuestion, message: Message): Promise<Judged> {
  const base = zoneBase(question.name, question.type);
  const walks: Walk[] = [];
  let refused: Judged | undefined;
  for (const signer of signersOf(denialSets(message.authority), base)) {
    // oxlint-disable-next-line no-await-in-loop -- the next signer is looked at only when this one proves nothing
    const way = await walk(inquiry, base, signer);
    walks.push(way);
    if (way.end === "fault") return undecided(way.at, way.fault, walks);
    if (sameName(way.zone.zone, signer)) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      const judged = await proven(inquiry, question, { zone: way.zone, message, walks });
      if (judged.fault?.verdict !== "bogus") return judged;
      refused ??= judged;
    }
  }
  const whole = await walk(inquiry, base, base);
  const all = [...walks, whole];
  if (whole.end === "fault") return undecided(whole.at, whole.fault, all);
  if (refused !== undefined) return { ...refused, walks: all };
  return missing(inquiry, question, { zone: whole.zone, message, walks: all });
}

interface Way {
  readonly zone: SecureZone;
  readonly message: Message;
  readonly walks: readonly Walk[];
}

async function proven(inquiry: Inquiry, { name, type }: DnsQuestion, { zone, message, walks }: Way): Promise<Judged> {
  const about = { zone: zone.zone, name, type };
  const denial = await signedDenial(inquiry, message.authority, zone);
  const saysNoName = message.flags.rcode === rcode.NXDOMAIN;
  const proof = saysNoName
    ? proveNoName(denial.records, name, inquiry.budget)
    : proveNoData(denial.records, name, type, inquiry.budget);
  const why = proof.proved === true ? optOutFault(proof.optOut, about) : whyUnproven(about, proof, denial);
  const base = { zone: zone.zone, fault: why, walks, links: [], denials: denial.links };
  if (why !== null || proof.proved !== true) return { ...base, reasons: [], until: null };
  const says = saysNoName
    ? `${canonicalText(zone.zone)} proves that there is no such name, nor a wildcard for it.`
    : `${canonicalText(zone.zone)} proves that it has no ${typeToText(type)}${wildcardText(proof.wildcard)}`;
  const holds = reason(saysNoName ? "no-name-secure" : "no-data-secure", about, says);
  return { ...base, reasons: [holds], until: earlier(zone.until, denial.until) };
}

/** The end of the sentence; a name ends in a dot of its own. */
function wildcardText(wildcard: Name | null): string {
  return wildcard === null ? "." : `; it would be made from ${canonicalText(wildcard)}`;
}

/** A secure zone, and nothing that it signed says so. */
async function missing(inquiry: Inquiry, { name, type }: DnsQuestion, { zone, message, walks }: Way): Promise<Judged> {
  const about = { zone: zone.zone, name, type };
  const denial: SignedDenial = await signedDenial(inquiry, message.authority, zone);
  const says = `${canonicalText(zone.zone)} is signed, and nothing that came proves that it is not there.`;
  const why = whyUnproven(about, { proved: false, code: "denial-missing", says }, denial);
  return { zone: zone.zone, fault: why, walks, links: [], denials: [], reasons: [], until: null };
}

/** Insecure as proven, or the chain fails above: what came is not looked at. */
function undecided(zone: Name, why: Fault, walks: readonly Walk[]): Judged {
  return { zone, fault: why, walks, links: [], denials: [], reasons: [], until: null };
}
