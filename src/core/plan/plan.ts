import { asJson } from "../../values/json.ts";
import type { NonEmpty } from "../../values/non-empty.ts";
import { sha256OfJson, type Sha256 } from "../../values/sha256.ts";
import type { Instant } from "../../values/time.ts";
import type { RRset } from "./rrset.ts";

export type Purpose =
  "failover" | "failback" | "rollback" | "restore" | "contain" | "maintenance" | "drill" | "exercise";

/** Active sites of each segment, sorted by site. This version knows one segment, `all`. */
export type Placement = { readonly [segment: string]: NonEmpty<ActiveSite> };

export interface ActiveSite {
  readonly site: string;
  /** Percent where every provider can weigh; null elsewhere. */
  readonly share: number | null;
  /** Records withdrawn at this site, sorted. */
  readonly without: readonly string[];
}

export interface RRsetChange {
  /** The record's id in the policy. */
  readonly record: string;
  /** Absolute, lower case, with its final dot. */
  readonly name: string;
  /** Mnemonic. */
  readonly type: string;
  readonly before: RRset | "absent";
  /** `absent` only where the plan's placement has the word `none` for this record at every active site. */
  readonly after: RRset | "absent";
}

/** All that changes in one zone at one provider: one message. */
export interface ZoneChange {
  readonly provider: string;
  readonly view: string;
  readonly zone: string;
  readonly rrsets: NonEmpty<RRsetChange>;
}

/** A TXT at `_pointsman.` under a record's name: must hold `before` (null: absent), set to `after` in the same message. */
export interface Fence {
  readonly name: string;
  readonly before: string | null;
  readonly after: string;
}

export type Scope = "partial" | "regional" | "full";

/** The exact change of one failover. People's words and the intent bind its hash (design §8, Identity). */
export interface Plan {
  readonly format: 1;
  readonly installation: Sha256;
  readonly failover: string;
  readonly service: string;
  readonly purpose: Purpose;
  readonly drill: boolean;
  readonly trigger: { readonly kind: "signal"; readonly band: string } | { readonly kind: "declared" };
  /** The failover that this one undoes, brings home or supersedes. */
  readonly of: string | null;
  readonly policy: Sha256;
  readonly scope: Scope;
  readonly placement: { readonly before: Placement; readonly after: Placement };
  readonly steps: NonEmpty<{ readonly changes: NonEmpty<ZoneChange> }>;
  /** When this site turns `down` within the time after the change, and the old ones are up, the plan undoes itself. */
  readonly rollback: { readonly site: string; readonly withinMs: number } | null;
  readonly expiresAt: Instant;
}

/** What statements, approvals and intents bind. */
export function planHash(plan: Plan): Sha256 {
  return sha256OfJson(asJson(plan));
}
