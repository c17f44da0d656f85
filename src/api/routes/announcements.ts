import type { FleetRequest } from "../../core/cycle/service-command.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { zoneIn } from "../../core/policy/zone-key.ts";
import type { Refusal } from "../../values/refusal.ts";
import { add, parseInstant, type Instant } from "../../values/time.ts";
import type { Act } from "../contract/act.ts";
import { badRequest, noSuchZone } from "./refusals.ts";

/** Acts on what people foretell of a zone. */
export type AnnouncementAct = Extract<Act, { kind: "announce" | "withdraw-announcement" }>;

/** The same, as the core takes it: the zone absolute and in lower case, the window by its two ends. */
export function announcementRequest(
  policy: Pick<Policy, "zones">,
  act: AnnouncementAct,
  now: Instant,
): FleetRequest | { readonly refusal: Refusal } {
  if (act.kind === "withdraw-announcement") return { kind: act.kind, announcement: act.announcement };
  const zone = `${act.zone.toLowerCase().replace(/\.$/, "")}.`;
  const { view } = act;
  if (zoneIn(policy, { view, zone }) === undefined)
    return { refusal: noSuchZone(zone, view, [...policy.zones.values()]) };
  const from = act.from === null ? now : parseInstant(act.from);
  if (from === undefined)
    return { refusal: badRequest(`${act.from} is no date.`, "Give one such as 2026-11-22T03:00:00Z.") };
  return { kind: "announce", zone, view, change: act.change, from, until: add(from, act.forMs) };
}
