import type { IntegrityHistory } from "../core/integrity/integrity-book.ts";
import { startsAnew, type KeptMemory } from "../core/integrity/kept-memory.ts";
import type { Clock } from "../ports/clock.ts";
import type { IntegrityMemory } from "../ports/integrity-memory.ts";
import type { Log } from "../ports/log.ts";
import { invariant } from "../values/invariant.ts";
import type { Refusal } from "../values/refusal.ts";
import type { Sha256 } from "../values/sha256.ts";
import { minute } from "../values/time.ts";

export interface MemoryKeeperParts {
  readonly memory: IntegrityMemory;
  readonly clock: Clock;
  readonly log: Log;
}

const keptEveryMs = minute;

/**
 * Carries the integrity monitor's memory from run to run: read once at the start, kept after a change, once a minute at most,
 * and at a clean stop. Whatever goes wrong with it is told, and holds nothing up.
 */
export class MemoryKeeper {
  readonly #parts: MemoryKeeperParts;
  readonly #loaded: KeptMemory | null;
  /** What was forgotten at the start stays to be told while this run goes on. */
  #forgotten: Refusal | null;
  #trouble: Refusal | null = null;
  #installation: Sha256 | undefined;
  /** What is not kept yet. */
  #latest: IntegrityHistory | undefined;
  #keptAt: number | undefined;
  #keeping: Promise<void> | undefined;

  private constructor(parts: MemoryKeeperParts, loaded: KeptMemory | null | Refusal) {
    this.#parts = parts;
    const refused = loaded !== null && "code" in loaded;
    this.#loaded = refused ? null : loaded;
    this.#forgotten = refused ? loaded : null;
    if (refused) tell(parts.log, loaded);
  }

  static async open(parts: MemoryKeeperParts): Promise<MemoryKeeper> {
    return new MemoryKeeper(parts, await parts.memory.load());
  }

  /** Why it is not kept now, or was not there at the start; null: all is well. */
  get trouble(): Refusal | null {
    return this.#trouble ?? this.#forgotten;
  }

  /** What an earlier run of this installation left. Called before anything changes. */
  recall(installation: Sha256): IntegrityHistory | undefined {
    this.#installation = installation;
    if (this.#loaded === null || this.#loaded.installation === installation) return this.#loaded?.history;
    this.#forgotten = ofAnother;
    tell(this.#parts.log, ofAnother);
    return undefined;
  }

  changed(history: IntegrityHistory): void {
    this.#latest = history;
  }

  /** To be called often: keeps what there is when that is due, in its own time. */
  beat(): void {
    const mono = this.#parts.clock.monotonic();
    const isDue = this.#keptAt === undefined || mono - this.#keptAt >= keptEveryMs;
    if (!isDue || this.#latest === undefined || this.#keeping !== undefined) return;
    this.#keptAt = mono;
    this.#keeping = this.#keep().finally(() => {
      this.#keeping = undefined;
    });
  }

  /** Keeps the last of it. Resolves when nothing is being written any more. */
  async end(): Promise<void> {
    await this.#keeping;
    await this.#keep();
  }

  async #keep(): Promise<void> {
    const history = this.#latest;
    if (history === undefined) return;
    invariant(this.#installation !== undefined, "what is kept is of an installation");
    this.#latest = undefined;
    const before = this.#trouble;
    this.#trouble = await this.#parts.memory.keep({ installation: this.#installation, history });
    if (this.#trouble === null) return;
    this.#latest ??= history;
    if (before?.code !== this.#trouble.code) tell(this.#parts.log, this.#trouble);
  }
}

const ofAnother: Refusal = {
  code: "integrity-memory-of-another",
  says: "What was remembered of zones is another installation's. Integrity begins anew.",
  figures: {},
  mend: startsAnew,
};

function tell(log: Log, { code, says, mend }: Refusal): void {
  log.write("warn", code, { says, mend });
}
