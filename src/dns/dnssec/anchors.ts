import type { NonEmpty } from "../../values/non-empty.ts";
import { isNonEmpty } from "../../values/non-empty.ts";
import { PointsmanError } from "../../values/refusal.ts";
import type { Instant } from "../../values/time.ts";
import { isWithin, nameFromText, sameName, type Name } from "../wire/name.ts";
import { readAnchors, type TrustAnchor } from "./anchor-text.ts";

/** A zone that is not validated for a while, by somebody's decision (RFC 7646). */
export interface NegativeTrustAnchor {
  readonly zone: Name;
  readonly until: Instant;
  readonly reason: string;
}

export interface TrustAnchors {
  readonly positive: readonly TrustAnchor[];
  readonly negative: readonly NegativeTrustAnchor[];
}

export interface GivenAnchors {
  /**
   * `iana-root`, or text as {@link readAnchors} reads it, or several of both; `iana-root` when left out. An empty list
   * trusts nothing.
   */
  readonly anchors?: string | readonly string[];
  readonly negative?: readonly {
    /** Absolute with or without the final dot; it and all below it. */
    readonly name: string;
    readonly until: Instant;
    /** For people: why, and who knows of it. */
    readonly reason: string;
  }[];
}

/**
 * The keys of the root zone, as IANA publishes them at data.iana.org/root-anchors: KSK-2017 and KSK-2024, which signs
 * after the rollover. Each digest is that of the DNSKEY that Debian's dns-root-data and BIND's bind.keys have.
 */
const ianaRoot = `
. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D
. IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16
`;

/**
 * What is trusted without proof. @throws PointsmanError `anchor-unreadable` for text that is no anchor,
 * `negative-anchor-unreadable` for a negative anchor without a name or a reason.
 */
export function trustAnchors({ anchors = "iana-root", negative = [] }: GivenAnchors = {}): TrustAnchors {
  const texts = typeof anchors === "string" ? [anchors] : anchors;
  return {
    positive: texts.flatMap((text) => readAnchors(text === "iana-root" ? ianaRoot : text)),
    negative: negative.map(readNegative),
  };
}

export type ClosestAnchor =
  | { readonly kind: "positive"; readonly zone: Name; readonly anchors: NonEmpty<TrustAnchor> }
  | { readonly kind: "negative"; readonly zone: Name; readonly anchor: NegativeTrustAnchor }
  | { readonly kind: "none"; readonly code: "no-anchor" | "no-anchor-above" };

/**
 * The anchors that decide on a name: those of the deepest zone at or above it that has one now. At one zone a negative
 * anchor wins (RFC 7646 §2).
 */
export function closestAnchor({ positive, negative }: TrustAnchors, name: Name, now: Instant): ClosestAnchor {
  const believed = positive.filter(({ from, until }) => (from ?? now) <= now && now < (until ?? now + 1));
  const above = believed.filter(({ zone }) => isWithin(name, zone)).toSorted(deepestFirst);
  const [denied] = negative.filter(({ zone, until }) => isWithin(name, zone) && now < until).toSorted(deepestFirst);
  const [closest] = above;
  if (denied !== undefined && denied.zone.length >= (closest?.zone.length ?? 0)) {
    return { kind: "negative", zone: denied.zone, anchor: denied };
  }
  const anchors = closest === undefined ? [] : above.filter(({ zone }) => sameName(zone, closest.zone));
  if (closest === undefined || !isNonEmpty(anchors)) {
    return { kind: "none", code: believed.length === 0 ? "no-anchor" : "no-anchor-above" };
  }
  return { kind: "positive", zone: closest.zone, anchors };
}

/** All of them are at or above one name, so the longer is the deeper. */
function deepestFirst(a: { readonly zone: Name }, b: { readonly zone: Name }): number {
  return b.zone.length - a.zone.length;
}

function readNegative({ name, until, reason }: NonNullable<GivenAnchors["negative"]>[number]): NegativeTrustAnchor {
  const zone = nameFromText(name);
  if (zone !== undefined && reason.trim() !== "") return { zone, until, reason };
  throw new PointsmanError({
    code: "negative-anchor-unreadable",
    says: `The negative trust anchor for "${name}" has no ${zone === undefined ? "domain name" : "reason"}.`,
    figures: {},
    mend: "Give it a domain name, the time it ends, and a reason (RFC 7646).",
  });
}
