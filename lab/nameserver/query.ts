import { isWithin, nameFromOctets, type Name } from "../../src/dns/wire/name.ts";
import type { Message, ResourceRecord } from "../../src/dns/wire/record.ts";
import { rcode, rrclass, rrtype } from "../../src/dns/wire/rrtype.ts";
import { negativeTtl } from "./denial.ts";
import { lookUp, type Lookup } from "./lookup.ts";
import { delegationSecurity, madeBySigner, proofsOf } from "./proofs.ts";
import { responseTo } from "./response.ts";
import { recordsOf, rrsetAt, rrsetsAt, soaOf, type Zone, type ZoneRRset } from "./zone.ts";

/**
 * Answers as an authoritative server does (RFC 1034 §4.3.2): data, an alias and what it leads to inside of the zone, no
 * such data, no such name, a referral; REFUSED outside of the zone, and for a transfer. Of a signed zone, with signatures
 * and proofs for who takes them (RFC 4035 §3.1).
 */
export function answerQuery(zone: Zone, request: Message): Message {
  const [question] = request.question;
  if (question === undefined || request.question.length > 1) return responseTo(request, rcode.FORMERR);
  if ((request.edns?.version ?? 0) > 0) return responseTo(request, rcode.BADVERS);
  const { name, type } = question;
  const isTransfer = type === rrtype.AXFR || type === rrtype.IXFR;
  if (question.class !== rrclass.IN || !isWithin(name, zone.name) || isTransfer)
    return responseTo(request, rcode.REFUSED);
  const steps = follow(zone, name, type);
  const end = steps.at(-1)?.found.kind;
  const signer = request.edns?.dnssecOk === true ? zone.signer : null;
  const all = (placed: readonly Placed[]) => placed.flatMap((one) => written(one, signer));
  const proofs = signer === null ? [] : proofsOf(zone, steps).map((rrset) => ({ rrset, name: rrset.name }));
  const sections = {
    answer: all(steps.flatMap(answerOf)),
    authority: all([...authorityOf(zone, steps, signer), ...proofs]),
    additional: all(glueOf(zone, steps)),
  };
  const code = end === "no-name" ? rcode.NXDOMAIN : rcode.NOERROR;
  const isReferral = end === "referral" && steps.length === 1;
  return responseTo(request, code, isReferral ? sections : { ...sections, authoritative: "yes" });
}

/** One name on the way from what was asked to what is answered. */
interface Step {
  readonly name: Name;
  readonly found: Lookup;
}

/** Aliases followed for one question; a chain may be a circle. */
const aliasesMax = 8;

function follow(zone: Zone, asked: Name, type: number): readonly Step[] {
  const steps: Step[] = [];
  let name = asked;
  while (steps.length <= aliasesMax) {
    const found = lookUp(zone, name, type, (owner) => madeBySigner(zone, owner, type));
    steps.push({ name, found });
    if (found.kind !== "alias") break;
    const target = nameFromOctets(found.rrset.rdata[0] ?? new Uint8Array());
    // Where another zone begins, a resolver goes on by itself.
    if (target === undefined || !isWithin(target, zone.name)) break;
    name = target;
  }
  return steps;
}

/** An RRset as it stands in an answer. */
interface Placed {
  readonly rrset: ZoneRRset;
  /** As it was asked for: a resolver may have mixed its case (RFC 5452 does not forbid it), and a wildcard has another. */
  readonly name: Name;
  readonly ttl?: number;
  /** What is not the zone's own has no signature (RFC 4035 §2.2), nor has one. */
  readonly unsigned?: "yes";
}

function answerOf({ name, found }: Step): readonly Placed[] {
  if (found.kind === "alias") return [{ rrset: found.rrset, name }];
  if (found.kind !== "data") return [];
  return found.rrsets.map((rrset) =>
    rrset.type === rrtype.RRSIG ? { rrset, name, unsigned: "yes" } : { rrset, name },
  );
}

function authorityOf(zone: Zone, steps: readonly Step[], signer: Zone["signer"]): readonly Placed[] {
  const found = steps.at(-1)?.found;
  if (found?.kind === "no-data" || found?.kind === "no-name")
    return [{ rrset: soaOf(zone), name: zone.name, ttl: negativeTtl(zone) }];
  if (found?.kind !== "referral") return [];
  const { cut } = found;
  const servers = rrsetAt(zone, cut, rrtype.NS);
  const security = signer === null ? [] : [{ rrset: delegationSecurity(zone, cut), name: cut }];
  return servers === undefined ? security : [{ rrset: servers, name: cut, unsigned: "yes" }, ...security];
}

/** The addresses that lead into the other zone (RFC 1034 §4.2.1). */
function glueOf(zone: Zone, steps: readonly Step[]): readonly Placed[] {
  const found = steps.at(-1)?.found;
  if (found?.kind !== "referral") return [];
  const servers = rrsetAt(zone, found.cut, rrtype.NS)?.rdata.map((octets) => nameFromOctets(octets)) ?? [];
  return servers
    .flatMap((server) => (server === undefined ? [] : rrsetsAt(zone, server)))
    .filter(({ type }) => type === rrtype.A || type === rrtype.AAAA)
    .map((rrset) => ({ rrset, name: rrset.name, unsigned: "yes" }));
}

/** The records, and the signature over them where one is due, with their TTL (RFC 4034 §3). */
function written({ rrset, name, ttl = rrset.ttl, unsigned }: Placed, signer: Zone["signer"]): ResourceRecord[] {
  const records = recordsOf(rrset, { name, ttl });
  if (signer === null || unsigned === "yes") return [...records];
  return [...records, ...recordsOf({ type: rrtype.RRSIG, rdata: [signer.sign(rrset)] }, { name, ttl })];
}
