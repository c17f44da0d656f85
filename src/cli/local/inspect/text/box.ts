import { shareLeft, countdown, type Span as Validity, type Tone } from "../display.ts";
import type { Instant } from "../../../../values/time.ts";
import { padded, painted, span, widthOf, wrapped, type Canvas, type Line } from "./lines.ts";

export interface Box {
  readonly title: string;
  /** At the right end of the upper edge: the verdict. */
  readonly badge: string;
  readonly tone: Tone;
  readonly lines: readonly Line[];
  /** Whether a line leaves it at its bottom. */
  readonly leads: "on" | "nowhere";
}

/** A frame as wide as the canvas, with a title and a badge in its upper edge; what is too wide is wrapped. */
export function boxText({ title, badge, tone, lines, leads }: Box, canvas: Canvas): readonly string[] {
  const { strokes, columns } = canvas;
  const inner = columns - 4;
  const edge = (text: string): Line => [span(text, tone)];
  return [
    ...upperEdge({ title, badge, tone }, canvas).map((line) => painted(line, canvas)),
    ...lines
      .flatMap((line) => wrapped(line, inner, 4))
      .map((line) => painted(sided(line, { tone, columns, down: strokes.down }), canvas)),
    painted(
      edge(
        `${strokes.bottomLeft}${leads === "on" ? strokes.across + strokes.leaves + strokes.across.repeat(columns - 4) : strokes.across.repeat(columns - 2)}${strokes.bottomRight}`,
      ),
      canvas,
    ),
  ];
}

/** A title that does not fit beside the badge stands in lines of its own. */
function upperEdge({ title, badge, tone }: Pick<Box, "title" | "badge" | "tone">, canvas: Canvas): readonly Line[] {
  const { strokes, columns } = canvas;
  const fits = title.length + badge.length + 10 <= columns;
  const start = fits ? `${strokes.topLeft}${strokes.across} ` : strokes.topLeft;
  const end = ` ${strokes.across}${strokes.topRight}`;
  const fill = columns - start.length - (fits ? title.length : 0) - badge.length - end.length - 2;
  const edge: Line = [
    span(start, tone),
    ...(fits ? [span(title, "bold")] : []),
    span(` ${strokes.across.repeat(Math.max(1, fill))} `, tone),
    span(badge, tone),
    span(end, tone),
  ];
  const rest = fits
    ? []
    : wrapped([span(title, "bold")], columns - 4).map((line) => sided(line, { tone, columns, down: strokes.down }));
  return [edge, ...rest];
}

function sided(line: Line, { tone, columns, down }: { tone: Tone; columns: number; down: string }): Line {
  return [span(`${down} `, tone), ...padded(line, columns - 4), span(` ${down}`, tone)];
}

const barColumns = 12;

/** What is left of a time: `████░░░░░░░░  4 d of 14 d left`. */
export function validityBar(validity: Validity, now: Instant, { strokes }: Canvas): Line {
  const share = shareLeft(validity, now);
  // A last sliver shows as long as anything is left.
  const full = Math.min(barColumns, Math.ceil(share * barColumns));
  const over = now > validity.expiration || now < validity.inception;
  const tone: Tone = over ? "bad" : share < 1 / 8 ? "warn" : "good";
  return [
    span(strokes.full.repeat(full), tone),
    span(strokes.empty.repeat(barColumns - full), "dim"),
    span(`  ${countdown(validity, now)}`, over ? "bad" : "plain"),
  ];
}

/** Rows of cells, padded to the widest of each column. */
export function columnsOf(rows: readonly (readonly Line[])[], gap = 2): readonly Line[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  }
  return rows.map((row) =>
    row.flatMap((cell, index) =>
      index === row.length - 1 ? cell : [...padded(cell, widths[index] ?? 0), span(" ".repeat(gap))],
    ),
  );
}
