import type { DelegationSurvey } from "../../core/integrity/survey.ts";
import { parseSignature } from "../../dns/dnssec/parse.ts";
import { rrsetsOf } from "../../dns/dnssec/rrset.ts";
import type { Validator } from "../../dns/dnssec/validator.ts";
import { canonicalText, isWithin, type Name, parentOf, rootName, sameName } from "../../dns/wire/name.ts";
import type { Message, ResourceRecord } from "../../dns/wire/record.ts";
import { rrtype } from "../../dns/wire/rrtype.ts";
import type { DnsQueryPort } from "../../ports/dns-query.ts";
import { toHex } from "../../values/octets.ts";
import { second, type Instant } from "../../values/time.ts";
import { findingOf, unanswered } from "./findings.ts";
import { nameText } from "./name-text.ts";

/** What asking the parent needs. */
export interface AtParent {
  /** Asks authoritative nameservers, a DS of the parent's. */
  readonly port: DnsQueryPort;
  readonly validator: Validator;
  readonly now: Instant;
}

/** What the parent's nameservers say of a zone other than the root. Never rejects. */
export async function surveyDelegation(
  zone: Name,
  { port, validator, now }: AtParent,
  signal: AbortSignal,
): Promise<DelegationSurvey> {
  const question = { name: zone, type: rrtype.DS };
  const asked = await port.query("closest", question, signal);
  if (asked.outcome !== "message") {
    const finding = unanswered(asked.code, `The parent gave no answer for the DS (${asked.code}).`);
    return { parent: canonicalText(parentOf(zone) ?? rootName), ns: null, ds: null, dsTtlMs: null, finding };
  }
  const parent = parentIn(asked.message, zone);
  const set = rrsetsOf(asked.message.answer).find((one) => one.type === rrtype.DS && sameName(one.name, zone));
  const [validation, ns] = await Promise.all([
    validator.judge(question, asked.message, now, signal),
    delegatedTo(zone, parent, port, signal),
  ]);
  return {
    parent: canonicalText(parent),
    ns,
    ds: set?.rdata.map(toHex).toSorted() ?? [],
    dsTtlMs: set === undefined ? null : set.ttl * second,
    finding: findingOf(validation),
  };
}

/** Who says so: the signer of the DS, or the owner of the SOA that denies it; else the name above is taken for it. */
function parentIn({ answer, authority }: Message, zone: Name): Name {
  const signers = answer.filter(({ type }) => type === rrtype.RRSIG).map(({ rdata }) => parseSignature(rdata)?.signer);
  const owners = authority.filter(({ type }) => type === rrtype.SOA).map(({ name }) => name);
  const above = [...signers, ...owners].find(
    (name) => name !== undefined && isWithin(zone, name) && !sameName(zone, name),
  );
  return above ?? parentOf(zone) ?? rootName;
}

/** The NS of the delegation: in the authority of a referral, or answered where one server has both zones. */
async function delegatedTo(
  zone: Name,
  parent: Name,
  port: DnsQueryPort,
  signal: AbortSignal,
): Promise<DelegationSurvey["ns"]> {
  const asked = await port.query(parent, { name: zone, type: rrtype.NS }, signal);
  if (asked.outcome !== "message") return null;
  const isOwn = ({ type, name }: ResourceRecord): boolean => type === rrtype.NS && sameName(name, zone);
  const records = [...asked.message.answer, ...asked.message.authority].filter(isOwn);
  return [...new Set(records.flatMap(({ rdata }) => nameText(rdata)))].toSorted();
}
