import { unreachable } from "../../values/invariant.ts";
import type { Instant } from "../../values/time.ts";
import { evolveAttempts } from "./evolve-attempts.ts";
import { evolveFailover } from "./evolve-failover.ts";
import { evolvePeople } from "./evolve-people.ts";
import { withBaseline, withInitiative, without } from "./state-change.ts";
import type { FenceValue, Placed, ServiceEvent } from "./event.ts";
import { changesMax, fenceKey, type ServiceState, type WrittenVerdict } from "./state.ts";

/** Vetoes that are kept though their time is over: a step of the clock may have ended it. */
const vetoesKept = 32;

/** Folds one event into a service's state. Never refuses: an impossible history is a bug, and crashes. */
export function evolve(state: ServiceState, placed: Placed<ServiceEvent>): ServiceState {
  const { event, at } = placed;
  switch (event.type) {
    case "baseline-established":
      return {
        ...withFences(state, event.fences),
        placement: event.placement,
        baseline: new Map(event.baseline.map(({ record, rrset }) => [record, rrset])),
        baselineAt: at,
      };
    case "verdict-changed":
      return withVerdict(state, event, at);
    case "drift-found": {
      const { kind, provider, observed } = event;
      return { ...state, drift: new Map([...state.drift, [event.record, { kind, provider, observed, at }]]) };
    }
    case "drift-cleared":
      return { ...state, drift: without(state.drift, event.record) };
    case "record-adopted":
      return {
        ...withFences(state, event.fences),
        placement: event.placement,
        ...withBaseline(state, [[event.record, event.rrset]], at),
        drift: without(state.drift, event.record),
      };
    case "initiative-held":
      return withInitiative(state, event.initiative, { codes: event.codes });
    case "initiative-cleared":
      return { ...state, initiatives: without(state.initiatives, event.initiative) };
    case "automation-suspended":
      return { ...state, suspended: { reason: event.reason, at } };
    case "veto-placed":
      return {
        ...state,
        vetoes: [
          ...state.vetoes.filter(({ until }, index) => until > at || index > state.vetoes.length - vetoesKept),
          { id: event.veto, move: event.move, by: event.by, at, until: event.until, ground: event.ground ?? null },
        ],
      };
    case "veto-lifted":
      return { ...state, vetoes: state.vetoes.filter(({ id }) => id !== event.veto) };
    case "service-stopped":
      return { ...state, stopped: { by: event.by, at } };
    case "service-resumed":
      return { ...state, stopped: null, suspended: null, resumedAt: at, initiatives: new Map() };
    case "exception-found":
      return withException(state, event);
    case "attempt-intended":
    case "attempt-ended":
    case "attempt-read-back":
    case "attempt-said-done":
      return evolveAttempts(state, { ...placed, event });
    case "failover-proposed":
    case "failover-approved":
    case "failover-authorised":
    case "failover-held":
    case "failover-changed":
    case "failover-switched":
    case "verification-incomplete":
    case "failover-recovered":
    case "failover-settled":
    case "failover-diverged":
    case "failover-mended":
    case "failover-ended":
      return evolveFailover(state, { ...placed, event });
    case "word-given":
    case "waiver-given":
    case "authority-ended":
    case "verdict-forced":
    case "forced-verdict-lifted":
    case "site-barred":
    case "site-cleared":
    case "service-handed-over":
    case "service-taken-back":
      return evolvePeople(state, { ...placed, event });
    default:
      return unreachable(event, "event");
  }
}

type Of<Type extends ServiceEvent["type"]> = Extract<ServiceEvent, { type: Type }>;

function withVerdict(state: ServiceState, event: Of<"verdict-changed">, at: Instant): ServiceState {
  const before = state.verdicts.get(event.site);
  const definite = event.to === "up" || event.to === "down" ? event.to : null;
  const turned =
    definite !== null && before?.definite !== undefined && before.definite !== null && before.definite !== definite;
  const written: WrittenVerdict = { verdict: event.to, definite: definite ?? before?.definite ?? null, at };
  return {
    ...state,
    verdicts: new Map([...state.verdicts, [event.site, written]]),
    verdictChanges: turned
      ? [...state.verdictChanges, { site: event.site, at }].slice(-changesMax)
      : state.verdictChanges,
  };
}

function withFences(state: ServiceState, fences: readonly FenceValue[]): ServiceState {
  if (fences.length === 0) return state;
  return {
    ...state,
    fences: new Map([
      ...state.fences,
      ...fences.map(({ provider, name, value }) => [fenceKey(provider, name), value] as const),
    ]),
  };
}

function withException(state: ServiceState, event: Of<"exception-found">): ServiceState {
  const same = (owed: { readonly provider: string; readonly address: string }): boolean =>
    owed.provider === event.provider && owed.address === event.address;
  if (event.answer === "verified") return { ...state, owed: state.owed.filter((owed) => !same(owed)) };
  return {
    ...state,
    owed: state.owed.map((owed) =>
      same(owed) ? { ...owed, state: "diverged", retryAt: event.retryAt, tries: owed.tries + 1 } : owed,
    ),
  };
}
