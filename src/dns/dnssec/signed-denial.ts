import { add, second, type Instant } from "../../values/time.ts";
import { canonicalText, sameName } from "../wire/name.ts";
import type { ResourceRecord } from "../wire/record.ts";
import { rrtype } from "../wire/rrtype.ts";
import type { DenialRecords } from "./denial/index.ts";
import type { Inquiry } from "./inquiry.ts";
import { parseNsec, parseNsec3 } from "./parse.ts";
import { earlier } from "./reasons.ts";
import type { SignedRRset } from "./records.ts";
import { rrsetsOf } from "./rrset.ts";
import { checkRRset } from "./signature.ts";
import type { SecureZone } from "./step.ts";
import type { AnswerLink, ReasonCode } from "./verdict.ts";
import { answerLink } from "./views.ts";

/** The NSEC and NSEC3 records of a response that their zone signed. */
export interface SignedDenial {
  readonly records: DenialRecords;
  readonly links: readonly AnswerLink[];
  /** No signature or TTL among them ends before. */
  readonly until: Instant;
  /** Of the first that was refused: where a proof fails, this tells why better than that it is incomplete. */
  readonly problem: { readonly code: ReasonCode; readonly says: string } | undefined;
  readonly isSpent: boolean;
}

/** Checks what an authority section has for a denial by `zone`. What is not validly signed by it is left out. */
export async function signedDenial(
  inquiry: Inquiry,
  authority: readonly ResourceRecord[],
  { zone, keys, until: zoneUntil }: SecureZone,
): Promise<SignedDenial> {
  const sets = denialSets(authority);
  const links: AnswerLink[] = [];
  const valid: SignedRRset[] = [];
  let until = zoneUntil;
  let problem: SignedDenial["problem"];
  let isSpent = false;
  for (const rrset of sets) {
    if (isSpent) break;
    // oxlint-disable-next-line no-await-in-loop -- one budget: the next check is not begun when it is spent
    const check = await checkRRset(rrset, zone, keys, inquiry);
    if (check.outcome === "valid" && check.wildcard === null) {
      valid.push(rrset);
      until = earlier(until, earlier(check.until, add(inquiry.now, check.ttl * second)));
      links.push(answerLink(rrset, { zone, verdict: "secure", ttl: check.ttl, signatures: check.views }));
    }
    isSpent = check.outcome === "spent";
    problem ??= problemOf(rrset, check);
  }
  return { records: { zone, ...parsed(valid) }, links, until, problem, isSpent };
}

/** The NSEC and NSEC3 RRsets of an authority section. */
export function denialSets(authority: readonly ResourceRecord[]): readonly SignedRRset[] {
  return rrsetsOf(authority).filter(({ type }) => type === rrtype.NSEC || type === rrtype.NSEC3);
}

function parsed(rrsets: readonly SignedRRset[]): Pick<DenialRecords, "nsec" | "nsec3"> {
  const of = (type: number) => rrsets.filter((rrset) => rrset.type === type);
  return {
    nsec: of(rrtype.NSEC).flatMap(({ name, rdata }) => rdata.flatMap((octets) => parseNsec(name, octets) ?? [])),
    nsec3: of(rrtype.NSEC3).flatMap(({ name, rdata }) => rdata.flatMap((octets) => parseNsec3(name, octets) ?? [])),
  };
}

function problemOf(
  { name, signatures }: SignedRRset,
  check: Awaited<ReturnType<typeof checkRRset>>,
): SignedDenial["problem"] {
  const by = `The denial at ${canonicalText(name)}`;
  switch (check.outcome) {
    case "spent":
      return undefined;
    case "valid":
      // RFC 4035 §5.3.4: a record that denies stands at its own name; a wildcard's would deny what exists.
      if (check.wildcard === null) return undefined;
      return { code: "denial-from-elsewhere", says: `${by} is an expansion of ${canonicalText(check.wildcard)}` };
    case "no-signature":
      return { code: "no-signature", says: `${by} has no signature.` };
    case "unsupported":
      return { code: "unsupported-algorithm", says: `${by} has signatures of unsupported algorithms alone.` };
    case "invalid":
      if (check.code === "signer-outside-zone" && !signatures.some(({ signer }) => sameName(signer, name))) {
        return { code: "denial-from-elsewhere", says: `${by} is not of the zone: ${check.says}` };
      }
      return { code: check.code, says: `${by}: ${check.says}` };
  }
}
