import type { ServiceEvent } from "../../failover/event.ts";
import type { Failover } from "../../failover/state.ts";
import { notPassed } from "../../gates/index.ts";
import type { GateReport } from "../../gates/gate.ts";
import { planHash, type Plan } from "../../plan/plan.ts";
import type { Sender } from "../command.ts";
import { controller, type Moment } from "../moment.ts";

interface Proposal {
  readonly name: string | null;
  readonly needs: Failover["needs"];
  readonly signalAt: Moment["now"] | null;
  readonly by?: Sender;
}

/** The entry of a proposal; before it, the end of the failover that it supersedes, if one is open. */
export function proposalEvents(
  { state }: Moment,
  plan: Plan,
  proposal: Proposal,
  reports: readonly GateReport[],
): readonly ServiceEvent[] {
  const proposed: ServiceEvent = {
    type: "failover-proposed",
    failover: plan.failover,
    ordinal: state.ordinal + 1,
    plan,
    planHash: planHash(plan),
    initiative: proposal.name,
    needs: proposal.needs,
    signalAt: proposal.signalAt,
    by: proposal.by ?? controller,
    gates: notPassed(reports),
    supersedes: state.failover?.id ?? null,
  };
  if (state.failover === null) return [proposed];
  const { id, times } = state.failover;
  const says = `Superseded by ${plan.failover}.`;
  return [{ type: "failover-ended", failover: id, how: "superseded", says, times, wouldHave: null }, proposed];
}
