import { evolveAuthority } from "../core/authority/evolve-authority.ts";
import type { AuthorityState } from "../core/authority/state.ts";
import type { World } from "../core/cycle/world.ts";
import type { FleetEvent, Placed } from "../core/failover/event.ts";
import { initialState, type ServiceState, type Stop } from "../core/failover/state.ts";
import { evolveZones } from "../core/integrity/evolve-zone.ts";
import type { ZoneState } from "../core/integrity/zone-state.ts";
import type { Policy } from "../core/policy/policy.ts";
import { invariant } from "../values/invariant.ts";
import type { Sha256 } from "../values/sha256.ts";
import type { Instant } from "../values/time.ts";
import { noteStatement } from "./nonces.ts";

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
  /** The very map of `authority`: each fold has one of its own, and changes it in place. */
  readonly #nonces: Map<string, Instant>;

  constructor(world: World) {
    this.installation = world.installation;
    this.services = new Map(world.services);
    this.policies = new Map(world.policies);
    this.policy = world.policy;
    this.zones = new Map(world.zones);
    this.stopped = world.stopped;
    this.#nonces = new Map(world.authority.nonces);
    this.authority = { ...world.authority, nonces: this.#nonces };
  }

  /** The state of a service, empty when the journal says nothing of it yet; `undefined` when nobody knows it. */
  state(service: string): ServiceState | undefined {
    const known = this.services.get(service);
    if (known !== undefined) return known;
    return this.policy.services.has(service) ? initialState(service) : undefined;
  }

  /** Takes in an event of the whole installation. Its policies are known before. */
  takeFleet({ event, ...place }: Placed<FleetEvent>): void {
    if (event.type === "policy-adopted" || event.type === "installation-created") this.#adopt(event.policy);
    if (event.type === "all-stopped") this.stopped = { by: event.by, at: place.at };
    if (event.type === "all-resumed") this.stopped = null;
    if ("zone" in event) evolveZones(this.zones, { event, ...place });
    this.authority = evolveAuthority(this.authority, { event, ...place });
  }

  /** What somebody signed led to a decision: it is never accepted again. */
  takeStatement(statement: string, at: Instant): void {
    noteStatement(this.#nonces, statement, at);
  }

  /** Every service of the policy in force is in the map, so that what looks at all services sees the quiet ones too. */
  #adopt(hash: Sha256): void {
    const policy = this.policies.get(hash);
    invariant(policy !== undefined, "a policy is known before it is in force");
    this.policy = policy;
    for (const service of policy.services.keys()) {
      if (!this.services.has(service)) this.services.set(service, initialState(service));
    }
  }
}
