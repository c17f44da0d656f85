import type { Instant } from "../values/time.ts";
import type { NameserverEndpoint } from "./records.ts";

/** What stands around a name at one server (`NameFacts` of the core, without the provider). */
export type NameReading =
  | {
      readonly outcome: "answer";
      /** Absolute name of a delegation at or above the name, below the apex; null: none. */
      readonly cutAt: string | null;
      /** Absolute name of the wildcard that would answer for the name once its last RRset is gone; null: none. */
      readonly wildcard: string | null;
      /** The value of the TXT at `_pointsman.` under the name; null: absent. */
      readonly fence: string | null;
      readonly at: Instant;
    }
  | { readonly outcome: "failed"; readonly code: string; readonly at: Instant };

/** Reads what makes a write at a name useless or dangerous. Cannot write. */
export interface NameReader {
  /** Never rejects. Bounded by the reader's time-out. */
  readName(server: NameserverEndpoint, zone: string, name: string, signal: AbortSignal): Promise<NameReading>;
}
