import type { World } from "../core/cycle/world.ts";
import type { Journal } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";
import type { RecordedEntry } from "../ports/operations.ts";
import { asCommitment, type Commitment } from "../values/commitment.ts";
import type { Refusal } from "../values/refusal.ts";
import { asSha256, sha256 } from "../values/sha256.ts";

/** Takes away what may no longer be kept, once the entry that says so is durable. Every hash still holds. */
export class Erasures {
  readonly #journal: Pick<Journal, "reader" | "eraser">;
  readonly #log: Log;

  constructor(journal: Pick<Journal, "reader" | "eraser">, log: Log) {
    this.#journal = journal;
    this.#log = log;
  }

  /** Why a value stays; `undefined`: it may go. A policy is what every decision under it is checked against. */
  async refusalOf(commitment: Commitment, { policies }: Pick<World, "policies">): Promise<Refusal | undefined> {
    const opening = await this.#journal.reader.opening(commitment);
    if (opening === undefined)
      return {
        code: "no-such-attachment",
        says: `Nothing stands behind commitment ${commitment}, or it was erased.`,
        figures: { commitment },
        mend: "Name a commitment of an entry's `sealed` or `attachments`.",
      };
    const policy = policies.get(sha256(opening.value));
    if (policy === undefined) return undefined;
    return {
      code: "policy-not-erasable",
      says: `Commitment ${commitment} is version ${policy.version} of the policy, which decisions are checked against.`,
      figures: { commitment, version: policy.version },
      mend: "Keep it: policies hold ids of people alone.",
    };
  }

  /** Never rejects: what could not be erased now is erased at the next start. */
  async erase(commitments: readonly Commitment[]): Promise<void> {
    try {
      for (const commitment of commitments) {
        // oxlint-disable-next-line no-await-in-loop -- they are few, and each is a write of its own
        if ((await this.#journal.reader.opening(commitment)) === undefined) continue;
        // oxlint-disable-next-line no-await-in-loop -- as above
        await this.#journal.eraser.erase(commitment);
      }
    } catch (error) {
      this.#log.write("warn", "not-erased", { says: error instanceof Error ? error.message : "unknown" });
    }
  }
}

/** What an entry says was erased. */
export function erasedBy({ type, data: { commitment } }: RecordedEntry): readonly Commitment[] {
  if (type !== "attachment-erased" || typeof commitment !== "string") return [];
  return [asCommitment(asSha256(commitment))];
}
