import type { Verdict } from "../../../../dns/dnssec/verdict.ts";
import type { Instant } from "../../../../values/time.ts";
import { countdown, shareLeft, toneOf, zoneName, type Span as Validity, type Tone } from "../display.ts";
import { escaped, shortened } from "./escape.ts";
import { inset } from "./measures.ts";
import type { Arrow, Chip, Panel, Place, PlacedRecord, PlacedText, PlacedZone, Scene } from "./scene.ts";

/** The scene as the members of an SVG element: arrows lie under the boxes' contents. */
export function drawScene({ zones, panels, anchors, arrows }: Scene, now: Instant): string {
  return [
    ...zones.map(zoneFrame),
    ...panels.map(panelFrame),
    ...arrows.map(arrow),
    ...anchors.map((one) => chip(one, now)),
    ...zones.map((zone) => zoneInside(zone, now)),
    ...panels.flatMap((panel) => panel.records.map((record) => recordInside(record, panel, now))),
  ].join("\n");
}

export const marks: { readonly [Each in Verdict]: string } = {
  secure: "✓",
  insecure: "!",
  bogus: "✗",
  indeterminate: "?",
  unverifiable: "?",
};

function zoneFrame({ link, ...place }: PlacedZone): string {
  return `<rect class="box ${toneOf(link.verdict)}${link.verdict === "secure" ? "" : " open"}" ${rectangle(place)} rx="10"/>`;
}

function panelFrame(panel: Panel): string {
  const worst = panel.records.find(({ link }) => link.verdict !== "secure")?.link.verdict ?? "secure";
  return `<rect class="box answer ${toneOf(worst)}${worst === "secure" ? "" : " open"}" ${rectangle(panel)} rx="10"/>`;
}

function zoneInside(zone: PlacedZone, now: Instant): string {
  const { x, y, width, link } = zone;
  return [
    heading(zoneName(link.zone), link.verdict, { x, y, width }),
    ...zone.keys.map((key) => chip(key, now)),
    ...zone.troubles.map((line) => text(line, x + inset, "says")),
    ...zone.lanes.flatMap((lane) => [
      `<line class="rule" x1="${x}" x2="${x + width}" y1="${lane.y}" y2="${lane.y}"/>`,
      `<text class="lane" x="${lane.x}" y="${lane.y + 18}">${escaped(`for ${shortened(lane.child, lane.characters)}`)}</text>`,
      ...lane.chips.map((ds) => chip(ds, now)),
    ]),
  ].join("\n");
}

function recordInside(record: PlacedRecord, { x, width, records }: Panel, now: Instant): string {
  const { link, y } = record;
  return [
    ...(record === records[0] ? [] : [`<line class="rule" x1="${x}" x2="${x + width}" y1="${y}" y2="${y}"/>`]),
    heading(`${link.name} ${link.type}`, link.verdict, { x, y, width }),
    ...record.data.map((line) => text(line, x + inset, "data")),
    ...record.signatures.flatMap((signature) => [
      text({ text: signature.says, tone: signature.tone, y: signature.y }, x + inset, "says"),
      bar(signature.validity, now, { x: x + 236, y: signature.y - 8, width: 90 }),
      `<text class="small" x="${x + 334}" y="${signature.y}">${escaped(countdown(signature.validity, now))}</text>`,
    ]),
    ...record.troubles.map((line) => text(line, x + inset, "says")),
  ].join("\n");
}

function heading(title: string, verdict: Verdict, { x, y, width }: Omit<Place, "height">): string {
  return [
    `<text class="title" x="${x + inset}" y="${y + 26}"><title>${escaped(title)}</title>${escaped(shortened(title, 40))}</text>`,
    `<text class="badge ${toneOf(verdict)}" x="${x + width - inset}" y="${y + 26}">${marks[verdict]} ${verdict}</text>`,
  ].join("\n");
}

function chip(one: Chip, now: Instant): string {
  const { x, y, title, detail, role, tone, solid, validity } = one;
  const left = x + 10;
  return [
    `<g><title>${escaped(`${title}, ${detail}: ${role}${validity === null ? "" : `, ${countdown(validity, now)}`}`)}</title>`,
    `<rect class="chip ${tone}${solid ? "" : " open"}" ${rectangle(one)} rx="6"/>`,
    `<text class="name" x="${left}" y="${y + 18}">${escaped(shortened(title, 16))}</text>`,
    `<text class="small" x="${left}" y="${y + 34}">${escaped(shortened(detail, 21))}</text>`,
    `<text class="small ${tone}" x="${left}" y="${y + 50}">${escaped(shortened(role, 21))}</text>`,
    ...(validity === null ? [] : [bar(validity, now, { x: left, y: y + 54, width: one.width - 20 })]),
    "</g>",
  ].join("\n");
}

/** What is left of a time, as the filled part. */
function bar(validity: Validity, now: Instant, { x, y, width }: Omit<Place, "height">): string {
  const share = shareLeft(validity, now);
  const over = now < validity.inception || now > validity.expiration;
  const tone: Tone = over ? "bad" : share < 1 / 8 ? "warn" : "good";
  const left = Math.round(share * width * 10) / 10;
  return `<rect class="bar ${over ? "bad" : ""}" x="${x}" y="${y}" width="${width}" height="5" rx="2.5"/><rect class="left ${tone}" x="${x}" y="${y}" width="${over ? 0 : Math.max(3, left)}" height="5" rx="2.5"/>`;
}

function arrow({ from, to, way, tone, kind }: Arrow): string {
  const [x1, y1] = from;
  const [x2, y2] = to;
  const half = way === "down" ? (y2 - y1) / 2 : Math.max(30, (x2 - x1) / 2);
  // The line ends where the head begins.
  const path =
    way === "down"
      ? `M${x1} ${y1} C${x1} ${y1 + half} ${x2} ${y2 - half} ${x2} ${y2 - 7}`
      : `M${x1} ${y1} C${x1 + half} ${y1} ${x2 - half} ${y2} ${x2 - 7} ${y2}`;
  const head = way === "down" ? `M${x2} ${y2} l-4.5 -8 h9 z` : `M${x2} ${y2} l-8 -4.5 v9 z`;
  const cross =
    kind === "broken"
      ? `<g class="cross" transform="translate(${(x1 + x2) / 2} ${(y1 + y2) / 2})"><circle r="9"/><path d="M-4 -4 L4 4 M4 -4 L-4 4"/></g>`
      : "";
  return `<path class="way ${tone} ${kind}" d="${path}"/><path class="head ${tone}" d="${head}"/>${cross}`;
}

function text({ text: says, tone, y }: PlacedText, x: number, kind: "says" | "data"): string {
  return `<text class="${kind} ${tone}" x="${x}" y="${y}">${escaped(says)}</text>`;
}

function rectangle({ x, y, width, height }: Place): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`;
}
