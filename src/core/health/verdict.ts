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
  /** How long the verdict has been this one, by monotonic time. */
  readonly heldMs: DurationMs;
  /** Code of the reason: `quorum`, `too-few-voices`, `stale`, `not-yet-judged`, `cut-off`, `contradiction`, `records-differ`. */
  readonly reason: string;
  /**
   * Independent domains that say all of the site is up, that say all of it is down, that say some of it is up and some
   * down, and that have no voice on some of it (stale, cut off or not yet judged). Together all domains of the policy.
   */
  readonly domains: { readonly up: number; readonly down: number; readonly partly: number; readonly silent: number };
  /** Age of the oldest observation that counted. */
  readonly oldestMs: DurationMs;
  /** The most frequent failure among those that say down, such as `connect-refused`; null when none does. */
  readonly failure: string | null;
  readonly records: { readonly [record: string]: { readonly verdict: Verdict; readonly reason: string } };
  /**
   * Failed checks in whole percent, rounded down, and the median latency of those that passed, over the last minute (or
   * three intervals if longer). Each is what a quorum of the domains sees at least; null: too few domains have data.
   */
  readonly errorPercent: number | null;
  readonly latencyMs: number | null;
  /** What gate target-ready asks of this site as a target. */
  readonly ready: Readiness;
}

/** `could-not-run`: not proven, since too few voices are fresh or nothing shows it. It is never success. */
export interface Readiness {
  readonly state: "passed" | "failed" | "could-not-run";
  /** What is missing, a sentence each; empty when passed. */
  readonly reasons: readonly string[];
}

/** Where the signal of a band stands. A signal that is unknown neither holds nor waits: its time begins anew. */
export type SignalState =
  | { readonly state: "holds"; readonly figures: SignalFigures }
  /** What it looks for is there, but not yet for the band's time: it holds in `inMs` if it stays. */
  | { readonly state: "pending"; readonly inMs: DurationMs; readonly figures: SignalFigures }
  | { readonly state: "clear"; readonly figures: SignalFigures }
  | { readonly state: "unknown"; readonly figures: SignalFigures };

/** What was seen and what was asked for, such as `{ verdict: "down", domains: 2, neededDomains: 2, heldMs: 21000 }`. */
export type SignalFigures = { readonly [figure: string]: number | string | null };

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
  /** By band name: every band of the service. */
  readonly signals: { readonly [band: string]: SignalState };
}
