import type { DnsQuestion } from "../../ports/dns-query.ts";
import { ipv4ToText, ipv6ToText } from "../wire/address.ts";
import { isWithin, nameFromOctets, sameName, type Name } from "../wire/name.ts";
import type { Message, ResourceRecord } from "../wire/record.ts";
import { rrclass, rrtype } from "../wire/rrtype.ts";
import { unusableCode } from "./ask.ts";
import type { Delegation, Nameserver } from "./delegations.ts";

/** What a message from a nameserver of a zone is, for somebody on the way down. */
export type Reading =
  | { readonly kind: "answer" }
  /** To a zone further down on the way to the name. */
  | { readonly kind: "referral"; readonly delegation: Delegation; readonly ttl: number }
  /** The child's own word on a DS, which only its parent has (RFC 4035 §3.1.4.1): this server has both, or lost the parent. */
  | { readonly kind: "child-side" }
  /** It has not the zone that it was asked for, or says nothing usable of it. */
  | { readonly kind: "lame"; readonly code: string };

/** Nameservers of one delegation that are looked at; the root has 13. */
const nameserversMax = 16;

/**
 * Reads an answer from a nameserver of `zone`. Glue counts only below that zone, for which the server may speak at all; and
 * a referral only when it leads further down towards the name, so that a chain of them ends.
 */
export function readAnswer(message: Message, zone: Name, question: DnsQuestion): Reading {
  const unusable = unusableCode(message);
  if (unusable !== undefined) return { kind: "lame", code: unusable };
  const soa = message.authority.find((record) => record.class === rrclass.IN && record.type === rrtype.SOA);
  if (message.answer.length === 0 && soa === undefined) {
    const referral = referralOf(message, zone, question);
    if (referral !== undefined) return referral;
  }
  if (!message.flags.aa) return { kind: "lame", code: "not-authoritative" };
  if (message.answer.length > 0 || soa === undefined) return { kind: "answer" };
  if (question.type === rrtype.DS && sameName(soa.name, question.name) && !sameName(soa.name, zone))
    return { kind: "child-side" };
  return isWithin(soa.name, zone) ? { kind: "answer" } : { kind: "lame", code: "other-zone" };
}

function referralOf(message: Message, zone: Name, { name, type }: DnsQuestion): Reading | undefined {
  const servers = message.authority.filter((record) => record.class === rrclass.IN && record.type === rrtype.NS);
  const [first] = servers;
  if (first === undefined || !isWithin(first.name, zone) || sameName(first.name, zone)) return undefined;
  if (!isWithin(name, first.name)) return undefined;
  // A parent that answers a question for a DS with a referral knows nothing of DS, and that is its answer.
  if (type === rrtype.DS && sameName(first.name, name)) return { kind: "answer" };
  const ofCut = servers.filter((record) => sameName(record.name, first.name)).slice(0, nameserversMax);
  const nameservers = ofCut.flatMap((record) => nameserverOf(record, message.additional, zone));
  const ttl = Math.min(...ofCut.map((record) => record.ttl));
  return { kind: "referral", delegation: { zone: first.name, nameservers }, ttl };
}

function nameserverOf(
  record: ResourceRecord,
  additional: readonly ResourceRecord[],
  zone: Name,
): readonly Nameserver[] {
  const name = nameFromOctets(record.rdata);
  if (name === undefined) return [];
  return [{ name, addresses: isWithin(name, zone) ? addressesOf(additional, name) : [] }];
}

/** The addresses that records of class IN give to a name. */
export function addressesOf(records: readonly ResourceRecord[], name: Name): readonly string[] {
  const ofName = records.filter((record) => record.class === rrclass.IN && sameName(record.name, name));
  return ofName.flatMap(({ type, rdata }) => {
    if (type === rrtype.A) return [ipv4ToText(rdata)];
    return type === rrtype.AAAA ? [ipv6ToText(rdata)] : [];
  });
}
