import { pass, refuse, type Gate, type GateInput } from "./gate.ts";
import type { NameFacts } from "../cycle/facts.ts";

/**
 * An UPDATE under a delegation answers NOERROR while the world gets a referral: the change would be without effect.
 */
export const zoneCut: Gate = {
  name: "zone-cut",
  kind: "absolute",
  check(input) {
    const names = namesRead(input);
    const unread = names.find(({ facts }) => facts === undefined);
    if (unread !== undefined)
      return refuse(
        "name-unread",
        `It is not known whether ${unread.name} is delegated away at ${unread.provider}.`,
        { name: unread.name, provider: unread.provider },
        "Wait for the provider's server to answer.",
      );
    const cut = names.find(({ facts }) => facts !== undefined && facts.cutAt !== null);
    if (cut === undefined) return pass;
    return refuse(
      "delegated-away",
      `${cut.name} lies under a delegation at ${cut.facts?.cutAt ?? ""}: a change there reaches nobody.`,
      { name: cut.name, cutAt: cut.facts?.cutAt ?? "" },
      "Steer the name in the zone that is delegated to.",
    );
  },
};

/** Each name that the plan changes at each provider, with what was read around it. */
export function namesRead({
  plan,
  facts,
}: GateInput): readonly { readonly name: string; readonly provider: string; readonly facts: NameFacts | undefined }[] {
  return plan.steps
    .flatMap((step) => step.changes)
    .flatMap((change) =>
      [...new Set(change.rrsets.map((rrset) => rrset.name))].map((name) => ({
        name,
        provider: change.provider,
        facts: facts.names.find((one) => one.provider === change.provider && one.name === name),
      })),
    );
}
