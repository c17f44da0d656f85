import type { Policy, Zone } from "./policy.ts";

/** The view of the whole world, of a record that names none, and of a zone's own members. */
export const publicView = "public";

/** What a zone in one view is known by; the name alone is that of several. */
export function zoneKey(view: string, zone: string): string {
  return `${view} ${zone}`;
}

/** The zone that a record, a change or a survey is of. */
export function zoneIn(
  { zones }: Pick<Policy, "zones">,
  { view, zone }: { readonly view: string; readonly zone: string },
): Zone | undefined {
  return zones.get(zoneKey(view, zone));
}
