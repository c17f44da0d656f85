import { nameFromText, sameName } from "../../../../dns/wire/name.ts";
import { isEntryPoint } from "../display.ts";
import { aliasTarget } from "../story.ts";
import { boxWidth } from "./measures.ts";
import type { Arrow, Chip, Panel, Place, PlacedZone } from "./scene.ts";

/** From each anchor to the key that it is of. */
export function anchorArrows(anchors: readonly Chip[], zone: PlacedZone): readonly Arrow[] {
  return vouching(anchors, zone);
}

/** From each DS in the parent's box to the key of the child; to the child's box, broken, where there is no such key. */
export function delegationArrows(zones: readonly PlacedZone[]): readonly Arrow[] {
  return zones.flatMap((parent) =>
    parent.lanes.flatMap(({ child, chips }) => {
      const zone = zones.find(({ link }) => link.zone === child);
      return zone === undefined ? [] : vouching(chips, zone);
    }),
  );
}

function vouching(chips: readonly Chip[], zone: PlacedZone): readonly Arrow[] {
  const { link } = zone;
  return chips.map((chip, index): Arrow => {
    const ds = link.ds[index];
    const key =
      ds?.matches === "key"
        ? zone.keys[orderedKeys(zone).findIndex(({ tag, algorithm }) => tag === ds.tag && algorithm === ds.algorithm)]
        : undefined;
    if (key !== undefined) return { ...down(chip, key), tone: "good", kind: "whole" };
    const to: readonly [number, number] = [Math.min(middle(chip), zone.x + boxWidth - 30), zone.y];
    const broken = ds !== undefined && ds.matches !== "unsupported" && link.verdict === "bogus";
    return {
      from: bottom(chip),
      to,
      way: "down",
      tone: broken ? "bad" : "warn",
      kind: broken ? "broken" : "dashed",
    };
  });
}

/** Chips stand in this order: entry points first. */
function orderedKeys({ link }: PlacedZone): PlacedZone["link"]["keys"] {
  return [...link.keys.filter(isEntryPoint), ...link.keys.filter((key) => !isEntryPoint(key))];
}

/** From the keys that sign the DNSKEY set to the others, and from those down to the DS that they sign. */
export function signingArrows(zone: PlacedZone): readonly Arrow[] {
  const views = orderedKeys(zone);
  const entries = zone.keys.filter((_, index) => isEntry(views[index]));
  const others = zone.keys.filter((_, index) => !isEntry(views[index]));
  const toKeys = entries
    .filter(({ validity, tone }) => validity !== null && tone !== "bad")
    .flatMap((entry) => others.map((other) => signed(entry, other, zone)));
  // Which key signed a DS is only known where no other could have.
  const [only, second] = others.length > 0 ? others : entries;
  if (only === undefined || second !== undefined) return toKeys;
  const toChildren = zone.lanes.flatMap(({ chips }) => chips.slice(0, 1).map((chip) => signed(only, chip, zone)));
  return [...toKeys, ...toChildren];
}

function signed(key: Chip, what: Chip, { link }: PlacedZone): Arrow {
  return key.solid && link.verdict === "secure"
    ? { ...down(key, what), tone: "good", kind: "whole" }
    : { ...down(key, what), tone: "warn", kind: "dashed" };
}

function isEntry(view: PlacedZone["link"]["keys"][number] | undefined): boolean {
  return view !== undefined && isEntryPoint(view);
}

/** From the keys that signed a record to the panel that it stands in. */
export function recordArrows(panels: readonly Panel[], zones: readonly PlacedZone[]): readonly Arrow[] {
  return panels.flatMap((panel) => {
    const zone = zones.find(({ link }) => link.zone === panel.records[0]?.link.zone);
    if (zone === undefined) return [];
    const views = orderedKeys(zone);
    const signatures = panel.records.flatMap(({ link }) => link.signatures);
    const found = new Map<Chip, Arrow>();
    for (const { tag, algorithm, state } of signatures) {
      const key = zone.keys[views.findIndex((view) => view.tag === tag && view.algorithm === algorithm)];
      if (key === undefined) continue;
      const good = state === "valid" || state === "not-needed";
      if (!good && found.has(key)) continue;
      found.set(key, { ...into(bottom(key), panel), tone: good ? "good" : "bad", kind: good ? "whole" : "broken" });
    }
    if (found.size > 0) return [...found.values()];
    const broken = panel.records.some(({ bond }) => bond === "broken");
    const from = [zone.x + boxWidth / 2, zone.y + zone.height] as const;
    return [{ ...into(from, panel), tone: broken ? "bad" : "warn", kind: broken ? "broken" : "dashed" }];
  });
}

/** From an alias to the panel that answers for where it leads. */
export function aliasArrows(panels: readonly Panel[]): readonly Arrow[] {
  return panels.flatMap((panel) =>
    panel.records.flatMap(({ link, y }): readonly Arrow[] => {
      const target = nameFromText(aliasTarget(link) ?? "");
      if (target === undefined) return [];
      for (const other of panels) {
        const found = other.records.find(({ link: { name } }) => {
          const owner = nameFromText(name);
          return owner !== undefined && sameName(owner, target);
        });
        if (found === undefined || other === panel) continue;
        return [
          {
            from: [panel.x + panel.width, y + 21],
            to: [other.x, found.y + 21],
            way: "across",
            tone: "dim",
            kind: "whole",
          },
        ];
      }
      return [];
    }),
  );
}

function into(from: readonly [number, number], panel: Panel): Pick<Arrow, "from" | "to" | "way"> {
  const x = Math.min(Math.max(from[0], panel.x + 30), panel.x + panel.width - 30);
  return { from, to: [x, panel.y], way: "down" };
}

function down(from: Chip, to: Chip): Pick<Arrow, "from" | "to" | "way"> {
  return { from: bottom(from), to: [middle(to), to.y], way: "down" };
}

function bottom(place: Place): readonly [number, number] {
  return [middle(place), place.y + place.height];
}

function middle({ x, width }: Place): number {
  return x + width / 2;
}
