import { second, type Instant } from "../../values/time.ts";
import { canonicalText, isWithin, type Name, parentOf, sameName } from "../wire/name.ts";
import type { ResourceRecord } from "../wire/record.ts";
import { rrtype } from "../wire/rrtype.ts";
import { walk, type Walk } from "./chain.ts";
import { endOf, whyNotValid, whyUnproven } from "./delegation.ts";
import { proveNoCloserName } from "./denial/index.ts";
import type { Inquiry } from "./inquiry.ts";
import { signaturesPerRRsetMax } from "./limits.ts";
import { bogus, earlier, fault, reason, timeText, type Fault } from "./reasons.ts";
import type { SignedRRset } from "./records.ts";
import { checkRRset, type RRsetCheck } from "./signature.ts";
import { signedDenial } from "./signed-denial.ts";
import type { SecureZone } from "./step.ts";
import type { AnswerLink, Reason, ReasonCode } from "./verdict.ts";
import { answerLink } from "./views.ts";
import { isKeysOf, judgeKeys } from "./zone-keys.ts";

/** One RRset of an answer, or one denial, judged. */
export interface Judged {
  /** Whose it is, as far as is known. */
  readonly zone: Name;
  /** Null: secure. */
  readonly fault: Fault | null;
  /** The chains that were walked for it, the one that decided last. */
  readonly walks: readonly Walk[];
  readonly links: readonly AnswerLink[];
  readonly denials: readonly AnswerLink[];
  readonly reasons: readonly Reason[];
  /** No signature or TTL on the way ends before; null unless secure. */
  readonly until: Instant | null;
}

/**
 * Judges an RRset: signed by its zone, to whose keys a chain leads; or unsigned, where it is proven that none does. A
 * name that stands for it by a wildcard has to be proven absent as well (RFC 4035 §5.3.4). `base`: the name whose zone
 * it is in.
 */
export async function judgeRRset(
  inquiry: Inquiry,
  rrset: SignedRRset,
  authority: readonly ResourceRecord[],
  base = zoneBase(rrset.name, rrset.type),
): Promise<Judged> {
  const walks: Walk[] = [];
  let refused: Refused | undefined;
  for (const signer of signersOf([rrset], base)) {
    // oxlint-disable-next-line no-await-in-loop -- the next signer is looked at only when this one leads nowhere
    const way = await walk(inquiry, base, signer);
    walks.push(way);
    if (way.end === "fault") return withoutChain(rrset, way, walks);
    if (sameName(way.zone.zone, signer)) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      if (isKeysOf(rrset, signer)) return ownKeys(inquiry, rrset, way.zone, walks);
      // oxlint-disable-next-line no-await-in-loop -- as above
      const check = await checkRRset(rrset, signer, way.zone.keys, inquiry);
      if (check.outcome === "valid") return signed(inquiry, rrset, { zone: way.zone, check, authority, walks });
      refused ??= { why: whyNotValid(aboutRRset(way.zone.zone, rrset), check), check };
      if (check.outcome === "spent") break;
    }
  }
  return unsigned(inquiry, rrset, { base, walks, refused });
}

/**
 * A DNSKEY set is validated by what vouches for the zone, not by the keys of another such set: it may be another server's
 * (RFC 8901), or another stage of a rollover. Its keys are good for what that server answers.
 */
async function ownKeys(
  inquiry: Inquiry,
  rrset: SignedRRset,
  { zone, trust }: SecureZone,
  walks: readonly Walk[],
): Promise<Judged> {
  const step = await judgeKeys(inquiry, zone, rrset, trust);
  inquiry.budget.endStep();
  const signatures = "link" in step ? step.link.signatures : [];
  if (step.kind !== "zone") {
    const why = "fault" in step ? step.fault : bogus("no-dnskey", aboutRRset(zone, rrset), "It is no DNSKEY set.");
    const links = [answerLink(rrset, { zone, verdict: why.verdict, signatures })];
    return { zone, fault: why, walks, links, denials: [], reasons: [], until: null };
  }
  inquiry.foundation.steps.learn(zone, step, inquiry.now);
  const { until } = step.zone;
  const says = `Signed by a key that ${trust.by === "ds" ? "the DS names" : "an anchor names"}, until ${timeText(until)}.`;
  const ttl = Math.min(rrset.ttl, Math.floor((until - inquiry.now) / second));
  return {
    zone,
    fault: null,
    walks,
    links: [answerLink(rrset, { zone, verdict: "secure", signatures, ttl })],
    denials: [],
    reasons: [reason("answer-secure", aboutRRset(zone, rrset), says)],
    until,
  };
}

/** The name whose zone an RRset is in: a DS is in the zone above (RFC 4035 §2.4). */
export function zoneBase(name: Name, type: number): Name {
  return type === rrtype.DS ? (parentOf(name) ?? name) : name;
}

/** The zones that say that they signed these, deepest first: those alone that could have, being at the name or above. */
export function signersOf(rrsets: readonly SignedRRset[], base: Name): readonly Name[] {
  const signers: Name[] = [];
  for (const { signer } of rrsets.flatMap(({ signatures }) => signatures.slice(0, signaturesPerRRsetMax * 2))) {
    if (isWithin(base, signer) && !signers.some((one) => sameName(one, signer))) signers.push(signer);
  }
  return signers.toSorted((a, b) => b.length - a.length).slice(0, signaturesPerRRsetMax);
}

interface Refused {
  readonly why: Fault;
  readonly check: RRsetCheck;
}

interface Signed {
  readonly zone: SecureZone;
  readonly check: Extract<RRsetCheck, { readonly outcome: "valid" }>;
  readonly authority: readonly ResourceRecord[];
  readonly walks: readonly Walk[];
}

async function signed(
  inquiry: Inquiry,
  rrset: SignedRRset,
  { zone, check, authority, walks }: Signed,
): Promise<Judged> {
  const about = aboutRRset(zone.zone, rrset);
  const { ttl, views, wildcard, key } = check;
  const found = { zone: zone.zone, ttl, signatures: views, wildcard };
  const until = endOf(inquiry, zone, check);
  const isAlias = rrset.type === rrtype.CNAME || rrset.type === rrtype.DNAME;
  const says = `Signed by key ${key.tag} (algorithm ${key.algorithm}) of ${canonicalText(zone.zone)} until ${timeText(check.until)}.`;
  const holds = reason(isAlias ? "alias-secure" : "answer-secure", about, says);
  const base = { zone: zone.zone, walks, denials: [], reasons: [holds] };
  if (wildcard === null) {
    return { ...base, fault: null, links: [answerLink(rrset, { ...found, verdict: "secure" })], until };
  }
  const denial = await signedDenial(inquiry, authority, zone);
  const proof = proveNoCloserName(denial.records, rrset.name, wildcard, inquiry.budget);
  const why = proof.proved === true ? optOutFault(proof.optOut, about) : whyUnproven(about, proof, denial);
  const links = [answerLink(rrset, { ...found, verdict: why?.verdict ?? "secure" })];
  if (why !== null) return { ...base, fault: why, links, denials: denial.links, until: null };
  const made = reason("wildcard-secure", about, `It is made from ${canonicalText(wildcard)}; no closer name is there.`);
  const reasons = [holds, made];
  return { ...base, fault: null, links, denials: denial.links, reasons, until: earlier(until, denial.until) };
}

/** RFC 5155 §9.2: what rests on an opt-out span is not proven: an insecure delegation may be there. */
export function optOutFault(
  optOut: boolean,
  about: { readonly zone: Name; readonly name: Name; readonly type: number },
): Fault | null {
  if (!optOut) return null;
  return fault(
    "insecure",
    "opt-out",
    about,
    "The proof rests on an opt-out span, under which an unsigned delegation may be.",
  );
}

interface Unsigned {
  readonly base: Name;
  readonly walks: readonly Walk[];
  readonly refused: Refused | undefined;
}

/** No signature holds: all depends on whether a chain leads to the name at all. */
async function unsigned(inquiry: Inquiry, rrset: SignedRRset, { base, walks, refused }: Unsigned): Promise<Judged> {
  const whole = await walk(inquiry, base, base);
  const all = [...walks, whole];
  if (whole.end === "fault") return withoutChain(rrset, whole, all);
  const { zone } = whole.zone;
  const why = refused?.why ?? whyNoSigner(zone, rrset);
  const signatures = refused !== undefined && "views" in refused.check ? refused.check.views : [];
  const links = [answerLink(rrset, { zone, verdict: why.verdict, signatures })];
  return { zone, fault: why, walks: all, links, denials: [], reasons: [], until: null };
}

function whyNoSigner(zone: Name, rrset: SignedRRset): Fault {
  const about = aboutRRset(zone, rrset);
  const [first] = rrset.signatures;
  if (first === undefined) {
    const code: ReasonCode = rrset.malformedSignatures > 0 ? "signature-malformed" : "no-signature";
    const has = rrset.malformedSignatures > 0 ? "no signature that can be read" : "no signature";
    return bogus(code, about, `It has ${has}, and its zone ${canonicalText(zone)} is signed.`);
  }
  const says = `It is signed by ${canonicalText(first.signer)}, which is not its zone: that is ${canonicalText(zone)}`;
  return bogus("signer-outside-zone", about, says);
}

/** Insecure as proven, or the chain fails above it: its own signatures are not looked at. */
function withoutChain(
  rrset: SignedRRset,
  { at, fault: why }: Extract<Walk, { readonly end: "fault" }>,
  walks: readonly Walk[],
): Judged {
  const links = [answerLink(rrset, { zone: at, verdict: why.verdict })];
  return { zone: at, fault: why, walks, links, denials: [], reasons: [], until: null };
}

function aboutRRset(
  zone: Name,
  { name, type }: SignedRRset,
): { readonly zone: Name; readonly name: Name; readonly type: number } {
  return { zone, name, type };
}
