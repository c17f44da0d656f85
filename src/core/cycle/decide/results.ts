import { add, type Instant } from "../../../values/time.ts";
import { deferred } from "../../authority/clock-steps.ts";
import { findAttempt, isOutstanding } from "../../failover/evolve-attempts.ts";
import type { ServiceEvent } from "../../failover/event.ts";
import { isRight, isSilent, isWrong, type NameserverVerdict } from "../../failover/verification.ts";
import type { Attempt, Failover } from "../../failover/state.ts";
import { sameData } from "../../plan/rrset.ts";
import { answeringOtherwise, end, longestTtlMs } from "../advance/progress.ts";
import { retryAt, type Moment } from "../moment.ts";
import type { ReadBack } from "../service-command.ts";
import { accept, refuse, type Answer, type Request } from "./answer.ts";
import { foundNotAuthentic, oneOfEachDomain, unprovenOf } from "./authentic.ts";

/** What came of sending an attempt. */
export function attemptResult({ state, now }: Moment, request: Request<"attempt-result">): Answer {
  const attempt = findAttempt(state, request.attempt);
  if (attempt === undefined || attempt.outcome.state !== "open") return stale(request.attempt);
  const { outcome } = request;
  const ended = { type: "attempt-ended", attempt: attempt.id } as const;
  switch (outcome.outcome) {
    case "applied":
      return accept({ ...ended, outcome: "applied", code: outcome.receipt, lateUntil: null, retryAt: now });
    // Something else stands there: what, is found out by reading before anything else.
    case "conflict":
      return accept({ ...ended, outcome: "unknown", code: outcome.code, lateUntil: now, retryAt: now });
    case "unknown":
      return accept({ ...ended, outcome: "unknown", code: outcome.code, lateUntil: outcome.lateUntil, retryAt: now });
    case "refused":
    case "not-sent": {
      const failedBefore = failures(state.failover);
      return accept({
        ...ended,
        outcome: "failed",
        code: outcome.code,
        lateUntil: null,
        retryAt: retryAt(now, failedBefore),
      });
    }
  }
}

function failures(open: Failover | null): number {
  return open !== null && "attempts" in open
    ? open.attempts.filter(({ outcome }) => outcome.state === "failed").length
    : 0;
}

function stale(attempt: string): Answer {
  return refuse("not-waiting", `Nothing is waited for of ${attempt}.`, { attempt }, "Nothing needs to be done.");
}

/** What stands at the path's server after an attempt that nobody knows the outcome of. */
export function readBack(moment: Moment, request: Request<"read-back">): Answer {
  const { state, world, now } = moment;
  const attempt = findAttempt(state, request.attempt);
  if (attempt === undefined || !isOutstanding(attempt)) return stale(request.attempt);
  const found = request.found === null ? "no-answer" : whatStands(moment, attempt, request.found);
  // Without a fence, a write that was not seen may still land until its signature is too old.
  const late = attempt.outcome.state === "unknown" ? attempt.outcome.lateUntil : null;
  const lateUntil = late === null ? null : deferred(world, attempt.intendedAt, late);
  const mayLand =
    found === "before" && !attempt.manual && attempt.fences.length === 0 && (lateUntil === null || now < lateUntil);
  const waits = attempt.manual && found !== "after";
  const readBackEvent: ServiceEvent = {
    type: "attempt-read-back",
    attempt: attempt.id,
    found: mayLand || waits ? "no-answer" : found,
    code: mayLand ? "may-still-land" : waits ? "not-done-yet" : request.code,
    retryAt:
      mayLand || waits || found === "no-answer"
        ? nextReadBack(attempt, now, lateUntil)
        : nextTry(state.failover, found, now),
  };
  if (found !== "other" || waits) return accept(readBackEvent);
  return accept(readBackEvent, ...afterOther(moment, attempt));
}

/**
 * The first write that was certainly not applied is sent again at once. What fails again and again rests in between: where
 * something else stands, the same prerequisite is refused as often as it is asked.
 */
function nextTry(open: Failover | null, found: "after" | "before" | "other", now: Instant): Instant {
  const failed = failures(open);
  return found === "before" && failed === 0 ? now : retryAt(now, failed);
}

function nextReadBack(attempt: Attempt, now: Instant, lateUntil: Instant | null): Instant {
  if (attempt.manual) return add(now, 5_000);
  const tries = attempt.outcome.state === "unknown" ? 2 : 0;
  const at = retryAt(now, tries);
  return lateUntil !== null && lateUntil > now && lateUntil < at ? lateUntil : at;
}

function whatStands({ state }: Moment, attempt: Attempt, found: ReadBack): "after" | "before" | "other" {
  const rrsets = attempt.change.rrsets.map((change) => ({
    change,
    there: found.rrsets.find(({ name, type }) => name === change.name && type === change.type)?.rrset ?? "absent",
  }));
  if (attempt.fences.length > 0) {
    const value = (name: string): string | null => found.fences.find((fence) => fence.name === name)?.value ?? null;
    // A late attempt of the same failover wrote the same data, so its fence counts as ours.
    const ours = triesBefore(state.failover, attempt);
    if (attempt.fences.every(({ name, after }) => [after, ...ours].includes(value(name) ?? ""))) return "after";
    if (attempt.fences.some(({ name, before }) => value(name) !== before)) return "other";
  } else if (rrsets.every(({ change, there }) => sameData(there, change.after))) return "after";
  return rrsets.every(({ change, there }) => sameData(there, change.before)) ? "before" : "other";
}

function triesBefore(open: Failover | null, attempt: Attempt): readonly string[] {
  if (open === null || !("attempts" in open)) return [];
  return open.attempts
    .filter(({ provider, zone }) => provider === attempt.provider && zone === attempt.zone)
    .flatMap(({ fences }) => fences.map(({ after }) => after));
}

/** Neither before nor after: the plan is void where nothing was applied yet, and diverged where something was. */
function afterOther({ state }: Moment, attempt: Attempt): readonly ServiceEvent[] {
  const open = state.failover;
  if (open === null || open.status !== "changing" || !open.attempts.some(({ id }) => id === attempt.id)) return [];
  const others = open.attempts.filter(({ id }) => id !== attempt.id);
  const says = `The records at provider ${attempt.provider} are neither what the plan was made for nor what it writes.`;
  if (others.some((one) => one.outcome.state === "applied" || isOutstanding(one)))
    return open.diverged === null ? [{ type: "failover-diverged", failover: open.id, says }] : [];
  return [end(open, "void", says)];
}

/**
 * What every nameserver answered. N9: switched only when each that answers is right and authentic, as far as the policy
 * asks and anybody validates, and one at each provider is.
 */
export function verified(moment: Moment, request: Request<"verified">): Answer {
  const { state, now } = moment;
  const open = state.failover;
  if (open === null || open.id !== request.failover || open.status !== "changed") return notVerifying(request.failover);
  const nameservers = oneOfEachDomain(moment, open, request.nameservers);
  const wrong = [
    ...[...nameservers.filter(isWrong), ...unprovenOf(moment, open, nameservers)].map(named),
    ...foundNotAuthentic(moment, open, open.times.changed ?? now),
  ];
  const silent = nameservers.filter(isSilent).map(named);
  const providers = new Set(open.plan.steps.flatMap((step) => step.changes).map(({ provider }) => provider));
  const everyProvider = [...providers].every((id) => nameservers.some((one) => one.provider === id && isRight(one)));
  if (wrong.length === 0 && everyProvider)
    return accept({
      type: "failover-switched",
      failover: open.id,
      nameservers,
      serialsDiffer: serialsDiffer(nameservers),
    });
  const next = retryAt(now, open.verification.tries);
  return accept({
    type: "verification-incomplete",
    failover: open.id,
    wrong,
    silent,
    serviceFailure: null,
    retryAt: next,
  });
}

/** Serials are compared inside a provider alone: each counts its own (design §2.9). */
function serialsDiffer(nameservers: readonly NameserverVerdict[]): readonly string[] {
  const byProvider = new Map<string, Set<number>>();
  for (const one of nameservers.filter(isRight)) {
    const serials = byProvider.get(one.provider) ?? new Set();
    if (one.serial !== null) byProvider.set(one.provider, serials.add(one.serial));
  }
  return [...byProvider].filter(([, serials]) => serials.size > 1).map(([provider]) => provider);
}

function notVerifying(failover: string): Answer {
  return refuse("not-verifying", `${failover} is not being verified.`, { failover }, "Nothing needs to be done.");
}

function named({ nameserver, address, authenticity }: NameserverVerdict): string {
  if (authenticity === undefined || authenticity.verdict === "secure") return `${nameserver} (${address})`;
  return `${nameserver} (${address}, ${authenticity.verdict}: ${authenticity.code})`;
}

/** Whether the service answers through its own name. */
export function serviceAnswered(moment: Moment, request: Request<"service-answered">): Answer {
  const { state, now, service } = moment;
  const open = state.failover;
  if (open === null || open.id !== request.failover || open.status !== "switched")
    return notVerifying(request.failover);
  const { silent, authenticity } = open.verification;
  const switched = open.times.switched ?? now;
  // N9: a nameserver may have turned back, or come back, since they all were verified.
  const wrong = [...answeringOtherwise(moment, switched), ...foundNotAuthentic(moment, open, switched)];
  if (request.failure !== null || wrong.length > 0) {
    const next = wrong.length > 0 ? now : retryAt(now, open.verification.tries);
    return accept({
      type: "verification-incomplete",
      failover: open.id,
      wrong,
      silent,
      serviceFailure: request.failure,
      retryAt: next,
    });
  }
  const tookMs = now - (open.times.signal ?? open.times.proposed);
  return accept({
    type: "failover-recovered",
    failover: open.id,
    exceptions: open.verification.exceptions,
    authenticity,
    settleAt: add(open.times.changed ?? now, longestTtlMs(open)),
    tookMs,
    objectiveMet: tookMs <= service.objective.recoverMs,
  });
}
