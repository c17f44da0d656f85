import type { ServiceEvent } from "../../failover/event.ts";
import type { Moment } from "../moment.ts";
import { proposeOrHold } from "./initiatives.ts";
import { establishBaseline, noteDrift, noteVerdicts, suspendFlapping, verifyOwed } from "./observe.ts";
import { progress } from "./progress.ts";

/**
 * One step of what happens by itself: the first rule that has something to say. The order is the decision cycle's:
 * what is seen is written down before anything is decided on it, and what is under way goes before what is new.
 */
const rules: readonly ((moment: Moment) => readonly ServiceEvent[])[] = [
  noteVerdicts,
  establishBaseline,
  suspendFlapping,
  noteDrift,
  verifyOwed,
  progress,
  proposeOrHold,
];

/** Empty when nothing is due. */
export function advance(moment: Moment): readonly ServiceEvent[] {
  for (const rule of rules) {
    const events = rule(moment);
    if (events.length > 0) return events;
  }
  return [];
}
