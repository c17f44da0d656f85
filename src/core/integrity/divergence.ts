import { canonicalJson } from "../../values/json.ts";
import { serverText, type IntegrityFinding } from "./report.ts";
import { askedText, type ServerSurvey } from "./survey.ts";

/**
 * Nameservers of one provider that give other data under the same serial. Those in the minority are named; where there
 * is none, all are. By address.
 */
export function divergences(servers: readonly ServerSurvey[]): ReadonlyMap<string, IntegrityFinding> {
  const found = new Map<string, IntegrityFinding>();
  const groups = Map.groupBy(
    servers.filter(({ outcome, soa }) => outcome === "answer" && soa !== null),
    ({ provider, soa }) => `${provider ?? ""} ${soa?.serial ?? 0}`,
  );
  for (const group of groups.values()) {
    for (const part of new Set(group.flatMap((server) => [...partsOf(server).keys()])))
      for (const server of minority(group, part))
        if (!found.has(server.address)) found.set(server.address, told(server, part));
  }
  return found;
}

/** What a server said, by part; what it did not say is left out, and compared with nothing. */
function partsOf({ ns, keys, cds, cdnskey, watched }: ServerSurvey): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  if (ns !== null) parts.set("NS", canonicalJson(ns));
  if (keys !== null)
    parts.set("DNSKEY", canonicalJson(keys.map(({ fingerprint, flags }) => `${flags} ${fingerprint}`).toSorted()));
  if (cds !== null) parts.set("CDS", canonicalJson(cds));
  if (cdnskey !== null) parts.set("CDNSKEY", canonicalJson(cdnskey));
  for (const one of watched)
    parts.set(askedText(one), one.rrset === "absent" ? one.rrset : canonicalJson(one.rrset.rdata));
  return parts;
}

function minority(group: readonly ServerSurvey[], part: string): readonly ServerSurvey[] {
  const said = group.flatMap((server) => {
    const value = partsOf(server).get(part);
    return value === undefined ? [] : [{ server, value }];
  });
  const sides = [...Map.groupBy(said, ({ value }) => value).values()].toSorted((a, b) => b.length - a.length);
  const [most, second] = sides;
  if (most === undefined || second === undefined) return [];
  const others = most.length > second.length ? sides.slice(1) : sides;
  return others.flat().map(({ server }) => server);
}

function told(server: ServerSurvey, part: string): IntegrityFinding {
  const about = serverText(server);
  const serial = server.soa?.serial ?? 0;
  return {
    code: "divergent",
    bell: "availability",
    about,
    says: `${about} gives another ${part} than the others of its provider, under the same serial ${serial}.`,
    figures: { part, serial },
    mend: "Let it transfer the zone anew, and see why two versions have one serial.",
  };
}
