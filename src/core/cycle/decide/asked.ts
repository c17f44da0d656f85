import type { Speaker } from "../../authority/admitted.ts";
import type { Signer } from "../../authority/word.ts";
import type { Sender } from "../command.ts";
import { refuse, type Answer } from "./answer.ts";

/** Who asks. */
export interface Asking {
  readonly by: Sender;
  /** The person who signed it; null: the controller, or in an unsigned trial the local user. */
  readonly speaker: Speaker | null;
}

/** What only a person who signs may ask: in an unsigned trial nobody is known, so nobody could be held to it. */
export function signedBy(
  { speaker }: Asking,
  what: string,
):
  | { readonly ok: true; readonly speaker: Speaker; readonly by: Signer }
  | { readonly ok: false; readonly answer: Answer } {
  if (speaker !== null) return { ok: true, speaker, by: speaker.signer };
  const says = `To ${what} a person must be known, and nobody signed this.`;
  return { ok: false, answer: refuse("statement-needed", says, {}, "Enrol your key, and sign it: pointsman enrol") };
}
