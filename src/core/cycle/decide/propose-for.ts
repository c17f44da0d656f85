import { asJson } from "../../../values/json.ts";
import { sequenceOf } from "../../../values/ids.ts";
import { isNonEmpty } from "../../../values/non-empty.ts";
import { own } from "../../../values/own.ts";
import { wordFor } from "../../authority/duties.ts";
import { evolve } from "../../failover/evolve.ts";
import type { ServiceEvent } from "../../failover/event.ts";
import type { Failover } from "../../failover/state.ts";
import type { GateReport } from "../../gates/gate.ts";
import { codesOf, holding } from "../../gates/index.ts";
import { makePlan, type PlanRequest } from "../../plan/make-plan.ts";
import { sitesAdded } from "../../plan/placement.ts";
import { manualSteps } from "../../plan/says.ts";
import type { Duty } from "../../policy/policy.ts";
import { proposalEvents } from "../advance/propose.ts";
import { gatesForPlan, type Moment } from "../moment.ts";
import { accept, refuse, type Answer } from "./answer.ts";
import type { Asking } from "./asked.ts";

/** A move that a person asks for, and the duty that asking for it takes: the first one that they hold. */
export interface Asked {
  readonly request: PlanRequest;
  readonly needs: Failover["needs"];
  /** The first is filled by asking; the others only allow it. */
  readonly duties: readonly [Duty, ...Duty[]];
}

/** Proposes what a person asks for, with their word as its first where they signed it. */
export function proposeFor(moment: Moment, asking: Asking, { request, needs, duties }: Asked): Answer {
  const blocked = mayNotSupersede(moment, asking, request);
  if (blocked !== undefined) return blocked;
  const planned = makePlan(request, moment);
  if (!planned.ok) return { accepted: false, refusal: planned.refusal };
  const reports = gatesForPlan(moment, planned.plan, null, "person");
  const first = holding(reports).find((report) => !isWaivable(moment, report));
  if (first !== undefined)
    return refuse(
      first.code ?? first.gate,
      first.says ?? `Gate ${first.gate} refuses.`,
      {
        codes: codesOf(reports),
        gates: holding(reports).map((report) => asJson(report)),
        manual: manualSteps(planned.plan),
      },
      `${first.mend ?? ""} By hand, if you must: the lines under manual are input for nsupdate.`.trim(),
    );
  const proposal = { name: null, needs, signalAt: null, by: asking.by };
  return withFirstWord(moment, asking, proposalEvents(moment, planned.plan, proposal, reports), duties);
}

/** Where people sign they can waive a judgement gate, and for that there must be a plan; the gate holds it until then. */
function isWaivable({ world }: Moment, { kind }: GateReport): boolean {
  return kind === "judgement" && world.authority.mode === "signed";
}

/** The word of whoever asks, for the very plan that it led to; refused where the person holds none of the duties. */
function withFirstWord(
  moment: Moment,
  { speaker }: Asking,
  events: readonly ServiceEvent[],
  [duty, ...others]: Asked["duties"],
): Answer {
  if (!isNonEmpty(events)) return refuse("nothing-due", "Nothing to propose.", {}, "Nothing needs to be done.");
  const [first, ...rest] = events;
  if (speaker === null) return accept(first, ...rest);
  const { world, policy, now } = moment;
  const failover = openAfter(moment, events);
  const given = wordFor({ world, policy, failover, now }, duty, speaker);
  if (given.ok) {
    const { id, planHash } = failover;
    return accept(first, ...rest, { type: "word-given", failover: id, planHash, word: given.word });
  }
  if (others.some((other) => wordFor({ world, policy, failover, now }, other, speaker).ok))
    return accept(first, ...rest);
  return { accepted: false, refusal: given.refusal };
}

/** The failover that is open once these events are folded. */
export function openAfter({ state, now }: Moment, events: readonly ServiceEvent[]): Failover {
  const after = events.reduce((one, event) => evolve(one, { event, sequence: sequenceOf(0), at: now }), state);
  if (after.failover === null) throw new Error("a proposal leaves a failover open");
  return after.failover;
}

/**
 * N5: a person supersedes the automation's open proposal, and a failover that cannot end; never another person's, but to
 * contain a site that is compromised. From the first intent on, whatever is under way goes first.
 */
function mayNotSupersede({ state, facts }: Moment, { by }: Asking, { purpose }: PlanRequest): Answer | undefined {
  const open = state.failover;
  if (open === null) return undefined;
  const figures = { failover: open.id, status: open.status };
  if (open.status === "proposed" || open.status === "authorised") {
    const theirs = open.by.kind !== "controller" && open.by.id !== by.id && purpose !== "contain";
    return theirs
      ? refuse(
          "in-flight",
          `${open.by.id} has proposed ${open.id}.`,
          figures,
          `Approve it, or withdraw it: pointsman withdraw ${open.id}`,
        )
      : undefined;
  }
  const added = sitesAdded(open.plan.placement.before, open.plan.placement.after);
  const targetDown = added.some((site) => own(facts.health.sites, site)?.verdict === "down");
  if (open.diverged !== null || targetDown || open.status === "recovered" || open.status === "settled")
    return undefined;
  return refuse(
    "in-flight",
    `${open.id} is ${open.status}.`,
    figures,
    "It can be superseded once it has diverged, or its target is down.",
  );
}
