import { paths } from "../../api/contract/common.ts";
import { exportResponse, type ExportResponse } from "../../api/contract/export.ts";
import { octodnsText, terraformText } from "../format/export-text.ts";
import type { Command, Context } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { ask } from "./client.ts";

const formats: ReadonlyMap<string, (response: ExportResponse) => string> = new Map([
  ["json", (response: ExportResponse) => JSON.stringify(response, undefined, 2)],
  ["octodns", octodnsText],
  ["terraform", terraformText],
]);

export const exportValues: Command = {
  name: "export",
  summary: "the values that now stand, for the tools that keep the zones",
  usage: ["[--format json|octodns|terraform] [--zone ZONE]"],
  details: [
    "By the journal: what Pointsman last wrote or adopted. Values in flight or drifted are warned of, with exit code 1.",
    "octodns: a zone's YAML. terraform: record sets of the provider hashicorp/dns.",
  ],
  options: {
    format: { placeholder: "FORMAT", says: "json, octodns or terraform (json)" },
    zone: { placeholder: "ZONE", says: "this zone alone" },
  },
  takes: { least: 0, most: 0 },
  async run(given, context) {
    const format = given.value("format") ?? "json";
    const write = formats.get(format);
    if (write === undefined) throw badUsage(`There is no format ${format}.`, "Give json, octodns or terraform.");
    const all = await ask(context, { method: "GET", path: paths.export }, exportResponse);
    const response = ofZone(all, given.value("zone"));
    context.terminal.print(context.json ? JSON.stringify(response) : write(response).trimEnd());
    return warnOfDoubts(context, response) ? 1 : 0;
  },
};

function ofZone(response: ExportResponse, zone: string | undefined): ExportResponse {
  if (zone === undefined) return response;
  const absolute = `${zone.toLowerCase().replace(/\.$/, "")}.`;
  const records = response.records.filter((record) => record.zone === absolute);
  if (records.length > 0) return { ...response, records };
  const zones = [...new Set(response.records.map((record) => record.zone))];
  throw badUsage(`No record stands in a zone ${zone}.`, `Known: ${zones.join(", ")}`);
}

function warnOfDoubts({ terminal }: Context, { records }: ExportResponse): boolean {
  const doubts = records.flatMap(({ name, type, rrset, inFlight, drifted }) => [
    ...(rrset === null ? [`${name} ${type} is left out: what stands is not established yet.`] : []),
    ...(inFlight ? [`${name} ${type} is in flight: it is being changed now.`] : []),
    ...(drifted ? [`${name} ${type} drifted: nameservers answer something else.`] : []),
  ]);
  for (const doubt of doubts) terminal.note(`Warning: ${doubt}`);
  return doubts.length > 0;
}
