import { pass, refuse, type Gate } from "./gate.ts";

/** Most independent domains have a voice. */
export const observersTrustworthy: Gate = {
  name: "observers-trustworthy",
  kind: "automatic",
  check({ facts }) {
    const { heard, all } = facts.health.voices;
    if (heard * 2 > all) return pass;
    return refuse(
      "too-few-voices",
      `${heard} of ${all} independent domains have a voice.`,
      { heard, all, cutOff: facts.health.cutOff },
      "Repair the vantages that are cut off or silent.",
    );
  },
};
