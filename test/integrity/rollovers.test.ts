import { describe, expect, it } from "vitest";
import { describeWithServers } from "../servers/available.ts";
import { wholeRollover, type RolloverKind, type SignerKind } from "./rollover.ts";

const withinMs = 60_000;

/** Those that take less than half a minute; that of BIND's zone key waits for old signatures, and is in the long tests. */
const rollovers: readonly (readonly [SignerKind, RolloverKind])[] = [
  ["knot", "zsk"],
  ["knot", "ksk"],
  ["knot", "algorithm"],
  ["bind", "ksk"],
  ["bind", "algorithm"],
];

describeWithServers("a whole automatic rollover rings nothing from beginning to end", () => {
  describe.concurrent("all at once", () => {
    it.each(rollovers)("on %s, of its %s", { timeout: 2 * withinMs }, async (signer, kind) => {
      const { alarms, expected } = await wholeRollover(signer, kind, withinMs);
      expect(alarms).toEqual([]);
      expect(expected.filter((one) => one.endsWith("was added")).length).toBeGreaterThan(0);
      // By its CDS, or by the key where the CDS came and went between two looks.
      expect(expected.some((one) => one.endsWith("the parent's DS changed"))).toBe(kind !== "zsk");
    });
  });
});
