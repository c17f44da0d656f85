import { wholeRollover, type RolloverKind, type SignerKind } from "./rollover.ts";

const rollovers: readonly (readonly [SignerKind, RolloverKind])[] = [
  ["bind", "zsk"],
  ["bind", "ksk"],
  ["bind", "algorithm"],
  ["knot", "zsk"],
  ["knot", "ksk"],
  ["knot", "algorithm"],
];
const withinMs = 180_000;

/**
 * Every whole rollover of BIND and Knot, all at once, with how often each was looked at and how long it took.
 * @throws Error with the first alarms, as each of them is false.
 */
export async function wholeRollovers(): Promise<{ readonly [rollover: string]: string }> {
  const seen = await Promise.all(
    rollovers.map(async ([signer, kind]) => {
      const { looks, ms, alarms } = await wholeRollover(signer, kind, withinMs);
      if (alarms.length > 0) throw new Error(`${signer} ${kind} rang:\n${alarms.slice(0, 20).join("\n")}`);
      return [`${signer} ${kind}`, `${looks} looks, ${Math.round(ms / 1000)} s`] as const;
    }),
  );
  return Object.fromEntries(seen);
}
