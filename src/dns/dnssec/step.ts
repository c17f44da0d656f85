import type { Instant } from "../../values/time.ts";
import type { Name } from "../wire/name.ts";
import type { DelegationSigner, DnsKey } from "./records.ts";
import type { Fault } from "./reasons.ts";
import type { Reason, ZoneLink } from "./verdict.ts";

/** A zone whose keys are validated. */
export interface SecureZone {
  readonly zone: Name;
  /** Of a DNSKEY set that is validated. Those that may not sign are refused where a signature is checked. */
  readonly keys: readonly DnsKey[];
  /** No signature or TTL on the way ends before. */
  readonly until: Instant;
  /** What vouched for them, and vouches for any other DNSKEY set that the zone's nameservers may give. */
  readonly trust: Trust;
}

/** What vouches for a zone's keys: an anchor, or the DS that its parent signed. */
export interface Trust {
  readonly by: "anchor" | "ds";
  readonly ds: readonly DelegationSigner[];
  /** Anchors that are keys. */
  readonly keys: readonly DnsKey[];
  readonly until: Instant;
  /** What was found on the way to it. */
  readonly reasons: readonly Reason[];
}

/** What a step found, in order. */
interface Found {
  readonly reasons: readonly Reason[];
}

/** It holds, and is remembered, until then. */
interface Lasting extends Found {
  readonly until: Instant;
}

/** One name on the way down from an anchor. */
export type Step =
  | (Lasting & { readonly kind: "zone"; readonly zone: SecureZone; readonly link: ZoneLink })
  /** The name is there and no zone begins at it. */
  | (Lasting & { readonly kind: "not-a-cut" })
  /** Nothing is there, so nothing is below it. */
  | (Lasting & { readonly kind: "no-such-name" })
  | (Lasting & { readonly kind: "insecure"; readonly fault: Fault; readonly link: ZoneLink })
  /** Not known, or bogus: remembered by nobody. */
  | (Found & { readonly kind: "failed"; readonly fault: Fault; readonly link: ZoneLink });
