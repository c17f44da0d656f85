import type { EffectAction, ServiceRequest } from "../core/cycle/service-command.ts";

/** Carries out one kind of action. */
export interface EffectHandler<Kind extends EffectAction["kind"]> {
  /**
   * Never rejects and never retries. What came of it is a request to the service's state, or `undefined` where the
   * result is a fact kept in memory (a reading). `lost` aborts when the journal is lost or the controller stops; a write
   * is never aborted once it is sent: it times out, to unknown.
   */
  run(action: Extract<EffectAction, { kind: Kind }>, lost: AbortSignal): Promise<ServiceRequest | undefined>;
}

export interface EffectRunner {
  /** Starts what is due and not running: one run a key at a time. What is no longer due is not started. */
  reconcile(due: readonly EffectAction[]): void;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}
