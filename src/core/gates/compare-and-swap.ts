import { observedAt } from "../plan/observed.ts";
import { sameData } from "../plan/rrset.ts";
import { pass, refuse, type Gate, type GateInput, type GateResult } from "./gate.ts";

/** N2: a write only over the RRset that the plan was made for, by a path that compares and swaps, or by people's hands. */
export const compareAndSwap: Gate = {
  name: "compare-and-swap",
  kind: "absolute",
  check(input) {
    return differing(input) ?? incapable(input) ?? pass;
  },
};

function differing({ plan, facts, policy, service }: GateInput): GateResult | undefined {
  for (const change of plan.steps.flatMap((step) => step.changes)) {
    const provider = policy.providers.get(change.provider);
    for (const rrset of change.rrsets) {
      const record = service.records.get(rrset.record);
      const there = provider && record && observedAt(facts, provider, record.id)?.rrset;
      if (there === undefined || there === null || sameData(there, rrset.before)) continue;
      return refuse(
        "record-changed",
        `${rrset.name} ${rrset.type} at provider ${change.provider} is not what the plan was made for.`,
        { provider: change.provider, name: rrset.name, type: rrset.type },
        "Find out who changed it, then propose anew.",
      );
    }
  }
  return undefined;
}

function incapable({ plan, facts }: GateInput): GateResult | undefined {
  for (const change of plan.steps.flatMap((step) => step.changes)) {
    const paths = facts.paths.filter((path) => path.provider === change.provider);
    if (paths.length === 0 || paths.some((path) => path.type === "manual" || path.compareAndSwap)) continue;
    return refuse(
      "no-compare-and-swap",
      `No path of provider ${change.provider} can compare before it writes.`,
      { provider: change.provider },
      "Declare a path that can, or a manual one.",
    );
  }
  return undefined;
}
