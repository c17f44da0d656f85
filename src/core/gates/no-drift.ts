import { moveKey, rrsetUnder } from "../plan/placement.ts";
import { sameData } from "../plan/rrset.ts";
import { pass, refuse, type Gate, type GateInput } from "./gate.ts";

/** Automation writes over nothing that it did not put there; people can always plan from what is observed. */
export const noDrift: Gate = {
  name: "no-drift",
  kind: "automatic",
  check(input) {
    const { plan, state, service, band } = input;
    const [record, drift] = isOurs(input) ? [] : ([...state.drift][0] ?? []);
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

/** A plan that takes back what was written half-way, and nothing else: all that it changes is what we ourselves put there. */
function isOurs({ plan, state, service }: GateInput): boolean {
  const { before, after } = plan.placement;
  if (plan.purpose !== "rollback" || moveKey(before) !== moveKey(after)) return false;
  const open = state.failover?.id === plan.of ? state.failover.plan : undefined;
  const written = open ?? state.ended.find(({ id }) => id === plan.of);
  if (written === undefined) return false;
  return plan.steps
    .flatMap(({ changes }) => changes)
    .flatMap(({ rrsets }) => rrsets)
    .every(({ record, before: stands }) => sameData(stands, rrsetUnder(service, record, written.placement.after)));
}
