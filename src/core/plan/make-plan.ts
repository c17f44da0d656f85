import { sha256 } from "../../values/sha256.ts";
import { utf8 } from "../../values/octets.ts";
import { isNonEmpty } from "../../values/non-empty.ts";
import type { Refusal } from "../../values/refusal.ts";
import { add, minute, type Instant } from "../../values/time.ts";
import type { Facts } from "../cycle/facts.ts";
import type { World } from "../cycle/world.ts";
import { fenceKey, type ServiceState } from "../failover/state.ts";
import type { Policy, Provider, Service } from "../policy/policy.ts";
import { zoneKey } from "../policy/zone-key.ts";
import { observedAt, providersOf } from "./observed.ts";
import { activeSites, rrsetUnder, scopeOf, sitesAdded } from "./placement.ts";
import type { Fence, Placement, Plan, Purpose, RRsetChange, ZoneChange } from "./plan.ts";
import { sameData } from "./rrset.ts";

/** A plan that nobody took up is void after this time (design §10). */
const planOpenMs = 30 * minute;

export interface PlanRequest {
  readonly purpose: Purpose;
  readonly trigger: Plan["trigger"];
  readonly of: string | null;
  readonly after: Placement;
}

export interface PlanGround {
  readonly state: ServiceState;
  readonly world: World;
  readonly facts: Facts;
  readonly now: Instant;
}

export type Planned = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly refusal: Refusal };

/** The exact change that leads to a placement, made from the RRsets as observed now. */
export function makePlan(request: PlanRequest, ground: PlanGround): Planned {
  const { state, world, now } = ground;
  const policy = world.policy;
  const service = policy.services.get(state.service);
  if (service === undefined)
    return refuse(
      "no-such-service",
      `The policy in force has no service ${state.service}.`,
      "Adopt a policy that has it.",
    );
  if (state.placement === null)
    return refuse(
      "baseline-unknown",
      `It is not yet known what stands for ${service.id}.`,
      "Wait for the nameservers to be read.",
    );
  const gone = activeSites(request.after).find(({ site }) => !service.sites.has(site));
  if (gone !== undefined)
    return refuse(
      "no-such-site",
      `The policy in force has no site ${gone.site} for ${service.id}, which is still active.`,
      "Name a site of the policy with `pointsman move`.",
    );
  const changes = zoneChanges(request.after, ground, policy, service);
  if (!changes.ok) return changes;
  if (!isNonEmpty(changes.changes))
    return refuse(
      "nothing-to-change",
      `The records of ${service.id} already hold what this move would write.`,
      "Nothing needs to be done.",
    );
  const target = sitesAdded(state.placement, request.after).find(
    (site) => service.rollback?.site === null || site === service.rollback?.site,
  );
  return {
    ok: true,
    plan: {
      format: 1,
      installation: world.installation,
      failover: `${service.id}-${state.ordinal + 1}`,
      service: service.id,
      purpose: request.purpose,
      drill: false,
      trigger: request.trigger,
      of: request.of,
      policy: policy.hash,
      scope: scopeOf(state.placement, request.after),
      placement: { before: state.placement, after: request.after },
      steps: [{ changes: changes.changes }],
      rollback:
        target === undefined || service.rollback === null
          ? null
          : { site: target, withinMs: service.rollback.withinMs },
      expiresAt: add(now, planOpenMs),
    },
  };
}

type Changes =
  { readonly ok: true; readonly changes: readonly ZoneChange[] } | { readonly ok: false; readonly refusal: Refusal };

function zoneChanges(after: Placement, ground: PlanGround, policy: Policy, service: Service): Changes {
  const byZone = new Map<string, { provider: Provider; view: string; zone: string; rrsets: RRsetChange[] }>();
  for (const [id, record] of service.records) {
    const wanted = rrsetUnder(service, id, after);
    for (const provider of providersOf(policy, service, id)) {
      const before = observedAt(ground.facts, provider, id)?.rrset ?? null;
      if (before === null) {
        return refuse(
          "before-unknown",
          `No server of provider ${provider.id} says what ${record.name} ${record.type} holds now, or they differ.`,
          "See `pointsman status`; repair the nameservers that differ, or wait until one answers.",
        );
      }
      if (sameData(before, wanted)) continue;
      const { view, zone: name } = record;
      const key = `${provider.id} ${zoneKey(view, name)}`;
      const zone = byZone.get(key) ?? { provider, view, zone: name, rrsets: [] };
      byZone.set(key, zone);
      zone.rrsets.push({ record: id, name: record.name, type: record.type, before, after: wanted });
    }
  }
  const changes = [...byZone.values()].flatMap(({ provider, view, zone, rrsets }) =>
    isNonEmpty(rrsets) ? [{ provider: provider.id, view, zone, rrsets }] : [],
  );
  return { ok: true, changes };
}

/**
 * The fences of one attempt: per name that it changes, the value that the journal says stands, and a new opaque one
 * (design §8). A copied controller, a late message and a clone all fail at the nameserver on the first of them. The new
 * one holds the controller's start and the moment: a copy makes an attempt of the same id, and must not take the other's
 * for its own.
 */
export function fencesFor(
  change: ZoneChange,
  attempt: string,
  { state, world, facts, now }: PlanGround,
): readonly Fence[] {
  const after = sha256(utf8(`${world.installation} ${attempt} ${facts.boot} ${now}`)).slice(0, 32);
  return [...new Set(change.rrsets.map(({ name }) => name))].toSorted().map((name) => ({
    name: fenceName(name),
    before: state.fences.get(fenceKey(change.provider, fenceName(name))) ?? null,
    after,
  }));
}

export function fenceName(name: string): string {
  return `_pointsman.${name}`;
}

function refuse(code: string, says: string, mend: string): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: { code, says, figures: {}, mend } };
}
