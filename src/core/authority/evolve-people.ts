import { invariant, unreachable } from "../../values/invariant.ts";
import { duration } from "../../values/time.ts";
import type { Placed } from "../failover/event.ts";
import type { PeopleEvent } from "./authority-event.ts";
import type { AuthorityState, BreakGlass, Recovery } from "./state.ts";

/** The fold of keys, delegations, emergencies, reviews and recoveries. */
export function evolvePeople(state: AuthorityState, placed: Placed<PeopleEvent>): AuthorityState {
  const { event, at } = placed;
  switch (event.type) {
    case "key-enrolled":
    case "key-revocation-asked":
    case "key-revoked":
      return evolveKeys(state, { ...placed, event });
    case "installation-signed":
      return { ...state, mode: "signed" };
    case "delegation-given":
      return { ...state, delegations: set(state.delegations, event.delegation.id, event.delegation) };
    case "delegation-withdrawn": {
      const given = known(state.delegations, event.delegation);
      return { ...state, delegations: set(state.delegations, given.id, { ...given, withdrawnAt: at }) };
    }
    case "break-glass-asked":
    case "break-glass-signed":
    case "break-glass-withdrawn":
    case "break-glass-used":
      return { ...state, grants: evolveGrants(state.grants, { ...placed, event }) };
    case "review-opened":
      return { ...state, reviews: set(state.reviews, event.review.id, event.review) };
    case "review-closed": {
      const review = known(state.reviews, event.review);
      return { ...state, reviews: set(state.reviews, review.id, { ...review, closed: event.by }) };
    }
    case "log-disputed":
    case "log-dispute-signed":
    case "log-dispute-settled":
      return { ...state, dispute: evolveDispute(state, event) };
    case "recovery-asked":
    case "recovery-signed":
    case "recovery-objected":
    case "recovery-ended":
      return { ...state, recoveries: evolveRecoveries(state.recoveries, event) };
    case "credential-rotated":
    case "attachment-erased":
      // Said and recorded; no decision rests on it.
      return state;
    default:
      return unreachable(event, "event of people");
  }
}

type EventOf<Type extends PeopleEvent["type"]> = Extract<PeopleEvent, { type: Type }>;

function evolveKeys(
  state: AuthorityState,
  { event, at }: Placed<EventOf<"key-enrolled" | "key-revocation-asked" | "key-revoked">>,
): AuthorityState {
  switch (event.type) {
    case "key-enrolled": {
      const { fingerprint } = event.key;
      invariant(!state.keys.has(fingerprint), "a key is enrolled once");
      return { ...state, keys: set(state.keys, fingerprint, { ...event.key, at, revokedAt: null }) };
    }
    case "key-revocation-asked": {
      const { fingerprint, by } = event;
      const others = (state.revocations.get(fingerprint) ?? []).filter(({ person }) => person !== by.person);
      return { ...state, revocations: set(state.revocations, fingerprint, [...others, by]) };
    }
    case "key-revoked": {
      const key = known(state.keys, event.fingerprint);
      invariant(key.revokedAt === null, "a key is revoked once");
      return {
        ...state,
        keys: set(state.keys, key.fingerprint, { ...key, revokedAt: at }),
        revocations: new Map([...state.revocations].filter(([fingerprint]) => fingerprint !== key.fingerprint)),
      };
    }
  }
}

function evolveGrants(
  grants: AuthorityState["grants"],
  {
    event,
    at,
  }: Placed<EventOf<"break-glass-asked" | "break-glass-signed" | "break-glass-withdrawn" | "break-glass-used">>,
): ReadonlyMap<string, BreakGlass> {
  if (event.type === "break-glass-asked") {
    invariant(!grants.has(event.grant.id), "an emergency is asked for once");
    return set(grants, event.grant.id, event.grant);
  }
  const grant = known(grants, event.grant);
  switch (event.type) {
    case "break-glass-signed": {
      const grantedAt = event.granted ? at : null;
      return set(grants, grant.id, { ...grant, signers: [...grant.signers, event.by], grantedAt });
    }
    case "break-glass-withdrawn":
      return set(grants, grant.id, { ...grant, withdrawnAt: at });
    case "break-glass-used":
      return set(grants, grant.id, { ...grant, used: [...new Set([...grant.used, event.failover])] });
  }
}

function evolveDispute(
  { dispute }: AuthorityState,
  event: EventOf<"log-disputed" | "log-dispute-signed" | "log-dispute-settled">,
): AuthorityState["dispute"] {
  if (event.type === "log-disputed") return event.dispute;
  invariant(dispute !== null, "a dispute is settled once it is open");
  return event.type === "log-dispute-settled" ? null : { ...dispute, resumedBy: [...dispute.resumedBy, event.by] };
}

function evolveRecoveries(
  recoveries: AuthorityState["recoveries"],
  event: EventOf<"recovery-asked" | "recovery-signed" | "recovery-objected" | "recovery-ended">,
): ReadonlyMap<string, Recovery> {
  if (event.type === "recovery-asked") return set(recoveries, event.recovery.id, event.recovery);
  const recovery = known(recoveries, event.recovery);
  invariant(recovery.state === "open", "what happens to a recovery happens while it is open");
  switch (event.type) {
    case "recovery-signed":
      return set(recoveries, recovery.id, { ...recovery, signers: [...recovery.signers, event.by] });
    case "recovery-objected": {
      const objections = [...recovery.objections, event.by];
      return set(recoveries, recovery.id, { ...recovery, objections, waitMs: duration(recovery.waitMs * 2) });
    }
    case "recovery-ended":
      return set(recoveries, recovery.id, { ...recovery, state: event.how });
  }
}

function known<Value>(map: ReadonlyMap<string, Value>, id: string): Value {
  const value = map.get(id);
  invariant(value !== undefined, `${id} is known before something happens to it`);
  return value;
}

function set<Value>(map: ReadonlyMap<string, Value>, id: string, value: Value): ReadonlyMap<string, Value> {
  return new Map([...map, [id, value]]);
}
