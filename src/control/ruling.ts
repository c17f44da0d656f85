import type { Sender } from "../core/cycle/command.ts";
import type { FleetEvent, ServiceEvent } from "../core/failover/event.ts";
import type { CommandResult } from "../ports/operations.ts";
import type { CommandId } from "../values/ids.ts";
import type { NonEmpty } from "../values/non-empty.ts";
import type { Refusal } from "../values/refusal.ts";
import type { Fold } from "./fold.ts";
import type { Group } from "./group-commit.ts";

/** What was decided at once, and what is promised for later. */
export interface Ruling {
  readonly accepted: boolean;
  /** Why not; null when accepted, and for a command that was ruled on before. */
  readonly refusal: Refusal | null;
  readonly result: Promise<CommandResult>;
}

export interface Decided extends Group {
  readonly command: CommandId | null;
  /** Whether a person sent it: then it may stand in the journal that is opened anew. */
  readonly external: boolean;
  readonly events: NonEmpty<ServiceEvent | FleetEvent>;
  /** Brings the durable fold where the head was after this decision. */
  readonly apply: (durable: Fold) => void;
  readonly settle: (result: CommandResult) => void;
}

export function refused(refusal: Refusal): Ruling {
  return { accepted: false, refusal, result: Promise.resolve({ accepted: false, refusal }) };
}

export function resultOf({ composed, events }: Decided): CommandResult {
  const [first, ...rest] = composed;
  return { accepted: true, entries: [first.entry.sequence, ...rest.map(({ entry }) => entry.sequence)], events };
}

/** The controller's own command ids are new each time: nobody sends them again. */
export function isExternal({ kind }: Sender): boolean {
  return kind !== "controller" && kind !== "automation";
}

/** Results of commands that are kept to answer the same command again; the oldest go first. */
const resultsMax = 100_000;

/** First results of what people sent. */
export class Results {
  readonly #results: Map<CommandId, Promise<CommandResult>>;

  constructor(known: ReadonlyMap<CommandId, CommandResult>) {
    this.#results = new Map([...known].map(([id, result]) => [id, Promise.resolve(result)]));
  }

  get(id: CommandId): Promise<CommandResult> | undefined {
    return this.#results.get(id);
  }

  keep(id: CommandId, result: Promise<CommandResult>): void {
    this.#results.set(id, result);
    if (this.#results.size <= resultsMax) return;
    const [oldest] = this.#results.keys();
    if (oldest !== undefined) this.#results.delete(oldest);
  }
}
