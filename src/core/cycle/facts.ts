import type { Instant } from "../../values/time.ts";
import type { ServiceHealth } from "../health/verdict.ts";
import type { ZoneFacts } from "../integrity/zone-facts.ts";
import type { RRset } from "../plan/rrset.ts";

/** What one address of one nameserver last answered for one record. */
export interface NameserverReading {
  readonly provider: string;
  /** Absolute name and `address:port` of the nameserver. */
  readonly nameserver: string;
  readonly address: string;
  /** `unread` until the first reading. */
  readonly outcome: "answer" | "no-response" | "lame" | "malformed" | "no-route" | "unread";
  readonly code: string | null;
  /** Null unless it answered. */
  readonly rrset: RRset | "absent" | null;
  readonly at: Instant;
}

/** What stands around a name at a provider's primary: what makes a write useless or dangerous. */
export interface NameFacts {
  readonly provider: string;
  readonly name: string;
  /** A delegation at or above the name, below the zone's apex; null: none. */
  readonly cutAt: string | null;
  /** A wildcard that would answer for the name once its last RRset is gone; null: none. */
  readonly wildcard: string | null;
  /** The fence's value as read; null: absent. */
  readonly fence: string | null;
  readonly at: Instant;
}

export interface PathFacts {
  readonly provider: string;
  readonly path: string;
  readonly type: "rfc2136" | "manual";
  readonly compareAndSwap: boolean;
  readonly atomicRRsets: number;
}

/**
 * Known, and not in the journal. The facts that a decision used stand in its entry, so that `decide` on the fold before
 * it gives the same again. JSON through and through.
 */
export interface Facts {
  /** Random at each start of the controller: two copies of one installation differ in it, and so do their fences. */
  readonly boot: string;
  /** `observe`: no change path is wired, and nothing is ever sent. */
  readonly mode: "act" | "observe";
  readonly clock: { readonly trustworthy: boolean; readonly errorMs: number; readonly says: string };
  /** False once the journal was found cut, altered, rolled back or taken over. */
  readonly log: { readonly whole: boolean; readonly says: string };
  /** Fingerprint of the key that the controller has to sign with as the automation; null: it has none. */
  readonly automationKey: string | null;
  readonly health: ServiceHealth;
  /** By record id. */
  readonly readings: { readonly [record: string]: readonly NameserverReading[] };
  readonly names: readonly NameFacts[];
  readonly paths: readonly PathFacts[];
  /** Zones of the service that the integrity monitor has seen; what is missing is not known. */
  readonly zones: readonly ZoneFacts[];
}
