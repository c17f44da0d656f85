import type { AnswerLink, DsView, Reason, SignatureView, ZoneLink } from "../../../../dns/dnssec/verdict.ts";
import {
  algorithmName,
  digestName,
  isEntryPoint,
  keyMaterial,
  roleOf,
  signatureStates,
  toneOf,
  zoneName,
} from "../display.ts";
import { kindOf, type Inspection } from "../inspection.ts";
import { aliasTarget, bondOf, pathsOf, troublesOfAnswer, troublesOfZone, unsignedWords, type Path } from "../story.ts";
import { boxText, columnsOf, validityBar } from "./box.ts";
import { painted, span, wrapped, type Canvas, type Line } from "./lines.ts";

/** The chain of trust from the anchor down to the answer, one box a zone. */
export function chainText(inspection: Inspection, canvas: Canvas): readonly string[] {
  const [first = [], ...others] = pathsOf(inspection.validation).map((path) => pathText(path, { inspection, canvas }));
  return [...first, ...others.flatMap((lines) => ["", lines].flat())];
}

interface Drawing {
  readonly inspection: Inspection;
  readonly canvas: Canvas;
}

function pathText({ below, zones, answers }: Path, drawing: Drawing): readonly string[] {
  const { canvas } = drawing;
  const from = below === null ? [] : [painted([span(`  from ${zoneName(below.zone)} above`, "dim")], canvas)];
  const boxes = zones.flatMap((zone, index) => [
    ...linkText(zone, index === 0 && below === null ? "anchor" : "ds", drawing),
    ...boxText(
      {
        title: zoneName(zone.zone),
        badge: badge(zone.verdict, canvas),
        tone: toneOf(zone.verdict),
        lines: zoneLines(zone, drawing),
        leads: index < zones.length - 1 || answers.length > 0 ? "on" : "nowhere",
      },
      canvas,
    ),
  ]);
  const given = answers.flatMap((link, index) => [
    ...signedText(link, drawing),
    ...boxText(
      {
        title: `${link.name} ${link.type}`,
        badge: badge(link.verdict, canvas),
        tone: toneOf(link.verdict),
        lines: answerLines(link, drawing),
        leads: index < answers.length - 1 ? "on" : "nowhere",
      },
      canvas,
    ),
  ]);
  return [...from, ...boxes, ...given];
}

export function badge(verdict: string, { strokes }: Canvas): string {
  const marks = new Map([
    ["secure", strokes.good],
    ["bogus", strokes.bad],
    ["insecure", strokes.warn],
  ]);
  return `${marks.get(verdict) ?? strokes.unknown} ${verdict}`;
}

/** What leads into a zone's box: the anchors, or the DS that its parent publishes. */
function linkText(zone: ZoneLink, by: "anchor" | "ds", { canvas }: Drawing): readonly string[] {
  const whole = zone.ds.some(({ matches }) => matches === "key");
  const kind = whole ? "whole" : zone.ds.length > 0 && zone.verdict === "bogus" ? "broken" : "dashed";
  const rows = zone.ds.map((ds) => dsRow(ds, zone, by, canvas));
  const none =
    by === "anchor"
      ? "no trust anchor stands above"
      : zone.verdict === "insecure" || zone.verdict === "secure"
        ? "no DS: its parent vouches for no key of it"
        : "no DS is known";
  const lines = rows.length === 0 ? [[span(none, "warn")]] : columnsOf(rows);
  return leading(kind, lines, canvas);
}

type Kind = "whole" | "dashed" | "broken";

/** A line down to the next box, with what it stands for beside it. */
function leading(kind: Kind, lines: readonly Line[], canvas: Canvas): readonly string[] {
  const { strokes, columns } = canvas;
  const tone = { whole: "good", dashed: "warn", broken: "bad" } as const;
  const down = kind === "whole" ? strokes.down : strokes.dashedDown;
  const end = kind === "broken" ? `${strokes.broken} the chain breaks here` : strokes.arrow;
  return [
    ...lines
      .flatMap((line) => wrapped(line, columns - 4, 2))
      .map((line) => painted([span(`  ${down} `, tone[kind]), ...line], canvas)),
    painted([span(`  ${end}`, tone[kind])], canvas),
  ];
}

function dsRow(ds: DsView, zone: ZoneLink, by: "anchor" | "ds", { strokes }: Canvas): readonly Line[] {
  const key = zone.keys.find(({ tag, algorithm }) => tag === ds.tag && algorithm === ds.algorithm);
  const state: { readonly [Matches in DsView["matches"]]: Line } = {
    key: [span(`${strokes.good} matches ${key === undefined ? "a key" : `${roleOf(key, zone)} ${key.tag}`}`, "good")],
    "no-key": [span(`${strokes.bad} matches no key of the zone`, zone.verdict === "secure" ? "warn" : "bad")],
    unsupported: [span(`${strokes.warn} not supported, so left out`, "warn")],
  };
  return [
    [span(by === "anchor" ? "trust anchor" : "DS", "bold"), span(` ${ds.tag}`)],
    [span(algorithmName(ds.algorithm), "dim"), span(` ${digestName(ds.digestType)}`, "dim")],
    state[ds.matches],
  ];
}

function zoneLines(zone: ZoneLink, { inspection, canvas }: Drawing): readonly Line[] {
  const signers = zone.signatures.filter(holds).map(({ tag }) => tag);
  const troubles = troublesOfZone(zone, inspection.validation);
  const keys = zone.keys
    .toSorted((a, b) => Number(isEntryPoint(b)) - Number(isEntryPoint(a)) || a.tag - b.tag)
    .map((key): readonly Line[] => {
      const signs = zone.signatures.some(
        (signature) => holds(signature) && signature.tag === key.tag && signature.algorithm === key.algorithm,
      );
      return [
        [span(roleOf(key, zone), "bold"), span(` ${key.tag}`)],
        [span(keyMaterial(key), "dim")],
        [trust(key.trustedBy, signers), ...(signs ? [span(", signs the keys")] : [])],
      ];
    });
  return [
    ...columnsOf(keys),
    ...columnsOf(zone.signatures.map((signature) => signatureRow(signature, "keys signed", inspection, canvas))),
    ...(zone.keys.length === 0 && troubles.length === 0 ? [[span("no keys are known", "dim")]] : []),
    ...troubles.map((reason) => troubleLine(reason, canvas)),
  ];
}

function holds({ state }: SignatureView): boolean {
  return state === "valid" || state === "not-needed";
}

function trust(by: ZoneLink["keys"][number]["trustedBy"], signers: readonly number[]): Line[number] {
  if (by === "anchor") return span("trusted by an anchor", "good");
  if (by === "ds") return span("trusted by the DS", "good");
  return by === "signed" ? span(`signed by ${signers.join(" and ")}`, "good") : span("nothing leads to it", "warn");
}

function signatureRow(signature: SignatureView, what: string, { at }: Inspection, canvas: Canvas): readonly Line[] {
  const good = holds(signature);
  const { strokes } = canvas;
  // The bar says already that it is over, or has not begun.
  const told = good || signature.state === "expired" || signature.state === "not-yet-valid";
  return [
    [span(`${good ? strokes.good : strokes.bad} `, good ? "good" : "bad"), span(`${what} by ${signature.tag}`)],
    [
      ...validityBar(signature, at, canvas),
      ...(told ? [] : [span(` ${strokes.separator} ${signatureStates[signature.state]}`, "bad")]),
    ],
  ];
}

/** What leads into the box of an answer: the signatures over it. */
function signedText(link: AnswerLink, { inspection, canvas }: Drawing): readonly string[] {
  const kind = bondOf(link, inspection.validation);
  const none = unsignedWords(link, inspection.validation);
  const rows = link.signatures.map((signature) => signatureRow(signature, "signed", inspection, canvas));
  const lines = rows.length === 0 ? [[span(none, kind === "broken" ? "bad" : "warn")]] : columnsOf(rows);
  return leading(kind, lines, canvas);
}

function answerLines(link: AnswerLink, { inspection, canvas }: Drawing): readonly Line[] {
  const leads = aliasTarget(link);
  return [
    ...link.rdata.map((data): Line => [span(data)]),
    [span(`TTL ${link.ttl} s${link.wildcard === null ? "" : `, made from the wildcard ${link.wildcard}`}`, "dim")],
    ...(leads === undefined ? [] : [[span(`${canvas.strokes.mend} leads on to ${leads}`)]]),
    ...troublesOfAnswer(link, inspection.validation).map((reason) => troubleLine(reason, canvas)),
  ];
}

/** What is wrong, where it is drawn; what mends it stands below the drawing. */
function troubleLine(reason: Reason, { strokes }: Canvas): Line {
  const kind = kindOf(reason);
  const mark = kind === "wrong" ? strokes.bad : kind === "insecure" ? strokes.warn : strokes.unknown;
  return [span(`${mark} ${reason.says}`, kind === "wrong" ? "bad" : "warn")];
}
