import type { ExportResponse } from "../../api/contract/export.ts";

type Exported = ExportResponse["records"][number];
type Standing = Exported & { readonly rrset: { readonly ttl: number; readonly data: readonly string[] } };

/**
 * A YAML document a zone, as octoDNS's YamlProvider reads it: names under the zone, `""` for the zone itself. Several
 * zones are several documents: each belongs into a file of its own, which the comment names.
 */
export function octodnsText(response: ExportResponse): string {
  const zones = Map.groupBy(response.records.filter(stands), ({ view, zone }) => `${view} ${zone}`);
  return [...zones.values()].map(octodnsZone).join("");
}

/** A view other than the public one is a folder of its own: octoDNS knows a zone by its file. */
function octodnsZone(records: readonly Standing[]): string {
  const { zone, view } = records[0] ?? { zone: "", view: "public" };
  const names = Map.groupBy(records, ({ name }) => relative(name, zone));
  const lines = [...names]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, list]) => `${JSON.stringify(name)}:\n${list.flatMap(octodnsRecord).join("\n")}`);
  return [`---`, `# ${view === "public" ? "" : `${view}/`}${zone}yaml`, ...lines, ""].join("\n");
}

function octodnsRecord({ type, rrset }: Standing): string[] {
  const values = rrset.data.map((value) => JSON.stringify(value));
  return [
    `  - type: ${type}`,
    `    ttl: ${rrset.ttl}`,
    ...(type === "CNAME"
      ? [`    value: ${values[0] ?? ""}`]
      : ["    values:", ...values.map((value) => `      - ${value}`)]),
  ];
}

/** Record sets of the provider hashicorp/dns, which writes by RFC 2136. Blocks are named after service and record. */
export function terraformText(response: ExportResponse): string {
  return response.records.filter(stands).map(terraformBlock).join("\n");
}

const resources = {
  A: { resource: "dns_a_record_set", member: "addresses" },
  AAAA: { resource: "dns_aaaa_record_set", member: "addresses" },
  CNAME: { resource: "dns_cname_record", member: "cname" },
} as const;

function terraformBlock({ service, record, zone, name, type, rrset }: Standing): string {
  const { resource, member } = resources[type];
  const values = rrset.data.map((value) => JSON.stringify(value));
  const under = relative(name, zone);
  const members: [string, string][] = [
    ["zone", JSON.stringify(zone)],
    // The apex is said by leaving the name out.
    ...(under === "" ? [] : [["name", JSON.stringify(under)] satisfies [string, string]]),
    [member, member === "cname" ? (values[0] ?? "") : `[${values.join(", ")}]`],
    ["ttl", String(rrset.ttl)],
  ];
  const wide = Math.max(...members.map(([key]) => key.length));
  const lines = members.map(([key, value]) => `  ${key.padEnd(wide)} = ${value}`);
  return [`resource "${resource}" "${identifier(`${service}_${record}`)}" {`, ...lines, "}", ""].join("\n");
}

/** Terraform's identifiers do not begin with a digit. */
function identifier(id: string): string {
  return /^[0-9]/.test(id) ? `_${id}` : id;
}

/** An absent RRset and one that is not established have no value to write. */
function stands(record: Exported): record is Standing {
  return record.rrset !== null && record.rrset !== "absent";
}

function relative(name: string, zone: string): string {
  return name === zone ? "" : name.slice(0, -(zone.length + 1));
}
