import type { DurationMs } from "../../values/time.ts";

/**
 * What the vantages together say. `partly`: some of the site's records or checks are up and some down. `disputed`:
 * independent vantages contradict each other and neither side has a quorum. `unknown`: too few fresh voices. Unknown is
 * never down.
 */
export type Verdict = "up" | "down" | "partly" | "disputed" | "unknown";

/** What the vantages say of a site, for one service: JSON, since it stands in the entry of what it decided. */
export interface SiteHealth {
  readonly verdict: Verdict;
  /** The verdict a person forced, beside it and never instead of it. */
  readonly forced: Verdict | null;
  /** How long the verdict has been this one, by monotonic time. */
  readonly heldMs: DurationMs;
  /** Code of the reason: `quorum`, `too-few-voices`, `stale`, `not-yet-judged`, `cut-off`, `contradiction`, `records-differ`. */
  readonly reason: string;
  /** Independent domains that say up, that say down, and that have no voice (stale, cut off or not yet judged). */
  readonly domains: { readonly up: number; readonly down: number; readonly silent: number };
  /** Age of the oldest observation that counted. */
  readonly oldestMs: DurationMs;
  /** The most frequent failure among those that say down, such as `connect-refused`; null when none does. */
  readonly failure: string | null;
  readonly records: { readonly [record: string]: { readonly verdict: Verdict; readonly reason: string } };
  /** Failed checks in percent and the median latency, over the last minute or the band's time if longer; null: no data. */
  readonly errorPercent: number | null;
  readonly latencyMs: number | null;
}

/** Why all that fails may have one cause that is not the sites themselves. */
export type CommonCause =
  | { readonly kind: "none" }
  /** The failing set spans sites that share no region and no dependency, or takes in control places. */
  | { readonly kind: "common"; readonly says: string; readonly sites: readonly string[] }
  /** All that fail share one region or dependency that no healthy site has, seen from two independent domains. */
  | {
      readonly kind: "regional";
      readonly what: "region" | "dependency";
      readonly name: string;
      readonly heldMs: DurationMs;
    };

/** The health of one service, and what it needs to know of the others. */
export interface ServiceHealth {
  /** True once a full round was seen since the start; before, nothing is decided. */
  readonly judged: boolean;
  readonly sites: { readonly [site: string]: SiteHealth };
  /** Vantages whose control checks fail. */
  readonly cutOff: readonly string[];
  /** Independent domains that have a voice now, and all that the policy has. */
  readonly voices: { readonly heard: number; readonly all: number };
  readonly commonCause: CommonCause;
}
