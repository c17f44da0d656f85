import type { SoundPolicy } from "../document.ts";
import { error, type DocumentPath, type Finding } from "../finding.ts";
import { canonicalNameText } from "../names.ts";
import { publicView } from "../zone-key.ts";
import { entriesOf, itemsOf, reference, references } from "./walk.ts";

type WrittenZone = NonNullable<NonNullable<SoundPolicy["zones"]>[string]>;
type WrittenView = NonNullable<NonNullable<WrittenZone["views"]>[string]>;

/** What a zone says of itself in one view. */
export type SoundZone = Pick<WrittenView, "providers" | "dnssec" | "signing">;

interface ZoneInView {
  /** As it is written. */
  readonly name: string;
  readonly view: string;
  readonly path: DocumentPath;
  readonly zone: SoundZone;
}

/** Every zone in every view that has it; what a zone says outside of `views` is of the public one. */
export function* zonesByView({ zones }: SoundPolicy): Iterable<ZoneInView> {
  for (const [name, zone] of entriesOf(zones)) {
    const path = ["zones", name];
    if (zone.providers !== undefined || zone.views === undefined) yield { name, view: publicView, path, zone };
    for (const [view, inside] of entriesOf(zone.views))
      yield { name, view, path: [...path, "views", view], zone: inside };
  }
}

/** By canonical name of the zone: the views that have it. */
export function viewsOfZones(policy: SoundPolicy): ReadonlyMap<string, ReadonlySet<string>> {
  const views = new Map<string, Set<string>>();
  for (const { name, view } of zonesByView(policy)) {
    const canonical = canonicalNameText(name) ?? name;
    views.set(canonical, (views.get(canonical) ?? new Set()).add(view));
  }
  return views;
}

/**
 * Each zone has somebody who publishes it; a provider is of one view, so that what is read there and written there is
 * one thing; and whoever looks from a view looks from one that a zone has.
 */
export function* viewRules(policy: SoundPolicy): Iterable<Finding> {
  const held = new Map<string, string>();
  for (const { view, path, zone } of zonesByView(policy)) {
    yield* references("provider", zone.providers, policy.providers, [...path, "providers"]);
    for (const [index, provider] of itemsOf(zone.providers)) {
      const other = held.get(provider);
      if (other !== undefined && other !== view) yield inTwoViews([...path, "providers", index], provider, view, other);
      held.set(provider, other ?? view);
    }
  }
  for (const [name, zone] of entriesOf(policy.zones)) yield* publication(name, zone);
  if (policy.zones === undefined) return;
  const views = Object.fromEntries([[publicView, true], ...[...zonesByView(policy)].map(({ view }) => [view, true])]);
  for (const [id, vantage] of entriesOf(policy.vantages))
    yield* references("view", vantage.views, views, ["vantages", id, "views"]);
  for (const [id, resolver] of entriesOf(policy.resolvers))
    if ("view" in resolver) yield* reference("view", resolver.view, views, ["resolvers", id, "view"]);
}

function inTwoViews(path: DocumentPath, provider: string, view: string, other: string): Finding {
  return error({
    code: "provider-in-two-views",
    path,
    says: `The provider ${provider} publishes the view ${other} already: a write could not tell it from the view ${view}.`,
    mend: "Give each view a provider of its own, with its own nameservers or its own credential.",
    figures: { provider, views: [other, view] },
  });
}

function* publication(name: string, zone: WrittenZone): Iterable<Finding> {
  const path = ["zones", name];
  const views = Object.keys(zone.views ?? {});
  if (!Object.hasOwn(zone, "providers") && views.length === 0)
    yield error({
      code: "missing",
      path: [...path, "providers"],
      at: "key",
      says: `Nobody publishes the zone ${name}: it has neither providers nor views.`,
      mend: "Add providers: with at least one provider.",
    });
  if (views.includes(publicView))
    yield error({
      code: "public-twice",
      path: [...path, "views", publicView],
      at: "key",
      says: `The view public of ${name} is what stands beside views, and is given again in them.`,
      mend: `Write what is meant directly under ${name}.`,
    });
  if (Object.hasOwn(zone, "providers") || views.length === 0) return;
  for (const member of ["dnssec", "signing", "expires"] as const)
    if (Object.hasOwn(zone, member))
      yield error({
        code: "not-in-public",
        path: [...path, member],
        at: "key",
        says: `${member} is of the view public, which ${name} does not have: it has no providers of its own.`,
        mend: `Write ${member} under the view that it is of, or add providers.`,
      });
}
