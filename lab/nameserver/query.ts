import { isWithin, nameFromOctets, type Name } from "../../src/dns/wire/name.ts";
import type { Message, ResourceRecord } from "../../src/dns/wire/record.ts";
import { rcode, rrclass, rrtype } from "../../src/dns/wire/rrtype.ts";
import { responseTo } from "./response.ts";
import { rrsetsAt, soaOf, type Zone, type ZoneRRset } from "./zone.ts";

/**
 * Answers as an authoritative server does (RFC 1034 §4.3.2): data, an alias and what it leads to inside of the zone, no
 * such data, no such name; REFUSED outside of the zone, and for a transfer.
 */
export function answerQuery(zone: Zone, request: Message): Message {
  const [question] = request.question;
  if (question === undefined || request.question.length > 1) return responseTo(request, rcode.FORMERR);
  if ((request.edns?.version ?? 0) > 0) return responseTo(request, rcode.BADVERS);
  const { name, type } = question;
  const isTransfer = type === rrtype.AXFR || type === rrtype.IXFR;
  if (question.class !== rrclass.IN || !isWithin(name, zone.name) || isTransfer)
    return responseTo(request, rcode.REFUSED);
  const { answer, end } = follow(zone, name, type);
  if (end === "found") return responseTo(request, rcode.NOERROR, { answer, authoritative: "yes" });
  const code = end === "no-name" ? rcode.NXDOMAIN : rcode.NOERROR;
  return responseTo(request, code, { answer, authority: [negative(zone)], authoritative: "yes" });
}

/** Aliases followed for one question; a chain may be a circle. */
const aliasesMax = 8;

interface Found {
  readonly answer: readonly ResourceRecord[];
  readonly end: "found" | "no-data" | "no-name";
}

function follow(zone: Zone, asked: Name, type: number): Found {
  const answer: ResourceRecord[] = [];
  let name = asked;
  for (let hop = 0; hop <= aliasesMax; hop += 1) {
    const here = rrsetsAt(zone, name);
    const found = here.filter((rrset) => rrset.type === type || type === rrtype.ANY);
    answer.push(...found.flatMap((rrset) => recordsOf(rrset, name)));
    if (found.length > 0) return { answer, end: "found" };
    const alias = here.find((rrset) => rrset.type === rrtype.CNAME);
    if (alias === undefined) return { answer, end: here.length > 0 || hasBelow(zone, name) ? "no-data" : "no-name" };
    answer.push(...recordsOf(alias, name));
    const target = nameFromOctets(alias.rdata[0] ?? new Uint8Array());
    // Where another zone begins, a resolver goes on by itself.
    if (target === undefined || !isWithin(target, zone.name)) return { answer, end: "found" };
    name = target;
  }
  return { answer, end: "found" };
}

/** The records with the owner as it was asked for: a resolver may have mixed its case (RFC 5452 does not forbid it). */
function recordsOf({ type, ttl, rdata }: ZoneRRset, name: Name): readonly ResourceRecord[] {
  return rdata.map((octets) => ({ name, type, class: rrclass.IN, ttl, rdata: octets }));
}

/** A name without data that has names below it exists (RFC 4592 §2.2.2). */
function hasBelow(zone: Zone, name: Name): boolean {
  return [...zone.rrsets.values()].some((rrset) => isWithin(rrset.name, name));
}

/** The SOA of a negative answer, for as long as that may be kept (RFC 2308 §3). */
function negative(zone: Zone): ResourceRecord {
  const { name, type, ttl, soa } = soaOf(zone);
  const minimum = new DataView(soa.buffer, soa.byteOffset, soa.length).getUint32(soa.length - 4);
  return { name, type, class: rrclass.IN, ttl: Math.min(ttl, minimum), rdata: soa };
}
