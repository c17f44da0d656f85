import type { Validation, ZoneLink } from "../../../../dns/dnssec/verdict.ts";
import type { Inspection } from "../inspection.ts";
import { parentIn, pathsOf } from "../story.ts";
import { aliasArrows, anchorArrows, delegationArrows, recordArrows, signingArrows } from "./arrows.ts";
import { anchorChips } from "./chips.ts";
import { boxWidth, columnGap, inset, rowGap } from "./measures.ts";
import { placePanel } from "./place-panel.ts";
import { placeZone } from "./place-zone.ts";
import type { Panel, PlacedZone, Scene } from "./scene.ts";

const margin = 20;

/** Places zones from the anchor down, a column for each path, and the records that each path ends in below. */
export function layOut(inspection: Inspection): Scene {
  const { validation } = inspection;
  const { chain } = validation;
  const placed = new Map<ZoneLink, PlacedZone>();
  const panels: Panel[] = [];
  const first = chain[0];
  const anchors = first === undefined ? [] : anchorChips(first, margin + inset, margin);
  const top = anchors.length === 0 ? margin : margin + (anchors[0]?.height ?? 0) + rowGap;
  for (const [column, path] of pathsOf(validation).entries()) {
    const x = margin + column * (boxWidth + columnGap);
    let y = path.below === null ? top : bottomOf(placed.get(path.below), top) + rowGap;
    for (const link of path.zones) {
      const zone = placeZone({ link, children: childrenOf(link, validation), inspection, x, y });
      placed.set(link, zone);
      y = bottomOf(zone, y) + rowGap;
    }
    if (path.answers.length > 0) panels.push(placePanel({ links: path.answers, inspection, x, y }));
  }
  const zones = [...placed.values()];
  return {
    width: Math.max(...[...zones, ...panels].map((place) => place.x + place.width), boxWidth) + margin,
    height: Math.max(...[...zones, ...panels].map((place) => place.y + place.height), top) + margin,
    zones,
    panels,
    anchors,
    arrows: [
      ...(zones[0] === undefined ? [] : anchorArrows(anchors, zones[0])),
      ...zones.flatMap(signingArrows),
      ...delegationArrows(zones),
      ...recordArrows(panels, zones),
      ...aliasArrows(panels),
    ],
  };
}

function childrenOf(link: ZoneLink, { chain }: Validation): readonly ZoneLink[] {
  return chain.filter((child) => parentIn(child, chain) === link);
}

function bottomOf(place: PlacedZone | undefined, otherwise: number): number {
  return place === undefined ? otherwise : place.y + place.height;
}
