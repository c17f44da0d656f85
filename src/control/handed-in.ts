import type { World } from "../core/cycle/world.ts";
import type { AttachmentWriter } from "../ports/journal.ts";
import type { EntryAttachment } from "../transparency/entry.ts";
import { PointsmanError, type Refusal } from "../values/refusal.ts";
import type { Sha256 } from "../values/sha256.ts";
import type { PolicyFile } from "./parts.ts";
import { attachPolicy } from "./policy-adoption.ts";
import { faulty } from "./refusals.ts";
import type { Sequencer } from "./sequencer.ts";

/** Documents that nobody has signed yet, at a time. */
const handedInMax = 32;

/** Policies whose documents were handed in, until somebody signs them. They are forgotten when the controller ends. */
export class HandedIn {
  readonly #attachments: AttachmentWriter;
  readonly #files = new Map<Sha256, { readonly file: PolicyFile; kept?: Promise<EntryAttachment> }>();

  constructor(attachments: AttachmentWriter) {
    this.#attachments = attachments;
  }

  /** The policy can be named from now on. One that is known already changes nothing. */
  take(file: PolicyFile, sequencer: Pick<Sequencer, "head" | "know">): Refusal | undefined {
    const { head } = sequencer;
    if (head.policies.has(file.policy.hash)) return undefined;
    for (const hash of this.#files.keys()) if (head.authority.proposals.has(hash)) this.#files.delete(hash);
    if (this.#files.size >= handedInMax) return tooMany(this.#files.size);
    this.#files.set(file.policy.hash, { file });
    sequencer.know(file.policy);
    return undefined;
  }

  /** The document as attachment of the entry that first names it, durable; none when the journal has it. Never rejects. */
  async attachmentsOf(
    hash: Sha256,
    { authority }: Pick<World, "authority">,
  ): Promise<readonly EntryAttachment[] | Refusal> {
    const one = this.#files.get(hash);
    if (one === undefined || authority.proposals.has(hash)) return [];
    one.kept ??= attachPolicy(one.file, this.#attachments);
    try {
      return [await one.kept];
    } catch (error) {
      delete one.kept;
      return error instanceof PointsmanError ? error.refusal : faulty(String(error));
    }
  }
}

function tooMany(handedIn: number): Refusal {
  return {
    code: "too-many-policies",
    says: `${handedIn} policies were handed in that nobody has signed.`,
    figures: { handedIn, most: handedInMax },
    mend: "Sign one; those that nobody signs are forgotten when the controller is started again.",
  };
}
