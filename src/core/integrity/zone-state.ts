import type { Instant } from "../../values/time.ts";
import type { Sender } from "../cycle/command.ts";

/** What the journal says of one zone in one view. Immutable; a fold over the stream `fleet`. */
export interface ZoneState {
  readonly zone: string;
  readonly view: string;
  /** What should be seen; null until it was seen first. */
  readonly baseline: ZoneBaseline | null;
  /** Changes by others that people foretold, the newest last, {@link announcementsMax} at most. */
  readonly announcements: readonly Announcement[];
  /** Alarms as last written: `code about`, sorted. */
  readonly alarms: { readonly integrity: readonly string[]; readonly availability: readonly string[] };
}

/** The sets that an entry explains. What was never answered is null. JSON. */
export interface ZoneBaseline {
  /** At the apex: absolute names, sorted. */
  readonly ns: readonly string[] | null;
  /** As the parent delegates. */
  readonly parentNs: readonly string[] | null;
  /** RDATA in lower-case hexadecimal, sorted. */
  readonly ds: readonly string[] | null;
  /** DNSKEYs of all providers. */
  readonly keys: readonly KnownKey[] | null;
  /** It was secure once: then insecure is an alarm. */
  readonly secure: boolean;
}

export interface KnownKey {
  readonly fingerprint: string;
  readonly tag: number;
  readonly algorithm: number;
  readonly firstSeen: Instant;
  /** It stood there when the zone was first seen: how long before, nobody knows. */
  readonly fromTheStart: boolean;
}

/**
 * `rollover`: keys and DS. `delegation`: NS here and at the parent, and DS. `migration`: all of these. `unsigning`: the
 * zone leaves DNSSEC: DS, keys, and insecure answers.
 */
export type ChangeKind = "rollover" | "delegation" | "migration" | "unsigning";

export interface Announcement {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly from: Instant;
  readonly until: Instant;
  readonly by: Sender;
}

export const announcementsMax = 32;

export function initialZone(zone: string, view: string): ZoneState {
  return { zone, view, baseline: null, announcements: [], alarms: { integrity: [], availability: [] } };
}

/** Announcements whose window `at` lies in. */
export function inForce(announcements: readonly Announcement[], at: Instant): readonly Announcement[] {
  return announcements.filter(({ from, until }) => from <= at && at < until);
}

export function alarmKey({ code, about }: { readonly code: string; readonly about: string }): string {
  return `${code} ${about}`;
}
