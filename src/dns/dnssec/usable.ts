import type { DnsQuestion } from "../../ports/dns-query.ts";
import { isWithin, sameName } from "../wire/name.ts";
import type { Message } from "../wire/record.ts";
import { rcode, rcodeToText, rrclass, rrtype } from "../wire/rrtype.ts";

/**
 * Why a message is no answer to the question at all, so that it says nothing of the data and is never bogus; `undefined`
 * when it is one. A referral is none either: it says who may answer.
 */
export function whyUnusable(question: DnsQuestion, message: Message): string | undefined {
  const { flags, question: echoed, answer, authority } = message;
  if (!flags.qr) return "not a response";
  if (flags.tc) return "truncated";
  if (flags.rcode !== rcode.NOERROR && flags.rcode !== rcode.NXDOMAIN && flags.rcode !== rcode.YXDOMAIN) {
    return rcodeToText(flags.rcode);
  }
  const isEcho = echoed.every(
    (one) => one.class === rrclass.IN && one.type === question.type && sameName(one.name, question.name),
  );
  if (!isEcho || echoed.length > 1) return "answer to another question";
  const hasSoa = authority.some(({ type }) => type === rrtype.SOA);
  const delegates = authority.some(({ type, name }) => type === rrtype.NS && isWithin(question.name, name));
  const isReferral = flags.rcode === rcode.NOERROR && answer.length === 0 && delegates && !hasSoa && !flags.aa;
  return isReferral ? "referral" : undefined;
}
