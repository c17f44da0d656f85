import { concat } from "../../values/octets.ts";
import type { Instant } from "../../values/time.ts";
import type { DnsQuestion } from "../../ports/dns-query.ts";
import { canonicalText, isWithin, type Name, nameFromOctets, nameToText, sameName } from "../wire/name.ts";
import type { Message } from "../wire/record.ts";
import { rcode, rrtype } from "../wire/rrtype.ts";
import { judgeAbsence } from "./absence.ts";
import type { Inquiry } from "./inquiry.ts";
import { judgeRRset, zoneBase, type Judged } from "./judged.ts";
import { bogus, fault, type Fault } from "./reasons.ts";
import type { SignedRRset } from "./records.ts";
import { rrsetsOf } from "./rrset.ts";
import type { Validation } from "./verdict.ts";

/** What a message says of one name, judged. */
export interface Hop {
  readonly outcome: Validation["outcome"];
  /** Of each RRset that counts, and of the denial. */
  readonly judged: readonly Judged[];
  /** Null: secure. Else the worst of what was judged. */
  readonly fault: Fault | null;
  /** Where an alias leads; null when this is where the answer ends. */
  readonly alias: Name | null;
}

/** Judges what a message says of one name and type: the RRset, an alias, or that there is none. */
export async function judgeHop(inquiry: Inquiry, { name, type }: DnsQuestion, message: Message): Promise<Hop> {
  if (type === rrtype.RRSIG) return noSuchQuestion(name);
  const answer = rrsetsOf(message.answer);
  const here = answer.filter((rrset) => sameName(rrset.name, name));
  const asked = here.filter((rrset) => rrset.type === type || type === rrtype.ANY);
  const cname = here.find((rrset) => rrset.type === rrtype.CNAME);
  const dname = dnameAbove(answer, name);
  const isRedirected = dname !== undefined && (cname === undefined || cname.signatures.length === 0);
  if (isRedirected && type === rrtype.CNAME)
    return made(await redirected(inquiry, name, { dname, cname, message }), name);
  if (asked.length > 0) return answered(inquiry, asked, message);
  if (isRedirected) return redirected(inquiry, name, { dname, cname, message });
  if (cname !== undefined) return aliased(inquiry, cname, { message, base: zoneBase(name, type) });
  const judged = await judgeAbsence(inquiry, { name, type }, message);
  const outcome = message.flags.rcode === rcode.NXDOMAIN ? "no-name" : "no-data";
  return { outcome, judged: [judged], fault: judged.fault, alias: null };
}

/** Whether the answer section says anything of the name: data, or where an alias leads from it. */
export function speaksOf(message: Message, { name, type }: DnsQuestion): boolean {
  const has = message.answer.some(
    (record) => sameName(record.name, name) && (record.type === type || record.type === rrtype.CNAME),
  );
  return has || dnameAbove(message.answer, name) !== undefined;
}

/** Whether the message denies the name or the type, and is not merely silent about it, as a server of another zone is. */
export function denies(message: Message, name: Name): boolean {
  if (message.flags.rcode === rcode.NXDOMAIN) return true;
  return message.authority.some((record) => record.type === rrtype.SOA && isWithin(name, record.name));
}

async function answered(inquiry: Inquiry, rrsets: readonly SignedRRset[], message: Message): Promise<Hop> {
  const judged: Judged[] = [];
  for (const rrset of rrsets) {
    // oxlint-disable-next-line no-await-in-loop -- one budget for all of them
    judged.push(await judgeRRset(inquiry, rrset, message.authority));
  }
  return { outcome: "answer", judged, fault: worstOf(judged), alias: null };
}

interface Aliasing {
  readonly message: Message;
  /** Whose zone the alias is in: where the DS is asked for, that is the zone above, whatever the answer has. */
  readonly base: Name;
}

async function aliased(inquiry: Inquiry, cname: SignedRRset, { message, base }: Aliasing): Promise<Hop> {
  const judged = await judgeRRset(inquiry, cname, message.authority, base);
  const [target, second] = cname.rdata;
  const alias = target === undefined ? undefined : nameFromOctets(target);
  if (alias === undefined || second !== undefined) {
    return contradictory(
      judged,
      cname,
      `It has ${cname.rdata.length} CNAME records where one may be (RFC 2181 §10.1).`,
    );
  }
  return { outcome: "answer", judged: [judged], fault: judged.fault, alias };
}

interface Redirection {
  readonly dname: SignedRRset;
  /** Made from the DNAME by the server, and not signed (RFC 6672 §5.3.1). */
  readonly cname: SignedRRset | undefined;
  readonly message: Message;
}

async function redirected(inquiry: Inquiry, name: Name, { dname, cname, message }: Redirection): Promise<Hop> {
  const judged = await judgeRRset(inquiry, dname, message.authority);
  const [target, second] = dname.rdata;
  const newSuffix = target === undefined ? undefined : nameFromOctets(target);
  if (newSuffix === undefined || second !== undefined) {
    return contradictory(judged, dname, `It has ${dname.rdata.length} DNAME records where one may be (RFC 6672 §2.4).`);
  }
  const alias = substituted(name, dname.name, newSuffix);
  // RFC 6672 §2.2: a name that would be too long is an error, YXDOMAIN; there is no such name.
  if (alias === undefined) return { outcome: "no-name", judged: [judged], fault: judged.fault, alias: null };
  const given = cname?.rdata[0];
  const givenAlias = given === undefined ? undefined : nameFromOctets(given);
  const fits =
    cname === undefined || (cname.rdata.length === 1 && givenAlias !== undefined && sameName(givenAlias, alias));
  if (fits) return { outcome: "answer", judged: [judged], fault: judged.fault, alias };
  return contradictory(judged, cname, `Its CNAME does not lead to ${nameToText(alias)}, as the DNAME above it says.`);
}

/** The CNAME itself was asked for: made from the DNAME, it is as secure as that, and has its TTL (RFC 6672 §3.1). */
function made(hop: Hop, name: Name): Hop {
  const [judged] = hop.judged;
  const [link] = judged?.links ?? [];
  if (judged === undefined || link === undefined || hop.alias === null) return hop;
  const cname = {
    ...link,
    name: canonicalText(name),
    type: "CNAME",
    rdata: [canonicalText(hop.alias)],
    signatures: [],
  };
  return { ...hop, judged: [{ ...judged, links: [...judged.links, cname] }], alias: null };
}

/** The DNAME that stands for names below its owner, the name itself excepted (RFC 6672 §2.3). */
function dnameAbove<One extends Pick<SignedRRset, "name" | "type">>(
  answer: readonly One[],
  name: Name,
): One | undefined {
  return answer.find((one) => one.type === rrtype.DNAME && isWithin(name, one.name) && !sameName(name, one.name));
}

function substituted(name: Name, owner: Name, target: Name): Name | undefined {
  return nameFromOctets(concat(name.subarray(0, name.length - owner.length), target));
}

/** Where nobody signed there is nobody to contradict: not known, rather than bogus. */
function contradictory(judged: Judged, rrset: SignedRRset, says: string): Hop {
  const { zone } = judged;
  const about = { zone, name: rrset.name, type: rrset.type };
  const why =
    judged.fault === null
      ? bogus("answer-contradicts-itself", about, says)
      : judged.fault.verdict === "insecure"
        ? fault("indeterminate", "unusable-answer", about, says)
        : judged.fault;
  return { outcome: "answer", judged: [judged], fault: why, alias: null };
}

function noSuchQuestion(name: Name): Hop {
  const says = "Signatures are not signed: ask for the type that they cover.";
  const about = { zone: name, name, type: rrtype.RRSIG };
  return { outcome: "none", judged: [], fault: fault("indeterminate", "unusable-answer", about, says), alias: null };
}

const severity: readonly Fault["verdict"][] = ["insecure", "indeterminate", "unverifiable", "bogus"];

function worstOf(judged: readonly Judged[]): Fault | null {
  const faults = judged.flatMap((one) => one.fault ?? []);
  return faults.toSorted((a, b) => severity.indexOf(b.verdict) - severity.indexOf(a.verdict))[0] ?? null;
}

/** No signature or TTL of what was judged ends before; null unless all is secure. */
export function endOfHop({ fault: why, judged }: Hop): Instant | null {
  if (why !== null) return null;
  return judged.reduce<Instant | null>(
    (end, { until }) => (end === null || (until !== null && until < end) ? until : end),
    null,
  );
}
