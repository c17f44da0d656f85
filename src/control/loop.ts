import { nothingDue, type Due } from "../core/cycle/cycle.ts";
import type { EffectAction } from "../core/cycle/service-command.ts";
import type { Clock } from "../ports/clock.ts";
import type { EffectRunner } from "../ports/effects.ts";
import type { Log } from "../ports/log.ts";
import { invariant } from "../values/invariant.ts";
import { duration, second } from "../values/time.ts";
import type { Counters } from "./counters.ts";
import type { FactsBook } from "./facts-book.ts";
import type { CycleFunctions } from "./parts.ts";
import type { Sequencer } from "./sequencer.ts";
import type { Issuer } from "./issuer.ts";

export interface LoopParts {
  readonly cycle: CycleFunctions;
  readonly sequencer: Sequencer;
  readonly effects: Pick<EffectRunner, "reconcile">;
  readonly book: FactsBook;
  readonly issuer: Issuer;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
}

/** Steps that one touch may lead to: a failover has fewer between two effects. More is a chain without end. */
const advanceStepsMax = 32;
/** A service at which something of our own is wrong is looked at again after this. */
const faultyServicePauseMs = second;
/** A service that asks to be looked at in the past, where nothing was due, is looked at again after this. */
const lateWakeMs = 100;

/**
 * Looks at the services that were touched, and at those whose time has come, and at no other: level-triggered, so that
 * it does not matter what touched them, nor how often. Decides on the head, acts on what is durable.
 */
export class Loop {
  readonly #parts: LoopParts;
  readonly #touched = new Set<string>();
  readonly #wakes = new Map<string, () => void>();
  readonly #pausing = new Map<string, () => void>();
  #scheduled = false;
  #ended = false;

  constructor(parts: LoopParts) {
    this.#parts = parts;
  }

  /** Something may be due for this service. What touches it in one turn is one look. */
  touch(service: string): void {
    if (this.#ended) return;
    this.#touched.add(service);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#drain());
  }

  end(): void {
    this.#ended = true;
    for (const cancel of [...this.#wakes.values(), ...this.#pausing.values()]) cancel();
    this.#wakes.clear();
    this.#pausing.clear();
  }

  /** Looks at a service now: what is due by itself is decided before this returns. */
  look(service: string): void {
    const { book, counters, log } = this.#parts;
    if (this.#ended || this.#pausing.has(service) || !book.has(service)) return;
    counters.add("evaluations");
    try {
      this.#evaluate(service);
    } catch (error) {
      // A fault with one service does not hold up the others; nothing was decided of it.
      counters.add("brokenPromises");
      log.write("error", "broken-promise", { service, says: error instanceof Error ? error.message : "unknown" });
      this.#pause(service);
    }
  }

  #drain(): void {
    this.#scheduled = false;
    const services = [...this.#touched];
    this.#touched.clear();
    for (const service of services) this.look(service);
  }

  #evaluate(service: string): void {
    const { sequencer, effects } = this.#parts;
    const due = this.#advance(service);
    const durable = sequencer.queued === 0 ? due : this.#due(service, "durable");
    effects.reconcile([...durable.effects.filter((action) => !isQuestion(action)), ...due.effects.filter(isQuestion)]);
    this.#wake(service, earliest(due.wakeAt, durable.wakeAt));
  }

  /** Decides what is due by itself, step by step, on the head. */
  #advance(service: string): Due {
    const { sequencer, issuer, log } = this.#parts;
    for (let step = 0; ; step += 1) {
      invariant(step <= advanceStepsMax, `one touch of ${service} leads to at most ${advanceStepsMax} steps`);
      const ruling = sequencer.decide(issuer.advance(service));
      if (ruling.accepted) continue;
      if (ruling.refusal?.code !== nothingDue) {
        log.write("warn", "advance-refused", { service, code: ruling.refusal?.code ?? "repeated" });
        this.#pause(service);
      }
      return this.#due(service, "head");
    }
  }

  #due(service: string, which: "head" | "durable"): Due {
    const { cycle, sequencer, book } = this.#parts;
    const world = sequencer[which];
    const state = world.state(service);
    invariant(state !== undefined, "a service that has facts has a state");
    return cycle.nextActions(state, world, book.factsFor(service), sequencer.now(), sequencer.epoch);
  }

  #wake(service: string, at: number | undefined): void {
    const { clock, sequencer } = this.#parts;
    this.#wakes.get(service)?.();
    this.#wakes.delete(service);
    if (at === undefined || this.#ended) return;
    const delay = at > sequencer.now() ? Math.max(1, at - clock.now()) : lateWakeMs;
    const wake = (): void => {
      this.#wakes.delete(service);
      this.touch(service);
    };
    this.#wakes.set(service, clock.schedule(duration(delay), wake));
  }

  #pause(service: string): void {
    if (this.#pausing.has(service) || this.#ended) return;
    const resume = (): void => {
      this.#pausing.delete(service);
      this.touch(service);
    };
    this.#pausing.set(service, this.#parts.clock.schedule(duration(faultyServicePauseMs), resume));
  }
}

/**
 * Questions change nothing and promise nothing, so they need not wait for the disk; what comes of them is decided after
 * all that they rest on. Everything else starts from what is durable.
 */
function isQuestion({ kind }: EffectAction): boolean {
  return kind === "read-records" || kind === "verify" || kind === "check-service";
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}
