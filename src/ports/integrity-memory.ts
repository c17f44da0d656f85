import type { KeptMemory } from "../core/integrity/kept-memory.ts";
import type { Refusal } from "../values/refusal.ts";

/**
 * Where the integrity monitor's memory is kept from run to run. A cache of observations: losing it costs the marks of serials
 * and signatures and the history of keys, and nothing else.
 */
export interface IntegrityMemory {
  /** What was kept last; `null`: nothing was yet; a refusal: something is there and cannot be read. Never rejects. */
  load(): Promise<KeptMemory | null | Refusal>;
  /**
   * Keeps this in place of what was kept before: after a crash one of the two is read, whole. Resolves with why it could not
   * be kept; never rejects. Callers MUST wait for one before the next.
   */
  keep(memory: KeptMemory): Promise<Refusal | null>;
}
