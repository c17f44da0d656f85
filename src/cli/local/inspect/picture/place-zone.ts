import type { Reason, ZoneLink } from "../../../../dns/dnssec/verdict.ts";
import { isEntryPoint, type Tone } from "../display.ts";
import { kindOf, type Inspection } from "../inspection.ts";
import { troublesOfZone } from "../story.ts";
import { dsChips, keyChips, rowsHeight } from "./chips.ts";
import { boxWidth, chipsPerRow, headerHeight, inset, keyRowGap, lineHeight, textLines } from "./measures.ts";
import type { Lane, PlacedText, PlacedZone } from "./scene.ts";

interface ZoneToPlace {
  readonly link: ZoneLink;
  readonly children: readonly ZoneLink[];
  readonly inspection: Inspection;
  readonly x: number;
  readonly y: number;
}

/** A zone's box: its keys, what is wrong with it, and the DS that it publishes for each child of the chain. */
export function placeZone({ link, children, inspection, x, y }: ZoneToPlace): PlacedZone {
  const left = x + inset;
  const entries = link.keys.filter(isEntryPoint);
  const others = link.keys.filter((key) => !isEntryPoint(key));
  let at = y + headerHeight;
  const keys = [...keyChips(entries, link, left, at)];
  at += rowsHeight(entries.length);
  if (entries.length > 0 && others.length > 0) at += keyRowGap;
  keys.push(...keyChips(others, link, left, at));
  at += rowsHeight(others.length);
  if (link.keys.length > 0) at += inset;
  const troubles = placeTexts(troubleTexts(troublesOfZone(link, inspection.validation)), at);
  at += troubles.length === 0 ? 0 : troubles.length * lineHeight + inset / 2;
  const lanes = placeLanes(children, left, at);
  at = Math.max(at, ...lanes.map(({ chips }) => Math.max(...chips.map((chip) => chip.y + chip.height)) + inset));
  return { x, y, width: boxWidth, height: at - y, link, keys, lanes, troubles };
}

const laneLabel = 26;

/** Side by side while they fit, so that no line runs through the DS of another child. */
function placeLanes(children: readonly ZoneLink[], x: number, y: number): readonly Lane[] {
  const many = children.reduce((sum, { ds }) => sum + Math.max(1, ds.length), 0);
  const beside = many <= chipsPerRow;
  const lanes: Lane[] = [];
  let at = y;
  let before = 0;
  for (const child of children) {
    const chips = dsChips(child, x, at + laneLabel, beside ? before : 0);
    const characters = beside && children.length > 1 ? chips.length * charactersPerChip : 60;
    lanes.push({ child: child.zone, x: chips[0]?.x ?? x, y: at, chips, characters });
    before += chips.length;
    if (!beside) at += laneLabel + rowsHeight(chips.length) + inset;
  }
  return lanes;
}

const charactersPerChip = 19;

/** Sentences with their marks, wrapped. */
export function troubleTexts(troubles: readonly Reason[]): readonly { text: string; tone: Tone }[] {
  const marks = { wrong: "✗", insecure: "!", unknown: "?", holds: "✓" } as const;
  return troubles.flatMap((reason) => {
    const kind = kindOf(reason);
    return textLines(`${marks[kind]} ${reason.says}`).map((text) => ({
      text,
      tone: kind === "wrong" ? "bad" : "warn",
    }));
  });
}

/** Lines one under the other, from `top` on: each stands on its base line. */
export function placeTexts(
  texts: readonly { readonly text: string; readonly tone: Tone }[],
  top: number,
): readonly PlacedText[] {
  return texts.map(({ text, tone }, index) => ({ text, tone, y: top + (index + 1) * lineHeight - 5 }));
}
