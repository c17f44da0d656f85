import type { EffectAction, ServiceRequest } from "../core/cycle/service-command.ts";
import type { Clock } from "../ports/clock.ts";
import type { EffectHandler, EffectRunner } from "../ports/effects.ts";
import type { Log } from "../ports/log.ts";
import type { CommandResult } from "../ports/operations.ts";
import { duration } from "../values/time.ts";
import type { Counters } from "./counters.ts";
import type { CrashHook, CrashPoint } from "./crash-points.ts";
import { type Broken, crashed } from "./halt.ts";

export type EffectHandlers = { readonly [Kind in EffectAction["kind"]]: EffectHandler<Kind> };

export interface EffectRunnerParts {
  readonly handlers: EffectHandlers;
  /** Aborts when the journal is lost, opened anew, or the controller stops. */
  readonly lost: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  readonly crash: CrashHook;
  /** Resolves once what came of the effect is durable, or refused. */
  readonly submit: (service: string, request: ServiceRequest) => Promise<CommandResult>;
  readonly touch: (service: string) => void;
  readonly onBroken: (broken: Broken) => void;
}

/** An effect that left only facts is not run again sooner than this. */
const factsEffectSpacingMs = 100;
/** A nameserver is told once a try, whose number is in the key; tries are half a minute apart at most. */
const noticeSpacingMs = 30_000;
/** An effect whose result was refused, or that broke, is not run again sooner than this. */
const refusedEffectSpacingMs = 1000;

/**
 * Runs effects: one run a key at a time, and a write once, whatever is due. A key is free again when what came of its
 * run is durable, so that nothing is started twice while its result is on the way to the disk.
 */
export class Effects implements EffectRunner {
  readonly #parts: EffectRunnerParts;
  readonly #running = new Map<string, Promise<void>>();
  readonly #resting = new Map<string, () => void>();
  /** Keys of writes that were started: an intent is carried out once. */
  readonly #written = new Set<string>();

  constructor(parts: EffectRunnerParts) {
    this.#parts = parts;
  }

  get running(): number {
    return this.#running.size;
  }

  reconcile(due: readonly EffectAction[]): void {
    for (const action of due) {
      const { key } = action;
      if (this.#parts.lost.aborted) return;
      if (this.#running.has(key) || this.#resting.has(key) || this.#written.has(key)) continue;
      if (action.kind === "write") this.#written.add(key);
      this.#running.set(key, this.#run(action));
    }
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) {
      // oxlint-disable-next-line no-await-in-loop -- what ends may start something else
      await Promise.all(this.#running.values());
    }
  }

  /** Starts nothing any more. What runs goes on until it sees `lost`. */
  end(): void {
    for (const cancel of this.#resting.values()) cancel();
    this.#resting.clear();
  }

  async #run(action: EffectAction): Promise<void> {
    const { counters, touch } = this.#parts;
    const { key, data } = action;
    // The key is taken before anything happens.
    await Promise.resolve();
    counters.effect(action.kind);
    const spacingMs = await this.#outcome(action);
    this.#running.delete(key);
    if (this.#parts.lost.aborted) return;
    if (spacingMs > 0) this.#rest(key, data.service, spacingMs);
    touch(data.service);
  }

  /** Runs it and records what came of it. Returns for how long its key rests. */
  async #outcome(action: EffectAction): Promise<number> {
    const { log, counters, submit, lost } = this.#parts;
    try {
      if (!this.#passes(`before-effect:${action.kind}`)) return 0;
      const request = await this.#handle(action);
      if (!this.#passes(`after-effect:${action.kind}`)) return 0;
      if (request === undefined) return action.kind === "notify" ? noticeSpacingMs : factsEffectSpacingMs;
      const result = await submit(action.data.service, request);
      if (result.accepted || lost.aborted) return 0;
      log.write("warn", "effect-result-refused", { key: action.key, code: result.refusal.code });
      return refusedEffectSpacingMs;
    } catch (error) {
      counters.add("brokenPromises");
      log.write("error", "effect-broke", {
        key: action.key,
        error: error instanceof Error ? error.message : "unknown",
      });
      return refusedEffectSpacingMs;
    }
  }

  #handle(action: EffectAction): Promise<ServiceRequest | undefined> {
    const { handlers, lost } = this.#parts;
    switch (action.kind) {
      case "write":
        return handlers.write.run(action, lost);
      case "read-back":
        return handlers["read-back"].run(action, lost);
      case "verify":
        return handlers.verify.run(action, lost);
      case "check-service":
        return handlers["check-service"].run(action, lost);
      case "read-records":
        return handlers["read-records"].run(action, lost);
      case "notify":
        return handlers.notify.run(action, lost);
    }
  }

  #passes(point: CrashPoint): boolean {
    try {
      this.#parts.crash(point);
      return true;
    } catch {
      this.#parts.onBroken(crashed(point));
      return false;
    }
  }

  #rest(key: string, service: string, spacingMs: number): void {
    const { clock, touch } = this.#parts;
    const cancel = clock.schedule(duration(spacingMs), () => {
      this.#resting.delete(key);
      touch(service);
    });
    this.#resting.set(key, cancel);
  }
}
