import type { Epoch } from "../../values/ids.ts";
import { own } from "../../values/own.ts";
import { add, duration, minute, second, since, type DurationMs, type Instant } from "../../values/time.ts";
import { missingDuties, type MissingDuty } from "../authority/duties.ts";
import { holding, walkGates } from "../gates/index.ts";
import type { GateInput, GateReport, Stage } from "../gates/gate.ts";
import type { Failover, ServiceState } from "../failover/state.ts";
import { providersOf } from "../plan/observed.ts";
import type { Plan } from "../plan/plan.ts";
import type { Band, Policy, Service } from "../policy/policy.ts";
import type { Facts } from "./facts.ts";
import type { World } from "./world.ts";

/** All that a step of the cycle looks at, at one instant. */
export interface Moment {
  readonly state: ServiceState;
  readonly world: World;
  readonly facts: Facts;
  readonly now: Instant;
  readonly epoch: Epoch;
  /** The policy in force, and the service in it. */
  readonly policy: Policy;
  readonly service: Service;
}

/** Undefined when the policy in force has no such service: then nothing is done for it, and nothing deleted. */
export function momentOf(
  state: ServiceState,
  world: World,
  facts: Facts,
  now: Instant,
  epoch: Epoch,
): Moment | undefined {
  const service = world.policy.services.get(state.service);
  return service && { state, world, facts, now, epoch, policy: world.policy, service };
}

/** The controller acts on its own behalf. */
export const controller = { kind: "controller", id: "controller", method: "internal" } as const;

/** How long readings may be old when something is proposed on them, and how often they are made then. */
export const readingWantedMs = duration(2 * second);
/** How often the records are read while nothing happens. */
export const readingIdleMs = duration(10 * second);
/** Not at one after this long since the change: diverged, and a person may supersede it. */
export const divergedAfterMs = duration(minute);

const retryDelayMsMin = 500;
const retryDelayMsMax = 30 * second;

/** The time of the next try: 0.5 s after the first, doubling, at most 30 s apart. */
export function retryAt(now: Instant, tries: number): Instant {
  return add(now, Math.min(retryDelayMsMax, retryDelayMsMin * 2 ** Math.min(tries, 16)));
}

/** The age of the oldest reading, failed ones too; undefined while some record was never read. */
export function readingAge({ facts, policy, service, now }: Moment): DurationMs | undefined {
  let oldest: Instant | undefined;
  for (const record of service.records.keys()) {
    for (const provider of providersOf(policy, service, record)) {
      const readings = (own(facts.readings, record) ?? []).filter((reading) => reading.provider === provider.id);
      if (readings.length === 0 || readings.some(({ outcome }) => outcome === "unread")) return undefined;
      for (const { at } of readings) oldest = oldest === undefined || at < oldest ? at : oldest;
    }
  }
  return oldest === undefined ? undefined : since(oldest, now);
}

/** True when the facts are fresh enough to plan on; otherwise they are read first, which is due then. */
export function readLately(moment: Moment): boolean {
  const ageMs = readingAge(moment);
  return ageMs !== undefined && ageMs <= readingWantedMs;
}

/** The band whose word a plan rests on; null for what people declared, a rollback's criteria and the failback. */
export function bandOfPlan(service: Service, plan: Plan): Band | null {
  const { trigger, purpose } = plan;
  if (trigger.kind !== "signal" || (purpose !== "failover" && purpose !== "restore")) return null;
  return service.bands.find((band) => band.name === trigger.band) ?? null;
}

/** Walks the gates for a plan that is only proposed, under the policy in force. */
export function gatesForPlan(
  moment: Moment,
  plan: Plan,
  band: Band | null,
  actor: GateInput["actor"],
): readonly GateReport[] {
  return walkGates({ ...moment, stage: "propose", actor, plan, band, failover: null });
}

/** A failover runs under the policy of its proposal (design §8); the one in force where that cannot be read. */
export function governing(moment: Moment, plan: Plan): Pick<Moment, "policy" | "service"> {
  const policy = moment.world.policies.get(plan.policy) ?? moment.policy;
  return { policy, service: policy.services.get(plan.service) ?? moment.service };
}

/** Walks the gates for an open failover, under the policy of its proposal. */
export function gatesForFailover(moment: Moment, failover: Failover, stage: Stage): readonly GateReport[] {
  const { policy, service } = governing(moment, failover.plan);
  return walkGates({
    ...moment,
    policy,
    service,
    stage,
    actor: failover.needs === "nothing" ? "automation" : "person",
    plan: failover.plan,
    band: bandOfPlan(service, failover.plan),
    failover,
  });
}

/** Whether it waits for somebody's word: in an unsigned trial for one yes, otherwise for every duty that its plan asks. */
export function waitsForPeople(moment: Moment, open: Failover): boolean {
  return open.status === "proposed" && (isUnsigned(moment) ? lacksApproval(open) : missingOf(moment, open).length > 0);
}

/** What its authority lacks now; in an unsigned trial nothing is asked by name. */
export function missingOf(moment: Moment, open: Failover): readonly MissingDuty[] {
  if (isUnsigned(moment)) return [];
  const { world, facts, now } = moment;
  return missingDuties({ world, policy: governing(moment, open.plan).policy, failover: open, facts, now });
}

function isUnsigned({ world }: Moment): boolean {
  return world.authority.mode === "unsigned";
}

function lacksApproval({ needs, approvals }: Failover): boolean {
  return needs !== "nothing" && approvals.length === 0;
}

export function sameCodes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((code, index) => code === b[index]);
}

export function isHeld(reports: readonly GateReport[]): boolean {
  return holding(reports).length > 0;
}
