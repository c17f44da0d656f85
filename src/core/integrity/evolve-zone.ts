import { invariant, unreachable } from "../../values/invariant.ts";
import type { FleetEvent, Placed } from "../failover/event.ts";
import { zoneKey } from "../policy/zone-key.ts";
import { alarmKey, announcementsMax, initialZone, type ZoneState } from "./zone-state.ts";

export type ZoneEvent = Extract<FleetEvent, { readonly zone: string }>;

/** Folds one event into a zone's state. Never refuses: an impossible history is a bug, and crashes. */
function evolveZone(before: ZoneState | undefined, { event, at }: Placed<ZoneEvent>): ZoneState {
  const state = before ?? initialZone(event.zone, event.view);
  switch (event.type) {
    case "change-announced": {
      const { announcement: id, kind, from, until, by } = event;
      const open = state.announcements.filter((one) => one.until > at);
      return { ...state, announcements: [...open, { id, kind, from, until, by }].slice(-announcementsMax) };
    }
    case "announcement-withdrawn":
      invariant(
        state.announcements.some(({ id }) => id === event.announcement),
        "what is withdrawn was announced",
      );
      return { ...state, announcements: state.announcements.filter(({ id }) => id !== event.announcement) };
    case "zone-baseline-set":
      return { ...state, baseline: event.baseline };
    case "zone-integrity-changed":
      return {
        ...state,
        alarms: { integrity: event.integrity.map(alarmKey), availability: event.availability.map(alarmKey) },
      };
    default:
      return unreachable(event, "event of a zone");
  }
}

/** Every zone that the journal says something of, after one more event. */
export function evolveZones(zones: Map<string, ZoneState>, placed: Placed<ZoneEvent>): void {
  const key = zoneKey(placed.event.view, placed.event.zone);
  zones.set(key, evolveZone(zones.get(key), placed));
}
