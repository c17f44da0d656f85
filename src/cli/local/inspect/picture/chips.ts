import type { DsView, KeyView, ZoneLink } from "../../../../dns/dnssec/verdict.ts";
import { algorithmName, digestName, keyMaterial, roleOf, type Tone } from "../display.ts";
import { chipGap, chipHeight, chipsPerRow, chipWidth } from "./measures.ts";
import type { Chip } from "./scene.ts";

/** Keys that sign the DNSKEY set carry the time that their signature has left. */
export function keyChips(keys: readonly KeyView[], link: ZoneLink, x: number, y: number): readonly Chip[] {
  return keys.map((key, index): Chip => {
    const made = link.signatures.find(({ tag, algorithm }) => tag === key.tag && algorithm === key.algorithm);
    const signs = made !== undefined && (made.state === "valid" || made.state === "not-needed");
    return {
      ...spot(index, x, y),
      title: `${roleOf(key, link)} ${key.tag}`,
      detail: keyMaterial(key),
      role:
        made === undefined || key.trustedBy === "none"
          ? trust(key.trustedBy)
          : signs
            ? "signs the keys"
            : "signature fails",
      tone: made !== undefined && !signs ? "bad" : key.trustedBy === "none" ? "warn" : "good",
      solid: key.trustedBy !== "none",
      validity: made ?? null,
    };
  });
}

function trust(by: KeyView["trustedBy"]): string {
  if (by === "none") return "nothing leads to it";
  return by === "signed" ? "signed with the keys" : "trusted, not in use";
}

/** The anchors that the first zone of the chain is trusted by. */
export function anchorChips({ ds }: ZoneLink, x: number, y: number): readonly Chip[] {
  return ds.map((one, index) => ({ ...dsChip(one, index, x, y), title: `anchor ${one.tag}` }));
}

/** The DS of one child, behind so many of others; a single dashed one where there is none. */
export function dsChips(child: ZoneLink, x: number, y: number, after = 0): readonly Chip[] {
  if (child.ds.length > 0) return child.ds.map((one, index) => dsChip(one, after + index, x, y));
  const known = child.verdict === "insecure";
  return [
    {
      ...spot(after, x, y),
      title: "no DS",
      detail: known ? "proven absent" : "none known",
      role: "the chain ends here",
      tone: "warn",
      solid: false,
      validity: null,
    },
  ];
}

const fates: { readonly [Matches in DsView["matches"]]: readonly [string, Tone] } = {
  key: ["matches a key", "good"],
  "no-key": ["matches no key", "bad"],
  unsupported: ["not supported", "warn"],
};

function dsChip(ds: DsView, index: number, x: number, y: number): Chip {
  const [role, tone] = fates[ds.matches];
  return {
    ...spot(index, x, y),
    title: `DS ${ds.tag}`,
    detail: `${algorithmName(ds.algorithm)} ${digestName(ds.digestType)}`,
    role,
    tone,
    solid: ds.matches === "key",
    validity: null,
  };
}

function spot(index: number, x: number, y: number): Pick<Chip, "x" | "y" | "width" | "height"> {
  return {
    x: x + (index % chipsPerRow) * (chipWidth + chipGap),
    y: y + Math.floor(index / chipsPerRow) * (chipHeight + chipGap),
    width: chipWidth,
    height: chipHeight,
  };
}

/** The height of so many chips in rows. */
export function rowsHeight(many: number): number {
  const rows = Math.ceil(many / chipsPerRow);
  return rows === 0 ? 0 : rows * chipHeight + (rows - 1) * chipGap;
}
