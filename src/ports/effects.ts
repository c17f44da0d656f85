import type { Action, Command } from "../core/cycle/command.ts";

/** Carries out one kind of action. */
export interface EffectHandler {
  /**
   * Never rejects and never retries. What came of it is a command for the sequencer, or `undefined` where the result
   * is a fact kept in memory (a reading). A write is never aborted: it times out, to unknown.
   */
  run(action: Action, signal: AbortSignal): Promise<Command | undefined>;
}

export interface EffectRunner {
  /** Starts what is due and not running: one run a key at a time. What is no longer due is not started. */
  reconcile(due: readonly Action[]): void;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}
