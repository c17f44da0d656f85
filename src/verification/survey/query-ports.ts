import { canonicalText, type Name, sameName } from "../../dns/wire/name.ts";
import { rrtype } from "../../dns/wire/rrtype.ts";
import type { DnsAnswer, DnsQueryPort } from "../../ports/dns-query.ts";

/** Asks each question once, however many want its answer: the chains of all servers of a round share their upper part. */
export function onceEach(port: DnsQueryPort): DnsQueryPort {
  const asked = new Map<string, Promise<DnsAnswer>>();
  return {
    query(zone, question, signal) {
      const of = zone === "closest" ? zone : canonicalText(zone);
      const key = `${of} ${canonicalText(question.name)} ${question.type}`;
      const answer = asked.get(key) ?? port.query(zone, question, signal);
      asked.set(key, answer);
      return answer;
    },
  };
}

/**
 * The chain as it ends at one server: the zone's DNSKEY set is the one that this server gives, all above it comes from
 * `above`. So what one server signs with is judged by the parent's DS, and by no other server's keys.
 */
export function endingAt(zone: Name, keys: DnsAnswer, above: DnsQueryPort): DnsQueryPort {
  return {
    query(of, question, signal) {
      const isOwn = question.type === rrtype.DNSKEY && sameName(question.name, zone);
      return isOwn ? Promise.resolve(keys) : above.query(of, question, signal);
    },
  };
}
