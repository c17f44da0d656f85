import type { ServerSurvey, ZoneSurvey } from "../../../../core/integrity/survey.ts";
import type { Instant } from "../../../../values/time.ts";
import { rough, toneOf } from "../display.ts";
import { columnsOf } from "./box.ts";
import { badge } from "./chain-text.ts";
import { painted, span, wrapped, type Canvas, type Line } from "./lines.ts";

/** The matrix of nameservers: one row an address. Cards instead of a table where that is wider than the terminal. */
export function serversText(survey: ZoneSurvey, now: Instant, canvas: Canvas): readonly string[] {
  const head = ["nameserver", "address", "answers", "authentic", "serial", "signed until", "UDP", "TCP"];
  const rows = survey.servers.map((server) => cellsOf(server, now, canvas));
  const lines = columnsOf([head.map((title): Line => [span(title, "dim")]), ...rows]);
  const wide = Math.max(...lines.map((line) => line.reduce((sum, { text }) => sum + text.length, 0))) + 2;
  if (wide <= canvas.columns) return lines.map((line) => painted([span("  "), ...line], canvas));
  return rows.flatMap((row) => card(row, head, canvas));
}

function card([name = [], address = [], ...cells]: readonly Line[], head: readonly string[], canvas: Canvas): string[] {
  const rows = cells.map((cell, index): readonly Line[] => [[span(`    ${head[index + 2] ?? ""}`, "dim")], cell]);
  return [[span("  "), ...name, span("  "), ...address], ...columnsOf(rows)]
    .flatMap((line) => wrapped(line, canvas.columns, 4))
    .map((line) => painted(line, canvas));
}

const outcomes = { "no-response": "silent", lame: "lame", malformed: "malformed", "no-route": "no route" } as const;

function cellsOf(server: ServerSurvey, now: Instant, canvas: Canvas): readonly Line[] {
  const { strokes } = canvas;
  const answers = server.outcome === "answer";
  return [
    [span(server.nameserver, "bold")],
    [span(server.address)],
    [
      answers
        ? span(`${strokes.good} ${server.latencyMs === null ? "yes" : `${Math.round(server.latencyMs)} ms`}`, "good")
        : span(`${strokes.bad} ${outcomes[server.outcome]}`, "bad"),
    ],
    [
      answers
        ? span(badge(server.finding.authenticity, canvas), toneOf(server.finding.authenticity))
        : span("not known", "dim"),
    ],
    [server.soa === null ? span("-", "dim") : span(String(server.soa.serial))],
    [
      server.signedUntil === null
        ? span("-", "dim")
        : server.signedUntil < now
          ? span(`expired ${rough(now - server.signedUntil)} ago`, "bad")
          : span(`${rough(server.signedUntil - now)} left`),
    ],
    [transport(server.udp, canvas)],
    [transport(server.tcp, canvas)],
  ];
}

function transport(answers: boolean | null, { strokes }: Canvas): Line[number] {
  if (answers === null) return span("-", "dim");
  return answers ? span(strokes.good, "good") : span(strokes.bad, "bad");
}
