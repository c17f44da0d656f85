import { rrsetUnder } from "../plan/placement.ts";
import { pass, refuse, type Gate, type GateInput } from "./gate.ts";

/** N3: no removal but one that the placement states, and no name left without any address. */
export const wouldEmpty: Gate = {
  name: "would-empty",
  kind: "absolute",
  check(input) {
    const unstated = unstatedRemoval(input);
    if (unstated !== undefined)
      return refuse(
        "removal-not-stated",
        `The plan removes ${unstated}, and its placement does not say so.`,
        { record: unstated },
        "This plan must not be carried out; propose anew.",
      );
    const empty = nameLeftEmpty(input);
    if (empty === undefined) return pass;
    return refuse(
      "would-empty",
      `${empty} would be left without any address.`,
      { name: empty },
      "Give the target a value for at least one record of this name.",
    );
  },
};

function unstatedRemoval({ plan, service }: GateInput): string | undefined {
  for (const change of plan.steps.flatMap((step) => step.changes)) {
    for (const rrset of change.rrsets) {
      const record = service.records.get(rrset.record);
      const stated = record !== undefined && rrsetUnder(service, record.id, plan.placement.after) === "absent";
      if (rrset.after === "absent" && !stated) return `${rrset.name} ${rrset.type}`;
    }
  }
  return undefined;
}

function nameLeftEmpty({ plan, service }: GateInput): string | undefined {
  const names = new Set([...service.records.values()].map((record) => record.name));
  return [...names].find((name) =>
    [...service.records.values()]
      .filter((record) => record.name === name)
      .every((record) => rrsetUnder(service, record.id, plan.placement.after) === "absent"),
  );
}
