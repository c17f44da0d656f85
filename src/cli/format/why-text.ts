import type { WhyResponse } from "../../api/contract/why.ts";
import type { Paint } from "../frame/terminal.ts";
import { clean } from "./clean.ts";
import { indented } from "./table.ts";
import { commandLines, gateLines, headerWords } from "./words.ts";

export function whyText(given: WhyResponse, paint: Paint): string {
  const why = clean(given);
  return [
    ...headerWords(why.header, paint),
    `${paint.bold(why.service)}: ${why.says}`,
    ...why.holds.flatMap(({ code, says, command }) => [
      `  ${paint.warn(code)}: ${says}`,
      ...(command === null ? [] : [`    ${paint.dim(command)}`]),
    ]),
    ...failoverLines(why, paint),
    ...why.reviews.map(
      ({ id, kind, subject, dueAt, overdue }) =>
        `  ${overdue ? paint.bad("review") : paint.warn("review")} of ${kind} ${subject}, until ${dueAt}: pointsman close-review ${id}`,
    ),
    ...why.initiatives.flatMap((initiative) => [
      "",
      `${paint.bold(initiative.initiative)} (${initiative.authority}): ${initiative.says}`,
      `  signal ${initiative.signal}: ${initiative.signalSays}`,
      `  move: ${initiative.move}`,
      ...nonEmpty(indented(gateLines(initiative.gates, paint), "  ")),
    ]),
    ...(why.commands.length === 0 ? [] : ["", ...commandLines(why.commands, paint)]),
  ].join("\n");
}

function failoverLines({ failover }: WhyResponse, paint: Paint): string[] {
  if (failover === null) return [];
  return [
    "",
    `${paint.bold(failover.id)} is ${failover.status}: ${failover.says}`,
    ...failover.missing.map(
      ({ says, people }) => `  waits for ${says}${people.length === 0 ? "" : ` (${people.join(", ")})`}`,
    ),
    ...failover.waivers.map(({ person, gate, code }) => paint.bad(`  WAIVED ${gate} (${code}) by ${person}`)),
    ...nonEmpty(indented(gateLines(failover.gates, paint), "  ")),
    ...failover.commands.map((command) => `  ${paint.dim(command)}`),
  ];
}

function nonEmpty(text: string): string[] {
  return text === "" ? [] : [text];
}
