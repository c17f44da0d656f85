import { pass, refuse, type Gate } from "./gate.ts";

/** Automation writes over nothing that it did not put there; people can always plan from what is observed. */
export const noDrift: Gate = {
  name: "no-drift",
  kind: "automatic",
  check({ plan, state, service, band }) {
    const [record, drift] = [...state.drift][0] ?? [];
    if (record !== undefined && drift !== undefined) {
      if (plan.purpose === "restore" && band?.reassert === true && drift.kind === "reverted") return pass;
      return refuse(
        `drift-${drift.kind}`,
        `Something else changed ${service.records.get(record)?.name ?? record} at provider ${drift.provider} (${drift.kind}).`,
        { record, kind: drift.kind, provider: drift.provider, at: drift.at },
        `Find out what did, then move by hand, or: pointsman adopt ${service.id}/${record} --reason "..."`,
      );
    }
    const behind = state.owed.find((owed) => owed.state === "diverged");
    if (behind === undefined) return pass;
    return refuse(
      "nameserver-behind",
      `${behind.address} came back with an old answer.`,
      { address: behind.address, provider: behind.provider },
      "It is sent NOTIFY; repair its transfers if that does not help.",
    );
  },
};
