import type { Policy } from "./policy.ts";

/** The zone of the policy that a name lies in, whatever its case and its final dot; `undefined`: in none. */
export function governedZone({ zones }: Policy, name: string): string | undefined {
  const absolute = `.${name.toLowerCase().replace(/\.$/, "")}.`;
  return [...zones.values()].find(({ name: zone }) => absolute.endsWith(`.${zone}`))?.name;
}
