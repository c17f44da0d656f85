import { pass, refuse, type Gate } from "./gate.ts";
import { namesRead } from "./zone-cut.ts";

/** Removing the last RRset of a name hands the name to the wildcard above it, and so to whatever that points at. */
export const wildcard: Gate = {
  name: "wildcard",
  kind: "absolute",
  check(input) {
    const { plan } = input;
    for (const { name, facts } of namesRead(input)) {
      const after = plan.steps
        .flatMap((step) => step.changes)
        .flatMap((change) => change.rrsets)
        .filter((rrset) => rrset.name === name);
      const removes = after.some((rrset) => rrset.after === "absent");
      const keeps = after.some((rrset) => rrset.after !== "absent") || keepsAnother(input, name);
      if (!removes || keeps || facts === undefined || facts.wildcard === null) continue;
      return refuse(
        "wildcard-takes-over",
        `Without its last record, ${name} would be answered by ${facts.wildcard}.`,
        { name, wildcard: facts.wildcard },
        "Keep one record at this name.",
      );
    }
    return pass;
  },
};

function keepsAnother({ plan, service }: Parameters<Gate["check"]>[0], name: string): boolean {
  const changed = plan.steps.flatMap((step) => step.changes).flatMap((change) => change.rrsets);
  return [...service.records.values()].some(
    (record) => record.name === name && !changed.some((rrset) => rrset.name === name && rrset.type === record.type),
  );
}
