import type { Placed, ServiceEvent } from "../../failover/event.ts";
import { evolve } from "../../failover/evolve.ts";
import { initialState, type ServiceState } from "../../failover/state.ts";
import type { Placement } from "../../plan/plan.ts";
import type { Instant } from "../../../values/time.ts";

/** What a journal says of the services, from its first entry on. */
export interface History {
  /** By service: its stream, in order. */
  readonly services: ReadonlyMap<string, readonly Placed<ServiceEvent>[]>;
  /** When a controller ran, in order: between them nobody looked. */
  readonly runs: readonly Span[];
  /** When everything was stopped by a person. */
  readonly stops: readonly Span[];
}

/** From then on, and no longer than until then; null: it goes on. */
export interface Span {
  readonly from: Instant;
  readonly until: Instant | null;
}

export function isIn({ from, until }: Span, at: Instant): boolean {
  return from <= at && (until === null || at < until);
}

/** What the journal said of a service at any time. */
export class Course {
  readonly #states: { readonly at: Instant; readonly state: ServiceState }[] = [];
  readonly #byHand: Instant[] = [];
  readonly #first: ServiceState;

  constructor(service: string, stream: readonly Placed<ServiceEvent>[]) {
    this.#first = initialState(service);
    let state = this.#first;
    for (const placed of stream) {
      state = evolve(state, placed);
      this.#states.push({ at: placed.at, state });
      if (isByHand(placed.event, state)) this.#byHand.push(placed.at);
    }
  }

  at(time: Instant): ServiceState {
    return this.#states.findLast(({ at }) => at <= time)?.state ?? this.#first;
  }

  /**
   * Where the service stood at `time`, had the automation not moved it since `from`: what the policy of that time made it
   * do is not what another would have. What people moved, or adopted, stays.
   */
  stood(from: Instant, time: Instant): Placement | null {
    const byHand = this.#byHand.some((at) => from < at && at <= time);
    return (byHand ? null : this.at(from).placement) ?? this.at(time).placement;
  }
}

function isByHand(event: ServiceEvent, { failover }: ServiceState): boolean {
  return (
    event.type === "record-adopted" ||
    event.type === "baseline-established" ||
    (event.type === "failover-changed" && failover?.by.kind !== "controller")
  );
}
