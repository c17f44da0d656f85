import { invariant, unreachable } from "../../values/invariant.ts";
import type { Placed, ServiceEvent } from "./event.ts";
import { withWhatItOwes } from "./owed-reviews.ts";
import { fenceKey, type Attempt, type AttemptOutcome, type ServiceState } from "./state.ts";

type AttemptEvent = Extract<ServiceEvent, { type: `attempt-${string}` }>;

/** What becomes of the attempts of the open failover, and of those that a superseded one left behind. */
export function evolveAttempts(state: ServiceState, { event, sequence, at }: Placed<AttemptEvent>): ServiceState {
  switch (event.type) {
    case "attempt-intended": {
      const open = state.failover;
      invariant(open !== null && open.id === event.failover, "an intent belongs to the open failover");
      invariant(open.status === "authorised" || open.status === "changing", "an intent follows an authorisation");
      invariant(open.planHash === event.planHash, "an intent is for the plan that was authorised");
      const attempt: Attempt = {
        id: event.attempt,
        provider: event.provider,
        zone: event.zone,
        path: event.path,
        manual: event.manual,
        change: event.change,
        fences: event.fences,
        sequence,
        epoch: event.epoch,
        intendedAt: at,
        outcome: { state: "open" },
      };
      const attempts = open.status === "changing" ? [...open.attempts, attempt] : [attempt];
      const { step, diverged } = open.status === "changing" ? open : { step: 0, diverged: null };
      const times = { ...open.times, intended: open.times.intended ?? at };
      const owed = open.status === "authorised" ? withWhatItOwes(state, open, event.gates) : state;
      return { ...owed, failover: { ...open, status: "changing", step, attempts, diverged, times, heldBy: [] } };
    }
    case "attempt-ended":
      return withOutcome(state, event.attempt, outcomeOf(event, at));
    case "attempt-read-back":
      return readBack(state, event, at);
    case "attempt-said-done":
      return withOutcome(state, event.attempt, { state: "unknown", code: "said-done", lateUntil: null, retryAt: at });
    default:
      return unreachable(event, "attempt event");
  }
}

type EventOf<Type extends AttemptEvent["type"]> = Extract<AttemptEvent, { type: Type }>;

function outcomeOf(event: EventOf<"attempt-ended">, at: Attempt["intendedAt"]): AttemptOutcome {
  switch (event.outcome) {
    case "applied":
      return { state: "applied", at, receipt: event.code };
    case "unknown":
      return { state: "unknown", code: event.code, lateUntil: event.lateUntil, retryAt: event.retryAt };
    case "failed":
      return { state: "failed", code: event.code, retryAt: event.retryAt };
  }
}

function readBack(state: ServiceState, event: EventOf<"attempt-read-back">, at: Attempt["intendedAt"]): ServiceState {
  const attempt = attemptOf(state, event.attempt);
  const { outcome } = attempt;
  switch (event.found) {
    case "after":
      return withOutcome(state, event.attempt, { state: "applied", at, receipt: `read-back: ${event.code}` });
    case "before":
    case "other":
      return withOutcome(state, event.attempt, { state: "failed", code: event.code, retryAt: event.retryAt });
    case "no-answer": {
      const lateUntil = outcome.state === "unknown" ? outcome.lateUntil : null;
      return withOutcome(state, event.attempt, {
        state: "unknown",
        code: event.code,
        lateUntil,
        retryAt: event.retryAt,
      });
    }
  }
}

/** The attempt of this id, in the open failover or left behind by a superseded one. */
function attemptOf(state: ServiceState, id: string): Attempt {
  const attempt = findAttempt(state, id);
  invariant(attempt !== undefined, `${id} is an attempt of this service`);
  return attempt;
}

export function findAttempt(state: ServiceState, id: string): Attempt | undefined {
  const open = state.failover;
  const attempts = open !== null && "attempts" in open ? open.attempts : [];
  return [...attempts, ...state.outstanding].find((attempt) => attempt.id === id);
}

function withOutcome(state: ServiceState, id: string, outcome: AttemptOutcome): ServiceState {
  const attempt = attemptOf(state, id);
  invariant(attempt.outcome.state !== "applied", "an attempt that was applied does not end again");
  const fences =
    outcome.state === "applied"
      ? new Map([
          ...state.fences,
          ...attempt.fences.map(({ name, after }) => [fenceKey(attempt.provider, name), after] as const),
        ])
      : state.fences;
  const replace = (one: Attempt): Attempt => (one.id === id ? { ...one, outcome } : one);
  const open = state.failover;
  return {
    ...state,
    fences,
    outstanding: state.outstanding.map(replace).filter((one) => isOutstanding(one)),
    failover: open !== null && "attempts" in open ? { ...open, attempts: open.attempts.map(replace) } : open,
  };
}

/** Nobody knows yet whether it was applied. */
export function isOutstanding(attempt: Attempt): boolean {
  return attempt.outcome.state === "open" || attempt.outcome.state === "unknown";
}
