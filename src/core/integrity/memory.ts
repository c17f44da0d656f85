import type { Instant } from "../../values/time.ts";
import type { KeysMemory } from "./key-memory.ts";
import type { Authenticity } from "./survey.ts";

/**
 * What a judge of one zone in one view is to remember over a restart, beside what the journal says: without it an old
 * zone, valid still, could be played back to a controller that starts. Immutable.
 */
export interface ZoneHistory extends KeysMemory {
  /** By {@link placeKey}. */
  readonly marks: ReadonlyMap<string, ServerMarks>;
  /** Since when the zone's CDS ask for other DS than the parent has; null: they agree, or there are none. */
  readonly cdsPending: { readonly wanted: string; readonly since: Instant } | null;
}

/** What a judge of one zone in one view remembers from survey to survey. Immutable. */
export interface ZoneMemory extends ZoneHistory {
  /** By {@link placeKey}. Of this run alone: a decision rests on what was answered since the start. */
  readonly servers: ReadonlyMap<string, ServerMemory>;
  readonly everSecure: boolean;
}

/** How far a server ever was, as one vantage saw it. */
export interface ServerMarks {
  /** The newest serial that it ever gave, and since when (RFC 1982). */
  readonly serialMark: Mark | null;
  /** The latest beginning of a signature that it ever gave. */
  readonly inceptionMark: Mark | null;
}

/** One address of one nameserver as one vantage saw it. What it did not say last time is kept from before. */
export interface ServerMemory {
  readonly provider: string | null;
  readonly nameserver: string;
  readonly address: string;
  readonly vantage: string;
  readonly at: Instant;
  readonly answers: boolean;
  readonly authenticity: Authenticity;
  readonly code: string;
  /** Since when its serial is behind the others of its provider. */
  readonly behindSince: Instant | null;
  /** What was judged last time: bogus, ns, keys, each watched RRset. */
  readonly aspects: ReadonlyMap<string, "right" | "wrong">;
}

export interface Mark {
  readonly value: number;
  readonly since: Instant;
}

const noHistory: ZoneHistory = { marks: new Map(), keys: new Map(), ds: null, cdsPending: null };

/** What is remembered at the start: of an earlier run, its history. */
export function remembered(history: ZoneHistory = noHistory): ZoneMemory {
  return { ...history, servers: new Map(), everSecure: false };
}

/** The part of a memory that is kept over a restart. */
export function historyOf({ marks, keys, ds, cdsPending }: ZoneHistory): ZoneHistory {
  return { marks, keys, ds, cdsPending };
}

export function placeKey(vantage: string, address: string): string {
  return `${vantage} ${address}`;
}

/** The address in a {@link placeKey}. */
export function addressIn(place: string): string {
  return place.slice(place.lastIndexOf(" ") + 1);
}
