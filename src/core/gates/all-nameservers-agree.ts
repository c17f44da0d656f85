import { observedAt } from "../plan/observed.ts";
import { own } from "../../values/own.ts";
import { sameData } from "../plan/rrset.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** N9, at close: every nameserver that answers gives what the plan says; the silent ones are listed as exceptions. */
export const allNameserversAgree: Gate = {
  name: "all-nameservers-agree",
  kind: "absolute",
  check({ plan, facts, service, policy }) {
    for (const change of plan.steps.flatMap((step) => step.changes)) {
      const provider = policy.providers.get(change.provider);
      for (const rrset of change.rrsets) {
        const record = service.records.get(rrset.record);
        if (record === undefined || provider === undefined) continue;
        const readings = (own(facts.readings, record.id) ?? []).filter((one) => one.provider === change.provider);
        const other = readings.find((one) => one.outcome === "answer" && !sameData(one.rrset ?? "absent", rrset.after));
        if (other !== undefined)
          return refuse(
            "nameserver-differs",
            `${other.nameserver} (${other.address}) answers something else for ${rrset.name} ${rrset.type}.`,
            { address: other.address, name: rrset.name, type: rrset.type },
            "It is asked again; repair it if it stays behind.",
          );
        if (observedAt(facts, provider, record.id) === undefined)
          return refuse(
            "no-answer",
            `No nameserver of ${change.provider} answers for ${rrset.name} ${rrset.type}.`,
            { provider: change.provider },
            "Wait for an answer.",
          );
      }
    }
    return pass;
  },
};
