import { sequenceOf } from "../../../values/ids.ts";
import { invariant } from "../../../values/invariant.ts";
import { evolve } from "../../failover/evolve.ts";
import type { ServiceEvent } from "../../failover/event.ts";
import type { Moment } from "../moment.ts";
import { proposeOrHold } from "./initiatives.ts";
import { establishBaseline, noteDrift, noteVerdicts, suspendFlapping, verifyOwed } from "./observe.ts";
import { progress } from "./progress.ts";

/**
 * What happens by itself, in the order of the decision cycle: what is seen is written down before anything is decided on
 * it, and what is under way goes before what is new.
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

/** A chain that is longer would never end: a failover has fewer steps between two effects. */
const stepsMax = 32;

/**
 * All that is due by itself now: the first rule that has something to say, then again on the state that it leads to, until
 * none has. So one look is one decision, on one set of facts, and one append. Empty when nothing is due.
 */
export function advance(moment: Moment): readonly ServiceEvent[] {
  const all: ServiceEvent[] = [];
  let { state } = moment;
  for (let step = 0; ; step += 1) {
    invariant(step <= stepsMax, `one look at ${state.service} leads to at most ${stepsMax} steps`);
    const events = firstOf({ ...moment, state });
    if (events.length === 0) return all;
    all.push(...events);
    // Where the entries will stand is the sequencer's to say, and no rule looks at it.
    for (const event of events) state = evolve(state, { event, sequence: provisional, at: moment.now });
  }
}

const provisional = sequenceOf(0);

function firstOf(moment: Moment): readonly ServiceEvent[] {
  // Whoever took the service over does all of it; what is seen is still written down.
  for (const rule of moment.state.handedOver === null ? rules : [noteVerdicts]) {
    const events = rule(moment);
    if (events.length > 0) return events;
  }
  return [];
}
