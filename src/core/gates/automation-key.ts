import { automationKeyRefusal } from "../authority/automation.ts";
import { pass, type Gate } from "./gate.ts";

/**
 * What the automation does is signed with the key that the journal's first entry names. With another nobody could tell its
 * moves from another program's, so it makes none; people move by their own signatures.
 */
export const automationKey: Gate = {
  name: "automation-key",
  kind: "automatic",
  check({ world, facts }) {
    const refusal = automationKeyRefusal(world, facts.automationKey);
    return refusal === undefined ? pass : { result: "refuse", ...refusal };
  },
};
