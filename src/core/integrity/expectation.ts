import type { DurationMs, Instant } from "../../values/time.ts";
import type { RRset } from "../plan/rrset.ts";
import type { Signing } from "../policy/policy.ts";
import type { ClockFacts } from "./clock.ts";
import { inForce, type Announcement, type ChangeKind, type ZoneBaseline } from "./zone-state.ts";

/** What a survey of one zone in one view is judged against. */
export interface Expectation {
  readonly dnssec: "required" | "unsigned";
  readonly signing: Signing | null;
  /** When the registration ends, as declared; null: not known. */
  readonly expires: Instant | null;
  /** By the journal; null: the zone is seen for the first time, and what is seen is learnt. */
  readonly baseline: ZoneBaseline | null;
  readonly announcements: readonly Announcement[];
  readonly watched: readonly WatchedExpectation[];
  readonly clock: ClockFacts;
  /** By fingerprint: other zones in which the same key was seen. */
  readonly keysElsewhere: ReadonlyMap<string, readonly string[]>;
  /** What other views answer: seen in this one, it leaked. */
  readonly otherViews: readonly {
    readonly view: string;
    readonly name: string;
    readonly type: string;
    readonly rrset: RRset;
  }[];
  /** A vantage's word counts for this long: a few rounds of the survey. */
  readonly freshForMs: DurationMs;
}

/** What an entry of the journal says of one RRset. */
export interface WatchedExpectation {
  readonly name: string;
  readonly type: string;
  /** The baseline, and what a failover that is under way puts there. Empty: not known yet, and nothing is judged. */
  readonly current: readonly (RRset | "absent")[];
  /** What stood before: right where a server is behind, and until a survey begun before `since` is over. */
  readonly earlier: readonly (RRset | "absent")[];
  readonly since: Instant;
  /** Where it is steered by vantage: those that this vantage should see instead of `current`. */
  readonly byVantage: { readonly [vantage: string]: readonly (RRset | "absent")[] };
}

type Aspect = "ns" | "parent-ns" | "ds" | "keys" | "insecure";

const covers: { readonly [kind in ChangeKind]: readonly Aspect[] } = {
  rollover: ["ds", "keys"],
  delegation: ["ns", "parent-ns", "ds"],
  migration: ["ns", "parent-ns", "ds", "keys"],
  unsigning: ["ds", "keys", "insecure"],
};

/** The announcement in force that foretells a change of this; undefined: nobody did. */
export function announced(
  { announcements }: Pick<Expectation, "announcements">,
  aspect: Aspect,
  at: Instant,
): Announcement | undefined {
  return inForce(announcements, at).find(({ kind }) => covers[kind].includes(aspect));
}
