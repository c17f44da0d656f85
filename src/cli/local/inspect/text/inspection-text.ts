import { clean } from "../../../format/clean.ts";
import { toneOf, when } from "../display.ts";
import { expiries } from "../expiry.ts";
import type { Finding } from "../finding.ts";
import { findingsOf } from "../findings.ts";
import type { Inspection } from "../inspection.ts";
import { outcomeWords } from "../story.ts";
import { judgementWords, verdictWords, workWords } from "../words.ts";
import { columnsOf, validityBar } from "./box.ts";
import { badge, chainText } from "./chain-text.ts";
import { painted, span, wrapped, type Canvas, type Line } from "./lines.ts";
import { serversText } from "./servers-text.ts";

const columnsMost = 100;
const columnsLeast = 40;

/** All of it, for people. What others wrote is made harmless first: no control character reaches the terminal. */
export function inspectionText(given: Inspection, page: Canvas): string {
  const inspection = clean(given);
  const canvas = { ...page, columns: Math.max(columnsLeast, Math.min(columnsMost, page.columns)) };
  const survey = inspection.survey;
  return [
    ...headline(inspection, canvas),
    ...titled("Chain of trust", chainText(inspection, canvas), canvas),
    ...(survey === null
      ? []
      : titled(`Nameservers of ${survey.zone}`, serversText(survey, inspection.at, canvas), canvas)),
    ...titled("Ends next", expiryLines(inspection, canvas), canvas),
    ...titled("What is wrong, and what mends it", findingLines(findingsOf(inspection), canvas), canvas),
    "",
    ...closing(inspection, canvas),
  ].join("\n");
}

function titled(title: string, lines: readonly string[], canvas: Canvas): readonly string[] {
  return lines.length === 0 ? [] : ["", painted([span(title, "bold")], canvas), "", ...lines];
}

function headline(inspection: Inspection, canvas: Canvas): readonly string[] {
  const { validation, asked } = inspection;
  const { name, type, verdict } = validation;
  const lines: Line[] = [
    [span(` ${badge(verdict, canvas).toUpperCase()}`, toneOf(verdict)), span(`  ${name} ${type}`, "bold")],
    [span(` ${outcomeWords(validation)}`)],
    [span(` ${verdictWords(inspection)}`, toneOf(verdict))],
    [span(` Asked ${asked}: ${workWords(validation.work)}.`, "dim")],
  ];
  return lines.flatMap((line) => wrapped(line, canvas.columns, 1)).map((line) => painted(line, canvas));
}

function expiryLines(inspection: Inspection, canvas: Canvas): readonly string[] {
  const tones = { good: "plain", soon: "warn", over: "bad" } as const;
  const rows = expiries(inspection).map((expiry): readonly Line[] => [
    validityBar(expiry, inspection.at, canvas),
    [span(when(expiry.expiration), "dim")],
    [span(`${expiry.what}${expiry.at === null ? "" : ` at ${expiry.at}`}`, tones[expiry.state])],
  ]);
  return columnsOf(rows)
    .flatMap((line) => wrapped([span("  "), ...line], canvas.columns, 6))
    .map((line) => painted(line, canvas));
}

function findingLines(findings: readonly Finding[], canvas: Canvas): readonly string[] {
  const { strokes } = canvas;
  const marks = { wrong: strokes.bad, unknown: strokes.unknown, warning: strokes.warn, note: strokes.separator };
  const tones = { wrong: "bad", unknown: "warn", warning: "warn", note: "dim" } as const;
  return findings
    .flatMap(({ level, code, where, says, mend }): readonly Line[] => [
      [span(`  ${marks[level]} ${code}`, tones[level]), span("  "), span(where, "bold")],
      [span("    "), span(says)],
      [span(`    ${strokes.mend} `, "good"), span(mend)],
    ])
    .flatMap((line) => wrapped(line, canvas.columns, 6))
    .map((line) => painted(line, canvas));
}

function closing(inspection: Inspection, canvas: Canvas): readonly string[] {
  const { says, tone } = judgementWords(inspection);
  return wrapped([span(says, tone)], canvas.columns).map((line) => painted(line, canvas));
}
