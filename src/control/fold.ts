import { evolveAuthority } from "../core/authority/evolve-authority.ts";
import type { AuthorityState } from "../core/authority/state.ts";
import type { FleetEvent, Placed } from "../core/failover/event.ts";
import { initialState, type ServiceState, type Stop } from "../core/failover/state.ts";
import { evolveZones } from "../core/integrity/evolve-zone.ts";
import type { ZoneState } from "../core/integrity/zone-state.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { World } from "../core/cycle/world.ts";
import { invariant } from "../values/invariant.ts";
import type { Sha256 } from "../values/sha256.ts";

/**
 * The world as a fold over entries. There are two while the controller runs: the head, with what is decided, and the
 * durable one, with what is written. Service states are immutable, so that the two share them.
 */
export class Fold implements World {
  readonly installation: Sha256;
  readonly services: Map<string, ServiceState>;
  readonly policies: Map<Sha256, Policy>;
  policy: Policy;
  readonly zones: Map<string, ZoneState>;
  stopped: Stop | null;
  authority: AuthorityState;

  constructor(world: World) {
    this.installation = world.installation;
    this.services = new Map(world.services);
    this.policies = new Map(world.policies);
    this.policy = world.policy;
    this.zones = new Map(world.zones);
    this.stopped = world.stopped;
    this.authority = world.authority;
  }

  /** The state of a service, empty when the journal says nothing of it yet; `undefined` when nobody knows it. */
  state(service: string): ServiceState | undefined {
    const known = this.services.get(service);
    if (known !== undefined) return known;
    return this.policy.services.has(service) ? initialState(service) : undefined;
  }

  /** Takes in an event of the whole installation. Its policies are known before. */
  takeFleet({ event, ...place }: Placed<FleetEvent>): void {
    const { at } = place;
    switch (event.type) {
      case "policy-adopted":
        this.policy = this.#known(event.policy);
        this.#enrol();
        return;
      case "installation-created":
        this.policy = this.#known(event.policy);
        this.#enrol();
        return;
      case "all-stopped":
        this.stopped = { by: event.by, at };
        return;
      case "all-resumed":
        this.stopped = null;
        return;
      case "change-announced":
      case "announcement-withdrawn":
      case "zone-baseline-set":
      case "zone-integrity-changed":
        evolveZones(this.zones, { event, ...place });
        return;
      case "controller-started":
      case "controller-stopped":
        return;
      default:
        this.authority = evolveAuthority(this.authority, { event, ...place });
    }
  }

  #known(hash: Sha256): Policy {
    const policy = this.policies.get(hash);
    invariant(policy !== undefined, "a policy is known before it is in force");
    return policy;
  }

  /** Every service of the policy in force is in the map, so that what looks at all services sees the quiet ones too. */
  #enrol(): void {
    for (const service of this.policy.services.keys()) {
      if (!this.services.has(service)) this.services.set(service, initialState(service));
    }
  }
}
