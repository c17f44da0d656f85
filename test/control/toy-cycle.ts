import type { CycleFunctions } from "../../src/control/parts.ts";
import { nothingDue, type Decide, type Decision, type NextActions } from "../../src/core/cycle/cycle.ts";
import { decideFleet } from "../../src/core/cycle/fleet.ts";
import { explain } from "../../src/core/cycle/explain.ts";
import { preview } from "../../src/core/cycle/preview.ts";
import type { EffectAction } from "../../src/core/cycle/service-command.ts";
import type { World } from "../../src/core/cycle/world.ts";
import type { ServiceEvent } from "../../src/core/failover/event.ts";
import { evolve } from "../../src/core/failover/evolve.ts";
import type { Attempt, Failover, ServiceState } from "../../src/core/failover/state.ts";
import { planHash, type Plan } from "../../src/core/plan/plan.ts";
import { createHealth } from "../../src/core/health/health-book.ts";
import { createIntegrity } from "../../src/core/integrity/integrity-book.ts";
import { probeTargets } from "../../src/core/policy/targets.ts";
import type { Epoch } from "../../src/values/ids.ts";
import { add, type Instant } from "../../src/values/time.ts";

/**
 * The shortest cycle that control can be tested with: declared, authorised, intended, written once, read back where that
 * is not known, closed. The fold is the real one.
 */
export const toyCycle: CycleFunctions = {
  rules: 1,
  decide: (state, world, { request, by }, _facts, now, epoch) => {
    switch (request.kind) {
      case "advance":
        return accepted(stopOf(state, world) === null ? dueEvent(state, now, epoch) : undefined);
      case "declare":
        return accepted(state.failover === null ? proposal(state, world, now, by) : undefined);
      case "attempt-result": {
        const { outcome, code, lateUntil } = endOf(request.outcome);
        const { attempt } = request;
        return accepted({ type: "attempt-ended", attempt, outcome, code, lateUntil, retryAt: add(now, 500) });
      }
      case "read-back": {
        const { attempt, found } = request;
        const stands = found?.rrsets.every(({ rrset }) => rrset !== "absent") === true ? "after" : "before";
        return accepted({ type: "attempt-read-back", attempt, found: stands, code: "read", retryAt: add(now, 500) });
      }
      case "stop":
        return accepted({ type: "service-stopped", by });
      case "verified":
      case "service-answered":
      case "approve":
      case "withdraw":
      case "veto":
      case "lift-veto":
      case "rollback":
      case "resume":
      case "adopt":
      case "give-word":
      case "waive":
      case "contain":
      case "clear-site":
      case "force-verdict":
      case "lift-forced-verdict":
      case "handover":
      case "take-back":
      case "path-done":
        return accepted(undefined);
    }
  },
  evolve,
  nextActions: (state, world, _facts, now, epoch) => ({
    effects: attemptsOf(state.failover).flatMap((attempt) => effectOf(state, world, attempt, epoch, now)),
    wakeAt: undefined,
  }),
  decideFleet,
  explain,
  preview,
  health: (policy) => createHealth(policy, probeTargets(policy), { sameHostVantages: [] }),
  integrity: createIntegrity,
} satisfies { readonly decide: Decide; readonly nextActions: NextActions } & CycleFunctions;

function accepted(event: ServiceEvent | undefined): Decision {
  return event === undefined
    ? { accepted: false, refusal: { code: nothingDue, says: "Not due.", figures: {}, mend: "Wait." } }
    : { accepted: true, events: [event] };
}

function proposal(state: ServiceState, world: World, now: Instant, by: Failover["by"]): ServiceEvent {
  const ordinal = state.ordinal + 1;
  const failover = `${state.service}-${ordinal}`;
  const plan: Plan = {
    format: 1,
    installation: world.installation,
    failover,
    service: state.service,
    purpose: "failover",
    drill: false,
    trigger: { kind: "declared" },
    of: null,
    policy: world.policy.hash,
    scope: "full",
    placement: { before: { all: [site("fra")] }, after: { all: [site("iad")] } },
    steps: [
      {
        changes: [
          {
            provider: "primary",
            view: "public",
            zone: "example.com.",
            rrsets: [
              {
                record: "v4",
                name: `${state.service}.example.com.`,
                type: "A",
                before: { ttl: 60, rdata: ["c000020a"] },
                after: { ttl: 60, rdata: ["c633640a"] },
              },
            ],
          },
        ],
      },
    ],
    rollback: null,
    expiresAt: add(now, 60_000),
  };
  return {
    type: "failover-proposed",
    failover,
    ordinal,
    plan,
    planHash: planHash(plan),
    initiative: null,
    needs: "nothing",
    signalAt: null,
    by,
    gates: [],
    supersedes: null,
  };
}

function site(id: string) {
  return { site: id, share: null, without: [] };
}

function dueEvent({ failover }: ServiceState, now: Instant, epoch: Epoch): ServiceEvent | undefined {
  if (failover === null) return undefined;
  const { id, plan, times } = failover;
  const hash = failover.planHash;
  if (failover.status === "proposed") return { type: "failover-authorised", failover: id, planHash: hash, gates: [] };
  if (failover.status === "authorised") return intent(id, plan, hash, 1, epoch);
  const last = attemptsOf(failover).at(-1);
  if (last?.outcome.state === "applied") {
    return { type: "failover-ended", failover: id, how: "closed", says: "Closed.", times, wouldHave: null };
  }
  const again = last?.outcome.state === "failed" && now >= last.outcome.retryAt;
  return again ? intent(id, plan, hash, attemptsOf(failover).length + 1, epoch) : undefined;
}

function intent(
  failover: string,
  plan: Plan,
  hash: ReturnType<typeof planHash>,
  number: number,
  epoch: Epoch,
): ServiceEvent {
  const [change] = plan.steps[0].changes;
  const { provider, zone } = change;
  return {
    type: "attempt-intended",
    failover,
    attempt: `${failover}/${provider}/example.com/${number}`,
    planHash: hash,
    provider,
    zone,
    path: "update",
    manual: false,
    change,
    fences: [],
    authority: {
      kind: "people",
      band: null,
      acceptedBy: [],
      people: ["uid:1000"],
      signed: false,
      statements: [],
      under: [],
    },
    gates: [],
    epoch,
  };
}

function endOf(outcome: { readonly outcome: string; readonly code?: string; readonly lateUntil?: Instant | null }) {
  if (outcome.outcome === "applied") return { outcome: "applied", code: "receipt", lateUntil: null } as const;
  const code = outcome.code ?? "none";
  return outcome.outcome === "unknown"
    ? ({ outcome: "unknown", code, lateUntil: outcome.lateUntil ?? null } as const)
    : ({ outcome: "failed", code, lateUntil: null } as const);
}

function effectOf(state: ServiceState, world: World, attempt: Attempt, epoch: Epoch, now: Instant): EffectAction[] {
  const data = { service: state.service, attempt: attempt.id };
  const { outcome } = attempt;
  if (outcome.state === "open" && attempt.epoch === epoch) {
    return stopOf(state, world) === null ? [{ key: `write/${attempt.id}`, kind: "write", data }] : [];
  }
  if (outcome.state === "open" || (outcome.state === "unknown" && now >= outcome.retryAt)) {
    return [{ key: `read-back/${attempt.id}`, kind: "read-back", data }];
  }
  return [];
}

function stopOf(state: ServiceState, world: World): unknown {
  return world.stopped ?? state.stopped;
}

function attemptsOf(failover: Failover | null): readonly Attempt[] {
  return failover !== null && "attempts" in failover ? failover.attempts : [];
}
