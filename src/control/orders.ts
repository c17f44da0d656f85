import type { FleetEvent, ServiceEvent } from "../core/failover/event.ts";
import type { Attempt, ServiceState } from "../core/failover/state.ts";
import type { OrderProof, WriteOrder } from "../ports/change-path.ts";
import { leafHash, type MerkleTree } from "../transparency/tree.ts";
import { verifyInclusion } from "../transparency/verify-proof.ts";
import type { Epoch } from "../values/ids.ts";
import { invariant } from "../values/invariant.ts";
import { asJson, canonicalJson } from "../values/json.ts";
import { utf8 } from "../values/octets.ts";
import { sha256, type Sha256 } from "../values/sha256.ts";
import type { Composed } from "./entries.ts";

type Intended = Extract<ServiceEvent, { type: "attempt-intended" }>;

interface Intent {
  readonly service: string;
  readonly event: Intended;
  readonly composed: Composed;
}

/** The only maker of write orders: each stands on an intent of the running epoch that is durable (N1). */
export class Orders {
  readonly #installation: Sha256;
  readonly #epoch: Epoch;
  /** Of what is durable. */
  readonly #tree: MerkleTree;
  readonly #intents = new Map<string, Intent>();

  constructor(installation: Sha256, epoch: Epoch, tree: MerkleTree) {
    this.#installation = installation;
    this.#epoch = epoch;
    this.#tree = tree;
  }

  /** An event of a service is durable. */
  durable(service: string, event: ServiceEvent | FleetEvent, composed: Composed): void {
    if (event.type === "attempt-intended") {
      invariant(event.epoch === this.#epoch, "an intent is of the epoch that writes it");
      this.#intents.set(event.attempt, { service, event, composed });
    }
    if (event.type === "attempt-ended" || event.type === "attempt-read-back") this.#intents.delete(event.attempt);
  }

  /** The order for an open attempt; `undefined` when no durable intent of this epoch stands open for it. */
  orderFor(attempt: string, stateOf: (service: string) => ServiceState | undefined): WriteOrder | undefined {
    const intent = this.#intents.get(attempt);
    if (intent === undefined) return undefined;
    const { event, composed, service } = intent;
    const failover = stateOf(service)?.failover;
    const open = openAttempt(stateOf(service), attempt);
    if (failover === undefined || failover === null || open === undefined) return undefined;
    invariant(open.epoch === this.#epoch, "only an intent of the running epoch is carried out");
    invariant(failover.planHash === event.planHash, "an intent is of the plan that its failover has");
    const plan = canonicalJson(asJson(failover.plan));
    invariant(sha256(utf8(plan)) === event.planHash, "a plan has the hash that its intent binds");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place that makes a write order
    return {
      attempt,
      sequence: composed.entry.sequence,
      path: event.path,
      change: event.change,
      fences: event.fences,
      proof: this.#proof(plan, composed),
    } as WriteOrder;
  }

  #proof(plan: string, { entry, octets, leaf }: Composed): OrderProof {
    const { size } = this.#tree;
    const root = this.#tree.root();
    invariant(
      entry.sequence < size && this.#tree.leaf(entry.sequence) === leaf,
      "an intent is durable before it is an order",
    );
    invariant(leafHash(octets) === leaf, "an intent's octets are those that were hashed");
    const inclusion = this.#tree.inclusionProof(entry.sequence, size);
    invariant(verifyInclusion(leaf, entry.sequence, size, inclusion, root), "an inclusion proof verifies");
    return { installation: this.#installation, plan, intent: octets, inclusion, size, root, statements: [] };
  }
}

/** The attempt of the present failover while nothing is known of what came of it. */
export function openAttempt(state: ServiceState | undefined, attempt: string): Attempt | undefined {
  return attemptsOf(state).find((candidate) => candidate.id === attempt && candidate.outcome.state === "open");
}

/** Attempts of the present failover. */
export function attemptsOf(state: ServiceState | undefined): readonly Attempt[] {
  const failover = state?.failover ?? null;
  return failover !== null && "attempts" in failover ? failover.attempts : [];
}
