import { invariant, unreachable } from "../../values/invariant.ts";
import type { Instant } from "../../values/time.ts";
import type { Placed, ServiceEvent } from "./event.ts";
import { isOutstanding } from "./evolve-attempts.ts";
import { exceptionsOf, recoveredAuthenticity } from "./verification.ts";
import { withBaseline, withInitiative } from "./state-change.ts";
import { endedMax, type EndedFailover, type Failover, type ServiceState, type Verification } from "./state.ts";

type FailoverEvent = Extract<ServiceEvent, { type: `failover-${string}` | "verification-incomplete" }>;
type EventOf<Type extends FailoverEvent["type"]> = Extract<FailoverEvent, { type: Type }>;

/** The way of one failover, from proposal to end. */
export function evolveFailover(state: ServiceState, { event, at }: Placed<FailoverEvent>): ServiceState {
  if (event.type === "failover-proposed") return proposed(state, event, at);
  const open = openOf(state, event.failover);
  switch (event.type) {
    case "failover-approved":
      invariant(open.status === "proposed" && event.planHash === open.planHash, "an approval is for the proposed plan");
      return { ...state, failover: { ...open, approvals: [...open.approvals, { by: event.by, at }] } };
    case "failover-authorised":
      invariant(
        open.status === "proposed" && event.planHash === open.planHash,
        "an authorisation is for the proposed plan",
      );
      return {
        ...state,
        failover: { ...open, status: "authorised", heldBy: [], times: { ...open.times, authorised: at } },
      };
    case "failover-held":
      return { ...state, failover: { ...open, heldBy: event.codes } };
    case "failover-changed":
      return changed(state, open, event, at);
    case "failover-switched":
      invariant(open.status === "changed", "switched follows changed");
      return {
        ...state,
        failover: {
          ...open,
          status: "switched",
          diverged: null,
          verification: {
            ...firstVerification(at),
            exceptions: exceptionsOf(event.nameservers),
            authenticity: recoveredAuthenticity(event.nameservers),
          },
          times: { ...open.times, switched: at },
        },
      };
    case "verification-incomplete":
      return withVerification(state, open, event);
    case "failover-recovered":
      return recovered(state, open, event, at);
    case "failover-settled":
      invariant(open.status === "recovered", "settled follows recovered");
      return { ...state, failover: { ...open, status: "settled", times: { ...open.times, settled: at } } };
    case "failover-diverged":
      invariant("diverged" in open, "only what has begun to change can diverge");
      return { ...state, failover: { ...open, diverged: { since: at, says: event.says } } };
    case "failover-mended":
      invariant("diverged" in open, "only what diverged is mended");
      return { ...state, failover: { ...open, diverged: null } };
    case "failover-ended":
      return ended(state, open, event, at);
    default:
      return unreachable(event, "failover event");
  }
}

export function openOf(state: ServiceState, id: string): Failover {
  const open = state.failover;
  invariant(open !== null && open.id === id, `${id} is the open failover`);
  return open;
}

function proposed(state: ServiceState, event: EventOf<"failover-proposed">, at: Instant): ServiceState {
  invariant(state.failover === null, "one failover of a service at a time (N5)");
  invariant(event.ordinal === state.ordinal + 1, "failovers are numbered without gaps");
  const failover: Failover = {
    status: "proposed",
    id: event.failover,
    plan: event.plan,
    planHash: event.planHash,
    initiative: event.initiative,
    by: event.by,
    needs: event.needs,
    approvals: [],
    words: [],
    waivers: [],
    heldBy: [],
    authorityEnded: null,
    times: {
      signal: event.signalAt,
      proposed: at,
      authorised: null,
      intended: null,
      changed: null,
      switched: null,
      recovered: null,
      settled: null,
    },
  };
  return withInitiative({ ...state, ordinal: event.ordinal, failover }, event.initiative, { codes: [] });
}

function firstVerification(at: Instant): Verification {
  return {
    wrong: [],
    silent: [],
    serviceFailure: null,
    exceptions: [],
    authenticity: "not checked",
    tries: 0,
    retryAt: at,
  };
}

function changed(state: ServiceState, open: Failover, event: EventOf<"failover-changed">, at: Instant): ServiceState {
  invariant(open.status === "changing", "changed follows the attempts");
  const { plan } = open;
  const records = event.baseline.map(({ record, rrset }) => [record, rrset] as const);
  return {
    ...state,
    placement: plan.placement.after,
    ...withBaseline(state, records, at),
    drift: new Map(),
    owed: [],
    failover: {
      ...open,
      status: "changed",
      verification: firstVerification(at),
      times: { ...open.times, changed: at },
    },
  };
}

function withVerification(
  state: ServiceState,
  open: Failover,
  event: EventOf<"verification-incomplete">,
): ServiceState {
  invariant("verification" in open, "verification follows the change");
  const { wrong, silent, serviceFailure, retryAt } = event;
  const { exceptions, authenticity, tries } = open.verification;
  const verification = { wrong, silent, serviceFailure, exceptions, authenticity, retryAt, tries: tries + 1 };
  // Other data again after all had been right: what was switched is to be verified anew.
  if (open.status === "switched" && wrong.length > 0)
    return { ...state, failover: { ...open, status: "changed", verification } };
  return { ...state, failover: { ...open, verification } };
}

function recovered(
  state: ServiceState,
  open: Failover,
  event: EventOf<"failover-recovered">,
  at: Instant,
): ServiceState {
  invariant(open.status === "switched", "recovered follows switched (N9)");
  const owed = event.exceptions
    .filter(({ kind }) => kind !== "udp-only")
    .map(({ provider, address }) => ({
      failover: open.id,
      provider,
      address,
      state: "silent" as const,
      retryAt: at,
      tries: 0,
    }));
  return {
    ...state,
    owed,
    failover: { ...open, status: "recovered", settleAt: event.settleAt, times: { ...open.times, recovered: at } },
  };
}

function ended(state: ServiceState, open: Failover, event: EventOf<"failover-ended">, at: Instant): ServiceState {
  const { plan, initiative, times } = open;
  const one: EndedFailover = {
    id: open.id,
    purpose: plan.purpose,
    of: plan.of,
    initiative,
    automatic: open.needs === "nothing",
    how: event.how,
    placement: plan.placement,
    rollback: plan.rollback,
    times,
    at,
  };
  const left = "attempts" in open ? open.attempts.filter((attempt) => isOutstanding(attempt)) : [];
  const next = {
    ...state,
    failover: null,
    ended: [...state.ended, one].slice(-endedMax),
    outstanding: [...state.outstanding, ...left],
  };
  // After anything but a good end, the initiative waits until its signal has cleared: it does not ask again at once.
  return event.how === "closed" || event.how === "superseded" || event.how === "vetoed"
    ? next
    : withInitiative(next, initiative, { armed: false });
}
