import { add, since } from "../../../values/time.ts";
import { hastened } from "../../authority/clock-steps.ts";
import { liveWords } from "../../authority/duties.ts";
import { executionWindowMs } from "../../gates/not-expired.ts";
import type { GateReport } from "../../gates/gate.ts";
import { codesOf, notPassed } from "../../gates/index.ts";
import type { IntentAuthority, RecordRRset, ServiceEvent } from "../../failover/event.ts";
import type { Attempt, Failover } from "../../failover/state.ts";
import { isOutstanding } from "../../failover/evolve-attempts.ts";
import { fencesFor } from "../../plan/make-plan.ts";
import { rrsetUnder } from "../../plan/placement.ts";
import type { ZoneChange } from "../../plan/plan.ts";
import type { PathFacts } from "../facts.ts";
import {
  bandOfPlan,
  divergedAfterMs,
  gatesForFailover,
  governing,
  readLately,
  sameCodes,
  type Moment,
} from "../moment.ts";
import { authorityEnded, authorityGates } from "./late-authority.ts";

type Changing = Extract<Failover, { status: "changing" }>;

/** The first attempt at every provider and zone of the plan's first step. */
export function startAttempts(moment: Moment, open: Failover, gates: readonly GateReport[]): readonly ServiceEvent[] {
  return open.plan.steps[0].changes.flatMap((change) => intend(moment, open, change, [], gates));
}

/** While changing: what failed is tried again by the next path; when all is applied, the records have changed. */
export function proceedWithAttempts(moment: Moment, open: Changing): readonly ServiceEvent[] {
  const ended = authorityEnded(moment, open);
  if (ended !== undefined) return ended;
  const changes = open.plan.steps[open.step]?.changes ?? [];
  const lasts = changes.map((change) => ({ change, tries: triesOf(open, change) }));
  if (lasts.every(({ tries }) => tries.at(-1)?.outcome.state === "applied"))
    return [{ type: "failover-changed", failover: open.id, baseline: baselineUnder(moment, open) }];
  if (windowOver(moment, open))
    return endUnapplied(open) ?? diverge(open, "not every provider could be changed in time");
  const due = lasts.filter(({ tries }) => isRetryDue(tries.at(-1), moment));
  if (due.length === 0 || !readLately(moment)) return slowlyDiverge(moment, open);
  const reports = retryReports(moment, open);
  const codes = codesOf(reports);
  if (codes.length > 0)
    return sameCodes(codes, open.heldBy)
      ? []
      : [{ type: "failover-held", failover: open.id, stage: "execute", codes, gates: notPassed(reports) }];
  return due.flatMap(({ change, tries }) => intend(moment, open, change, tries, notPassed(reports)));
}

function baselineUnder(moment: Moment, { plan }: Changing): readonly RecordRRset[] {
  const { service } = governing(moment, plan);
  return [...service.records.keys()].map((record) => ({
    record,
    rrset: rrsetUnder(service, record, plan.placement.after),
  }));
}

function triesOf(open: Changing, change: ZoneChange): readonly Attempt[] {
  return open.attempts.filter(({ provider, zone }) => provider === change.provider && zone === change.zone);
}

function isRetryDue(last: Attempt | undefined, { now }: Moment): boolean {
  return last === undefined || (last.outcome.state === "failed" && now >= last.outcome.retryAt);
}

function windowOver({ world, now }: Moment, open: Changing): boolean {
  if (open.authorityEnded !== null) return false;
  const { authorised } = open.times;
  return authorised !== null && now >= hastened(world, authorised, add(authorised, executionWindowMs));
}

// Another provider may already have changed: then what it holds is not what the plan was made for, and that is no harm.
function retryReports(moment: Moment, open: Changing): readonly GateReport[] {
  const reports = gatesForFailover(moment, open, "execute");
  const partly = open.attempts.some(({ outcome }) => outcome.state === "applied");
  const standing = open.authorityEnded === null ? reports : reports.filter(({ gate }) => !authorityGates.has(gate));
  return partly ? standing.filter(({ code }) => code !== "record-changed") : standing;
}

function endUnapplied(open: Changing): readonly ServiceEvent[] | undefined {
  if (open.attempts.some((attempt) => attempt.outcome.state === "applied" || isOutstanding(attempt))) return undefined;
  const says = "Nothing could be changed in the time that the authorisation allows.";
  return [{ type: "failover-ended", failover: open.id, how: "expired", says, times: open.times, wouldHave: null }];
}

function slowlyDiverge(moment: Moment, open: Changing): readonly ServiceEvent[] {
  const { intended } = open.times;
  if (intended === null || since(intended, moment.now) < divergedAfterMs) return [];
  return diverge(open, "not every provider has changed");
}

function diverge(open: Changing, what: string): readonly ServiceEvent[] {
  if (open.diverged !== null) return [];
  const applied = new Set(
    open.attempts.filter(({ outcome }) => outcome.state === "applied").map(({ provider }) => provider),
  );
  const all = new Set(open.plan.steps.flatMap((step) => step.changes).map(({ provider }) => provider));
  const says = `Partly switched: ${what}; ${applied.size} of ${all.size} providers have the new data.`;
  return [{ type: "failover-diverged", failover: open.id, says }];
}

function intend(
  moment: Moment,
  open: Failover,
  change: ZoneChange,
  tries: readonly Attempt[],
  gates: readonly GateReport[],
): readonly ServiceEvent[] {
  const { facts, policy, epoch } = moment;
  const path = nextPath(
    facts.paths.filter(({ provider }) => provider === change.provider),
    // What an earlier epoch left unsent when it crashed says nothing against the path.
    tries.filter((attempt) => attempt.epoch === epoch),
  );
  if (path === undefined) return [];
  const zone = change.zone.length > 1 ? change.zone.slice(0, -1) : change.zone;
  const attempt = `${open.id}/${change.provider}/${zone}/${tries.length + 1}`;
  const fenced = path.type !== "manual" && policy.providers.get(change.provider)?.fence === true;
  return [
    {
      type: "attempt-intended",
      failover: open.id,
      attempt,
      planHash: open.planHash,
      provider: change.provider,
      zone: change.zone,
      path: path.path,
      manual: path.type === "manual",
      change,
      fences: fenced ? fencesFor(change, attempt, moment) : [],
      authority: authorityOf(moment, open),
      gates,
      epoch,
    },
  ];
}

/** Each automated path is tried this often before people are asked to change the records by hand. */
const triesBeforeManual = 3;

/** The path that was tried least, in the policy's order; a manual one only when the others have failed often enough. */
function nextPath(paths: readonly PathFacts[], tries: readonly Attempt[]): PathFacts | undefined {
  const tried = (path: PathFacts): number => tries.filter((attempt) => attempt.path === path.path).length;
  const automated = paths.filter((path) => path.type !== "manual" && path.compareAndSwap);
  const least = Math.min(...automated.map(tried));
  if (automated.length > 0 && least < triesBeforeManual) return automated.find((path) => tried(path) === least);
  return paths.find((path) => path.type === "manual") ?? automated.find((path) => tried(path) === least);
}

/** N1: by whose word. Of what people signed only what is live counts, and is named. */
function authorityOf({ service, world, now }: Moment, open: Failover): IntentAuthority {
  const band = bandOfPlan(service, open.plan);
  const words = liveWords(world, open, now);
  const waivers = liveWords(world, { words: open.waivers }, now);
  const under = words.flatMap((word) => (word.under === null ? [] : [word.under]));
  const common = {
    band: null,
    acceptedBy: [],
    people: [...new Set([...open.approvals.map(({ by }) => by.id), ...words.map(({ person }) => person)])],
    signed: world.authority.mode === "signed",
    statements: [...words, ...waivers].map(({ statement }) => statement),
    under: under.filter(({ kind, id }, at) => under.findIndex((one) => one.kind === kind && one.id === id) === at),
  } as const;
  if (open.needs !== "nothing") {
    const alone = under.some(({ kind }) => kind === "solo");
    return { ...common, kind: alone ? "single-person" : "people", band: band?.name ?? null };
  }
  if (open.plan.purpose === "rollback") return { ...common, kind: "rollback-criteria" };
  return { ...common, kind: "band", band: band?.name ?? null, acceptedBy: band?.acceptedBy ?? [] };
}
