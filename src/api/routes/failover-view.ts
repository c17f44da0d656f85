import type { MissingDuty } from "../../core/authority/duties.ts";
import type { Failover, Verification } from "../../core/failover/state.ts";
import type { DurationMs } from "../../values/time.ts";
import { formatInstant, since, type Instant } from "../../values/time.ts";
import type { FailoverView } from "../contract/status.ts";
import { instantView, placementView, senderView } from "./views.ts";

const stages = ["signal", "proposed", "authorised", "intended", "changed", "switched", "recovered", "settled"] as const;

/** Whether people sign here, and what the authority of a failover lacks then. */
export interface Signed {
  readonly mode: "unsigned" | "signed";
  readonly missing: readonly MissingDuty[];
}

const trial: Signed = { mode: "unsigned", missing: [] };

/** An open failover with the times of its stages, against the service's recovery objective. */
export function failoverView(
  failover: Failover,
  recoverMs: DurationMs,
  now: Instant,
  signed: Signed = trial,
): FailoverView {
  const { plan, times } = failover;
  const start = times.signal ?? times.proposed;
  const elapsedMs = since(start, times.recovered ?? now);
  return {
    id: failover.id,
    status: failover.status,
    purpose: plan.purpose,
    drill: plan.drill,
    initiative: failover.initiative,
    by: senderView(failover.by),
    needs: failover.needs,
    approvals: failover.approvals.map(({ by, at }) => ({ by: senderView(by), at: formatInstant(at) })),
    words: failover.words.map(({ duty, person, role, under, at }) => ({
      duty,
      person,
      role,
      under: under === null ? null : `${under.kind} ${under.id}`,
      at: formatInstant(at),
    })),
    missing: signed.missing.map((one) => ({ ...one, people: [...one.people] })),
    waivers: failover.waivers.flatMap(({ person, gates }) => gates.map(({ gate, code }) => ({ person, gate, code }))),
    signed: signed.mode === "signed",
    scope: plan.scope,
    planHash: failover.planHash,
    expiresAt: formatInstant(plan.expiresAt),
    placementBefore: placementView(plan.placement.before),
    placementAfter: placementView(plan.placement.after),
    stages: stages.map((stage) => {
      const at = times[stage];
      return { stage, at: instantView(at), afterMs: at === null ? null : since(start, at) };
    }),
    elapsedMs,
    objective: { recoverMs, met: objectiveMet(times.recovered, elapsedMs, recoverMs) },
    heldBy: [...failover.heldBy],
    ...progress(failover),
  };
}

/** Null while it may still be met. */
function objectiveMet(recovered: Instant | null, elapsedMs: number, recoverMs: number): boolean | null {
  if (elapsedMs > recoverMs) return false;
  return recovered === null ? null : true;
}

function progress(failover: Failover): Pick<FailoverView, "attempts" | "verification" | "diverged" | "settleAt"> {
  if (failover.status === "proposed" || failover.status === "authorised") {
    return { attempts: [], verification: null, diverged: null, settleAt: null };
  }
  const { diverged } = failover;
  return {
    attempts: failover.attempts.map(({ id, provider, zone, path, manual, outcome }) => ({
      id,
      provider,
      zone,
      path,
      manual,
      state: outcome.state,
      code: "code" in outcome ? outcome.code : null,
    })),
    verification: failover.status === "changing" ? null : verificationView(failover.verification),
    diverged: diverged === null ? null : { since: formatInstant(diverged.since), says: diverged.says },
    settleAt: "settleAt" in failover ? formatInstant(failover.settleAt) : null,
  };
}

function verificationView(found: Verification): FailoverView["verification"] {
  const { wrong, silent, serviceFailure, exceptions, authenticity, tries } = found;
  return {
    wrong: [...wrong],
    silent: [...silent],
    serviceFailure,
    exceptions: exceptions.map(({ provider, address, kind }) => ({ provider, address, kind })),
    authenticity,
    tries,
  };
}
