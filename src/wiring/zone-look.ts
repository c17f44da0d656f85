import { isIP } from "node:net";
import type { ServerSurvey, ZoneSurvey } from "../core/integrity/survey.ts";
import { canonicalText, isWithin, type Name, nameFromText, parentOf, sameName } from "../dns/wire/name.ts";
import type { Message, ResourceRecord } from "../dns/wire/record.ts";
import { rdataOctetsToText } from "../dns/wire/rdata.ts";
import { rrtype, typeToText } from "../dns/wire/rrtype.ts";
import type { DnsQuestion } from "../ports/dns-query.ts";
import { zoneSurveyor } from "../verification/survey/zone-surveyor.ts";
import type { Look } from "./look.ts";

/** Nameservers of one zone that are looked at, and addresses of them all. */
const nameserversMax = 16;
const addressesMax = 32;

/**
 * Asks every address of every nameserver that the zone or its parent names, and validates what each says of the question.
 * Whoever is named is asked, believed or not: what they answer is judged.
 */
export async function surveyZone(
  { port, means, anchors, portOf }: Look,
  zone: Name,
  question: DnsQuestion,
  signal: AbortSignal,
): Promise<ZoneSurvey> {
  const ask = async (of: Name | "closest", name: Name, type: number): Promise<Message | null> => {
    const answer = await port.query(of, { name, type }, signal);
    return answer.outcome === "message" ? answer.message : null;
  };
  const above = parentOf(zone);
  const said = await Promise.all([
    ask(zone, zone, rrtype.NS),
    ...(above === undefined ? [] : [ask(above, zone, rrtype.NS)]),
  ]);
  const records = said
    .flatMap((message) => (message === null ? [] : [message.answer, message.authority, message.additional]))
    .flat();
  const names = namesIn(records, zone).slice(0, nameserversMax);
  const found = await Promise.all(
    names.map(async (name): Promise<Housed> => {
      const glue = addressesIn(records, name);
      if (glue.length > 0) return { name, addresses: glue };
      const both = await Promise.all([ask("closest", name, rrtype.A), ask("closest", name, rrtype.AAAA)]);
      return {
        name,
        addresses: addressesIn(
          both.flatMap((message) => message?.answer ?? []),
          name,
        ),
      };
    }),
  );
  const servers = found
    .flatMap(({ name, addresses }) =>
      addresses.map((address) => ({ name: canonicalText(name), address, port: portOf(address), provider: null })),
    )
    .slice(0, addressesMax);
  const survey = await zoneSurveyor({ means, trustOf: () => ({ port, anchors }) }).survey(
    { zone: canonicalText(zone), view: "public", vantage: "here", servers, watched: watchedIn(zone, question) },
    signal,
  );
  const homeless = found.filter(({ addresses }) => addresses.length === 0).map(({ name }) => withoutAddress(name));
  return { ...survey, servers: [...survey.servers, ...homeless] };
}

interface Housed {
  readonly name: Name;
  readonly addresses: readonly string[];
}

/** What is asked for lies in the zone, so that its nameservers have a word on it. */
function watchedIn(zone: Name, { name, type }: DnsQuestion): readonly { name: string; type: string }[] {
  return isWithin(name, zone) ? [{ name: canonicalText(name), type: typeToText(type) }] : [];
}

function namesIn(records: readonly ResourceRecord[], zone: Name): readonly Name[] {
  const names = new Map<string, Name>();
  for (const { name, type, rdata } of records) {
    if (type !== rrtype.NS || !sameName(name, zone)) continue;
    const nameserver = nameFromText(rdataOctetsToText(type, rdata));
    if (nameserver !== undefined) names.set(canonicalText(nameserver), nameserver);
  }
  return [...names].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
}

function addressesIn(records: readonly ResourceRecord[], name: Name): readonly string[] {
  const own = records.filter(
    (record) => (record.type === rrtype.A || record.type === rrtype.AAAA) && sameName(record.name, name),
  );
  const texts = own.map(({ type, rdata }) => rdataOctetsToText(type, rdata)).filter((text) => isIP(text) !== 0);
  return [...new Set(texts)];
}

function withoutAddress(name: Name): ServerSurvey {
  return {
    provider: null,
    nameserver: canonicalText(name),
    address: "no address",
    outcome: "no-response",
    code: "no-address",
    latencyMs: null,
    udp: null,
    tcp: null,
    soa: null,
    ns: null,
    keys: null,
    keysTtlMs: null,
    cds: null,
    cdnskey: null,
    finding: { authenticity: "indeterminate", code: "no-answer", says: "It has no address." },
    signedUntil: null,
    signedFrom: null,
    watched: [],
  };
}
