import type { EnrolledKey } from "../../core/authority/keys.ts";
import { proposalOf } from "../../core/authority/proposal.ts";
import type { PolicyProposal } from "../../core/authority/state.ts";
import type { World } from "../../core/cycle/world.ts";
import type { Failover } from "../../core/failover/state.ts";
import type { Person } from "../../core/policy/policy.ts";
import type { Operations } from "../../ports/operations.ts";
import { asJson } from "../../values/json.ts";
import type { Refusal } from "../../values/refusal.ts";
import { formatInstant, type Instant } from "../../values/time.ts";
import type { BasisResponse, FailoverPlanResponse, OpenFailover } from "../contract/basis.ts";
import { version } from "../contract/common.ts";
import { noSuchFailover } from "./refusals.ts";
import { instantView } from "./views.ts";

/** What a signer needs, of the durable world. */
export function basisOf(operations: Operations): BasisResponse {
  const { now, installation, policy, log } = operations.basis();
  const world = operations.world();
  return {
    v: version,
    at: formatInstant(now),
    installation,
    mode: world.authority.mode,
    policy: { ...policy },
    log: { ...log },
    people: [...world.policy.people.values()].map((person) => personView(person, world)),
    services: [...world.policy.services.values()].map(({ id, sites, records }) => ({
      service: id,
      sites: [...sites.keys()],
      vetoes: (world.services.get(id)?.vetoes ?? []).map((veto) => veto.id),
      records: [...records.keys()],
    })),
    zones: [...world.policy.zones.keys()],
    duties: [...world.policy.authority.duties].map(([duty, rule]) => ({
      duty,
      roles: rule.kind === "number" ? [] : [...rule.roles],
    })),
    proposals: proposalsIn(world, now).map(({ policy: hash, version: number, class: is, says }) => ({
      policy: hash,
      version: number,
      class: is,
      says: [...says],
    })),
    failovers: openFailovers(operations).map(([service, failover]) => failoverView(operations, service, failover)),
    breakGlass: requests(world, now),
    dispute: world.authority.dispute?.statement ?? null,
  };
}

/** Policies that are proposed, and those that were handed in on the policy in force and that nobody has signed. */
function proposalsIn(world: World, now: Instant): readonly PolicyProposal[] {
  const { policies, policy, authority } = world;
  const unsigned = [...policies.values()].filter(
    ({ hash, follows, version: number }) =>
      follows === policy.hash && number === policy.version + 1 && !authority.proposals.has(hash),
  );
  return [...authority.proposals.values(), ...unsigned.map((one) => proposalOf(world, one, now))];
}

/** The exact plan of an open failover. */
export function failoverPlanOf(
  operations: Operations,
  id: string,
): { readonly response: FailoverPlanResponse } | { readonly refusal: Refusal } {
  const found = openFailovers(operations).find(([, failover]) => failover.id === id);
  if (found === undefined) return { refusal: noSuchFailover(id) };
  return { response: { v: version, ...failoverView(operations, ...found) } };
}

function openFailovers(operations: Operations): readonly (readonly [string, Failover])[] {
  return [...operations.world().services.values()].flatMap(({ service, failover }) =>
    failover === null ? [] : [[service, failover] as const],
  );
}

function failoverView(operations: Operations, service: string, { id, plan, planHash }: Failover): OpenFailover {
  const gates = operations.explain(service)?.failover?.gates ?? [];
  return {
    failover: id,
    service,
    planHash,
    plan: { ...asJson(plan) },
    gates: gates.map(({ gate, kind, result, code, says, figures }) => ({
      gate,
      kind,
      result,
      code,
      says,
      figures: { ...figures },
    })),
  };
}

function personView({ id, roles, group, keys }: Person, { authority }: World): BasisResponse["people"][number] {
  const enrolled = [...authority.keys.values()].filter(({ person }) => person === id);
  return { person: id, roles: [...roles], group, listed: [...keys], keys: enrolled.map(keyView) };
}

function keyView({ fingerprint, key, at, revokedAt }: EnrolledKey): BasisResponse["people"][number]["keys"][number] {
  return {
    fingerprint,
    method: key.method,
    line: key.method === "sshsig" ? key.line : null,
    enrolledAt: formatInstant(at),
    revokedAt: instantView(revokedAt),
  };
}

function requests({ authority }: World, now: Instant): BasisResponse["breakGlass"] {
  return [...authority.grants.values()]
    .filter(({ until, withdrawnAt }) => withdrawnAt === null && now < until)
    .map(({ id, service, plan, targets, moves, incident, until }) => ({
      id,
      service,
      plan,
      targets: [...targets],
      moves,
      incident,
      until: formatInstant(until),
    }));
}
