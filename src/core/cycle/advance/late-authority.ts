import type { ServiceEvent } from "../../failover/event.ts";
import { isOutstanding } from "../../failover/evolve-attempts.ts";
import type { Failover } from "../../failover/state.ts";
import { holding } from "../../gates/index.ts";
import { gatesForFailover, governing, readLately, type Moment } from "../moment.ts";
import { judgeCandidate } from "./initiatives.ts";

type Changing = Extract<Failover, { status: "changing" }>;

/** Gates that say whether it may still be done at all: from the first write on they stop nothing half-way. */
export const authorityGates: ReadonlySet<string> = new Set([
  "authority-complete",
  "within-grant",
  "not-vetoed",
  "not-expired",
]);

/**
 * Authority that ends while providers are being changed, by a veto, an expiry or a revocation. Before anything was written
 * it ends the failover, or holds it. After the first write the journal says so once, and then it is finished, or taken back
 * as soon as all that was sent is known: never left split. Undefined: there is nothing to do about it now.
 */
export function authorityEnded(moment: Moment, open: Changing): readonly ServiceEvent[] | undefined {
  if (moment.world.authority.mode !== "signed") return undefined;
  const begun = open.attempts.some((attempt) => attempt.outcome.state === "applied" || isOutstanding(attempt));
  if (open.authorityEnded !== null)
    return begun && open.authorityEnded.afterwards === "go-back" ? goBack(moment, open) : undefined;
  const gone = holding(gatesForFailover(moment, open, "execute")).filter(({ gate }) => authorityGates.has(gate));
  const [first] = gone;
  if (first === undefined) return undefined;
  if (!begun) return unwritten(open, first.gate, first.says ?? "Its authority ended.");
  const afterwards = governing(moment, open.plan).policy.authority.afterFirstWrite;
  const codes = [...new Set(gone.map(({ gate, code }) => code ?? gate))].toSorted();
  const says = `${first.says ?? first.gate} Something was written already: the policy says to ${afterwards === "finish" ? "finish it" : "go back"}.`;
  return [{ type: "authority-ended", failover: open.id, codes, says, afterwards }];
}

/** A veto ends what wrote nothing; what lacks a word waits for it, until its window is over. */
function unwritten(open: Changing, gate: string, says: string): readonly ServiceEvent[] | undefined {
  if (gate !== "not-vetoed") return undefined;
  return [{ type: "failover-ended", failover: open.id, how: "vetoed", says, times: open.times, wouldHave: null }];
}

/**
 * Back to what stood before, once nothing is on its way. Where a gate refuses that, as when the old site is down, it is
 * finished: the one thing that it must not be is split.
 */
function goBack(moment: Moment, open: Changing): readonly ServiceEvent[] | undefined {
  if (open.attempts.some(isOutstanding) || !readLately(moment)) return [];
  const after = open.plan.placement.before;
  const request = { purpose: "rollback", trigger: { kind: "signal", band: "go-back" }, of: open.id, after } as const;
  return judgeCandidate(moment, { name: "go-back", request, band: null, needs: "nothing", signalAt: null }).events;
}
