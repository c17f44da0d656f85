import { add, second, type Instant } from "../../values/time.ts";
import { canonicalText, isWithin, type Name, sameName } from "../wire/name.ts";
import type { Message } from "../wire/record.ts";
import { rrtype } from "../wire/rrtype.ts";
import { proveNoCloserName, proveNoDs, type NoDsKind } from "./denial/index.ts";
import type { Inquiry } from "./inquiry.ts";
import { parseDs } from "./parse.ts";
import { bogus, earlier, fault, reason, spent, timeText, type Fault, type Subject } from "./reasons.ts";
import type { SignedRRset } from "./records.ts";
import { rrsetsOf } from "./rrset.ts";
import { checkRRset, type RRsetCheck } from "./signature.ts";
import { signedDenial } from "./signed-denial.ts";
import type { SecureZone, Step } from "./step.ts";
import type { Reason } from "./verdict.ts";
import { bareLink } from "./views.ts";
import { zoneStep } from "./zone-keys.ts";

/**
 * Asks a secure zone for the DS of a name one label further down, and goes there if it has one. Without one, what the
 * zone signed says whether nothing begins there, nothing is there, or an insecure zone begins (RFC 4035 §5.2).
 */
export async function delegationStep(inquiry: Inquiry, parent: SecureZone, child: Name): Promise<Step> {
  const asked = await inquiry.ask(parent.zone, { name: child, type: rrtype.DS });
  if (asked.message === null) return failed(child, asked.fault);
  inquiry.budget.step();
  const answer = rrsetsOf(asked.message.answer);
  const ds = answer.find(({ type, name }) => type === rrtype.DS && sameName(name, child));
  if (ds !== undefined) return signedDs(inquiry, parent, child, ds);
  const alias = aliasIn(answer, parent.zone, child);
  if (alias !== undefined) return aliasStep(inquiry, parent, child, { alias, message: asked.message });
  return unsignedStep(inquiry, parent, child, asked.message);
}

async function signedDs(inquiry: Inquiry, parent: SecureZone, child: Name, rrset: SignedRRset): Promise<Step> {
  const about = aboutDs(parent, child);
  const check = await checkRRset(rrset, parent.zone, parent.keys, inquiry);
  if (check.outcome !== "valid") return failed(child, whyNotValid(about, check));
  if (check.wildcard !== null) {
    const says = `It is an expansion of ${canonicalText(check.wildcard)}, and a delegation is never made from a wildcard.`;
    return failed(child, bogus("answer-contradicts-itself", about, says));
  }
  const ds = rrset.rdata.flatMap((rdata) => parseDs(rdata) ?? []);
  const tags = [...new Set(ds.map(({ tag }) => tag))].slice(0, 12).join(", ");
  const { tag, algorithm } = check.key;
  const says = `It names key ${tags}, signed by key ${tag} (algorithm ${algorithm}) until ${timeText(check.until)}.`;
  return zoneStep(inquiry, child, {
    by: "ds",
    ds,
    keys: [],
    until: endOf(inquiry, parent, check),
    reasons: [reason("ds-secure", about, says)],
  });
}

/** A CNAME at the name, or the DNAME above it that makes one: no zone begins at either. */
function aliasIn(answer: readonly SignedRRset[], zone: Name, child: Name): SignedRRset | undefined {
  const cname = answer.find(({ type, name }) => type === rrtype.CNAME && sameName(name, child));
  if (cname !== undefined && cname.signatures.length > 0) return cname;
  return answer.find(
    ({ type, name }) =>
      type === rrtype.DNAME && isWithin(child, name) && !sameName(child, name) && isWithin(name, zone),
  );
}

async function aliasStep(
  inquiry: Inquiry,
  parent: SecureZone,
  child: Name,
  { alias, message }: { readonly alias: SignedRRset; readonly message: Message },
): Promise<Step> {
  const about = { zone: parent.zone, name: alias.name, type: alias.type };
  const check = await checkRRset(alias, parent.zone, parent.keys, inquiry);
  if (check.outcome !== "valid") return failed(child, whyNotValid(about, check));
  const until = endOf(inquiry, parent, check);
  if (check.wildcard === null) {
    // Names may be below a CNAME; nothing is below a DNAME (RFC 6672 §2.4).
    const kind = alias.type === rrtype.CNAME ? "not-a-cut" : "no-such-name";
    return { kind, reasons: [noCut(parent, child, "an alias stands there")], until };
  }
  const denial = await signedDenial(inquiry, message.authority, parent);
  const proof = proveNoCloserName(denial.records, child, check.wildcard, inquiry.budget);
  if (proof.proved !== true) return failed(child, whyUnproven(about, proof, denial));
  const reasons = [noCut(parent, child, `the wildcard ${canonicalText(check.wildcard)} stands for it`)];
  return { kind: "no-such-name", reasons, until: earlier(until, denial.until) };
}

async function unsignedStep(inquiry: Inquiry, parent: SecureZone, child: Name, message: Message): Promise<Step> {
  const about = aboutDs(parent, child);
  const denial = await signedDenial(inquiry, message.authority, parent);
  const proof = proveNoDs(denial.records, child, inquiry.budget);
  const { until } = denial;
  if (proof.proved === "insecure") {
    const why = fault("insecure", proof.code, about, proof.says);
    return { kind: "insecure", fault: why, link: bareLink(child, "insecure"), reasons: [], until };
  }
  if (proof.proved !== true) return failed(child, whyUnproven(about, proof, denial));
  return absentDs(parent, child, proof.kind, until);
}

function absentDs(parent: SecureZone, child: Name, kind: NoDsKind, until: Instant): Step {
  const about = aboutDs(parent, child);
  const zone = canonicalText(parent.zone);
  switch (kind) {
    case "not-a-cut":
      return { kind, reasons: [noCut(parent, child, "its types say so")], until };
    case "no-such-name":
      return { kind, reasons: [noCut(parent, child, "there is no such name")], until };
    case "insecure-delegation": {
      const why = fault(
        "insecure",
        "insecure-delegation",
        about,
        `${zone} delegates it, and proves that it has no DS.`,
      );
      return { kind: "insecure", fault: why, link: bareLink(child, "insecure"), reasons: [], until };
    }
    case "opt-out": {
      const says = `An opt-out span of ${zone} covers it: a delegation that nobody signed for may be there (RFC 5155 §6).`;
      const why = fault("insecure", "opt-out", about, says);
      return { kind: "insecure", fault: why, link: bareLink(child, "insecure"), reasons: [], until };
    }
  }
}

/** Why a proof does not hold: the signature that was refused, if one was, tells it best. */
export function whyUnproven(
  about: Subject,
  proof:
    | { readonly proved: "spent" }
    | { readonly proved: false; readonly code: Fault["reason"]["code"]; readonly says: string }
    | { readonly proved: "insecure"; readonly code: "too-many-iterations"; readonly says: string },
  {
    problem,
    isSpent,
  }: {
    readonly problem?: { readonly code: Fault["reason"]["code"]; readonly says: string } | undefined;
    readonly isSpent: boolean;
  },
): Fault {
  if (isSpent || proof.proved === "spent") return spent(about);
  if (proof.proved === "insecure") return fault("insecure", proof.code, about, proof.says);
  const isMissing = proof.code === "denial-missing" || proof.code === "denial-incomplete";
  const { code, says } = isMissing ? (problem ?? proof) : proof;
  return bogus(code, about, says);
}

/** Why an RRset that its zone should have signed is not validly signed. */
export function whyNotValid(about: Subject, check: Exclude<RRsetCheck, { readonly outcome: "valid" }>): Fault {
  switch (check.outcome) {
    case "spent":
      return spent(about);
    case "no-signature":
      return bogus("no-signature", about, `It has no signature, and its zone ${canonicalText(about.zone)} is signed.`);
    case "invalid":
      return bogus(check.code, about, check.says);
    case "unsupported":
      // The chain promises an algorithm that is supported (RFC 6840 §5.11 and its §5.2).
      return bogus("unsupported-algorithm", about, "It has signatures of unsupported algorithms or keys alone.");
  }
}

/** No signature or TTL ends before: of the RRset, nor of the keys that signed it. */
export function endOf(
  { now }: Inquiry,
  { until }: SecureZone,
  check: Extract<RRsetCheck, { readonly outcome: "valid" }>,
): Instant {
  return earlier(until, earlier(check.until, add(now, check.ttl * second)));
}

function noCut({ zone }: SecureZone, child: Name, because: string): Reason {
  return reason("not-a-zone-cut", { zone, name: child, type: rrtype.DS }, `No zone begins there: ${because}.`);
}

function aboutDs({ zone }: SecureZone, child: Name): Subject {
  return { zone, name: child, type: rrtype.DS };
}

function failed(child: Name, why: Fault): Step {
  return { kind: "failed", fault: why, link: bareLink(child, why.verdict), reasons: [] };
}
