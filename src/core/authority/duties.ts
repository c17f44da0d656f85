import type { Refusal } from "../../values/refusal.ts";
import type { Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import type { Failover } from "../failover/state.ts";
import type { Duty, Policy } from "../policy/policy.ts";
import type { Speaker } from "./speaker.ts";
import type { Word } from "./word.ts";

/** A part of a failover's authority that is not there yet. */
export interface MissingDuty {
  readonly duty: Duty;
  /** Role that is still asked for; null: any of several, or a number of people. */
  readonly role: string | null;
  /** `changes-sign-in` and the like, where a sign-off asks; null: the duty itself. */
  readonly because: string | null;
  /** People who could fill it now, separation and what they signed already taken into account. */
  readonly people: readonly string[];
  readonly says: string;
}

/** Whether a person may fill a duty for a failover, in the capacity that the statement names; the word that this gives. */
export function wordFor(
  _about: { readonly world: World; readonly policy: Policy; readonly failover: Failover; readonly now: Instant },
  _duty: Duty,
  _speaker: Speaker,
): { readonly ok: true; readonly word: Word } | { readonly ok: false; readonly refusal: Refusal } {
  throw new Error("not built");
}

/** Words that count now: not expired, their key not revoked, their delegation or grant not withdrawn. */
export function liveWords(_world: World, _failover: Pick<Failover, "words">, _now: Instant): readonly Word[] {
  throw new Error("not built");
}

/** What an open failover's authority still lacks; empty: it is complete (N8, N13). Policy is that of its proposal. */
export function missingDuties(_about: {
  readonly world: World;
  readonly policy: Policy;
  readonly failover: Failover;
  readonly now: Instant;
}): readonly MissingDuty[] {
  throw new Error("not built");
}
