import type { Instant } from "../../values/time.ts";
import type { KeysMemory } from "./key-memory.ts";
import type { Authenticity } from "./survey.ts";

/** What a judge of one zone in one view remembers from survey to survey. Immutable. */
export interface ZoneMemory extends KeysMemory {
  /** By {@link placeKey}. */
  readonly servers: ReadonlyMap<string, ServerMemory>;
  readonly everSecure: boolean;
  /** Since when the zone's CDS ask for other DS than the parent has; null: they agree, or there are none. */
  readonly cdsPending: { readonly wanted: string; readonly since: Instant } | null;
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
  /** The newest serial that it ever gave, and since when (RFC 1982). */
  readonly serialMark: Mark | null;
  /** The latest beginning of a signature that it ever gave. */
  readonly inceptionMark: Mark | null;
  /** Since when its serial is behind the others of its provider. */
  readonly behindSince: Instant | null;
  /** What was judged last time: bogus, ns, keys, each watched RRset. */
  readonly aspects: ReadonlyMap<string, "right" | "wrong">;
}

export interface Mark {
  readonly value: number;
  readonly since: Instant;
}

export const nothingRemembered: ZoneMemory = {
  servers: new Map(),
  keys: new Map(),
  ds: null,
  everSecure: false,
  cdsPending: null,
};

export function placeKey(vantage: string, address: string): string {
  return `${vantage} ${address}`;
}
