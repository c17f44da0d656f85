import type { JsonObject } from "../../values/json.ts";
import { unreachable } from "../../values/invariant.ts";
import { allNameserversAgree } from "./all-nameservers-agree.ts";
import { authorityComplete } from "./authority-complete.ts";
import { automationKey } from "./automation-key.ts";
import { bandFits } from "./band-fits.ts";
import { blastRadius } from "./blast-radius.ts";
import { budgetLeft } from "./budget-left.ts";
import { clockTrustworthy } from "./clock-trustworthy.ts";
import { commonCause } from "./common-cause.ts";
import { compareAndSwap } from "./compare-and-swap.ts";
import { earlierAttemptsFenced } from "./earlier-attempts-fenced.ts";
import type { Gate, GateInput, GateReport, GateResult, Stage } from "./gate.ts";
import { holdDown } from "./hold-down.ts";
import { insecureAfterSecure } from "./insecure-after-secure.ts";
import { logIsWhole } from "./log-is-whole.ts";
import { logNotDisputed } from "./log-not-disputed.ts";
import { noDrift } from "./no-drift.ts";
import { notExpired } from "./not-expired.ts";
import { notFlapping } from "./not-flapping.ts";
import { notForced } from "./not-forced.ts";
import { notHandedOver } from "./not-handed-over.ts";
import { notStopped } from "./not-stopped.ts";
import { notSuspended } from "./not-suspended.ts";
import { notVetoed } from "./not-vetoed.ts";
import { observersTrustworthy } from "./observers-trustworthy.ts";
import { oneInFlight } from "./one-in-flight.ts";
import { pathAvailable } from "./path-available.ts";
import { planIsFresh } from "./plan-is-fresh.ts";
import { serviceNotFrozen } from "./service-not-frozen.ts";
import { siteNotBarred } from "./site-not-barred.ts";
import { targetHasRoom } from "./target-has-room.ts";
import { targetReady } from "./target-ready.ts";
import { verdictFresh } from "./verdict-fresh.ts";
import { waivedBy } from "./waived.ts";
import { wildcard } from "./wildcard.ts";
import { withinGrant } from "./within-grant.ts";
import { wouldEmpty } from "./would-empty.ts";
import { zoneCut } from "./zone-cut.ts";
import { zoneIsAuthenticEverywhere } from "./zone-is-authentic-everywhere.ts";
import { zoneIsAuthentic } from "./zone-is-authentic.ts";

const { propose, authorise, execute, close } = {
  propose: "propose",
  authorise: "authorise",
  execute: "execute",
  close: "close",
} as const satisfies { readonly [stage in Stage]: stage };

/**
 * All authority, on one screen. durable-intent is not here: it is a type that the sequencer alone makes. Of the
 * design's table, path-proven comes with the exercises.
 */
// prettier-ignore
const table: readonly { readonly gate: Gate; readonly stages: readonly Stage[] }[] = [
  // absolute
  { gate: logIsWhole,                stages: [propose, authorise, execute, close] },
  { gate: logNotDisputed,            stages: [propose, authorise, execute] },
  { gate: notStopped,                stages: [propose, authorise, execute] },
  { gate: notHandedOver,             stages: [propose, authorise, execute] },
  { gate: oneInFlight,               stages: [propose, authorise, execute] },
  { gate: authorityComplete,         stages: [         authorise, execute] },
  { gate: withinGrant,               stages: [         authorise, execute] },
  { gate: notExpired,                stages: [propose, authorise, execute] },
  { gate: notVetoed,                 stages: [propose, authorise, execute] },
  { gate: siteNotBarred,             stages: [propose, authorise, execute] },
  { gate: planIsFresh,               stages: [propose,            execute] },
  { gate: compareAndSwap,            stages: [propose,            execute] },
  { gate: wouldEmpty,                stages: [propose,            execute] },
  { gate: zoneCut,                   stages: [propose,            execute] },
  { gate: wildcard,                  stages: [propose,            execute] },
  { gate: zoneIsAuthentic,           stages: [propose, authorise, execute] },
  { gate: pathAvailable,             stages: [propose,            execute] },
  { gate: allNameserversAgree,       stages: [                             close] },
  // automatic
  { gate: automationKey,             stages: [propose, authorise, execute] },
  { gate: bandFits,                  stages: [propose, authorise, execute] },
  { gate: notSuspended,              stages: [propose, authorise, execute] },
  { gate: notFlapping,               stages: [propose, authorise, execute] },
  { gate: budgetLeft,                stages: [propose, authorise, execute] },
  { gate: holdDown,                  stages: [propose, authorise, execute] },
  { gate: verdictFresh,              stages: [propose, authorise, execute] },
  { gate: observersTrustworthy,      stages: [propose, authorise, execute] },
  { gate: commonCause,               stages: [propose, authorise, execute] },
  { gate: notForced,                 stages: [propose, authorise, execute] },
  { gate: noDrift,                   stages: [propose, authorise, execute] },
  { gate: clockTrustworthy,          stages: [propose, authorise, execute] },
  { gate: zoneIsAuthenticEverywhere, stages: [propose, authorise, execute] },
  // judgement
  { gate: targetReady,               stages: [propose, authorise, execute] },
  { gate: targetHasRoom,             stages: [propose, authorise, execute] },
  { gate: blastRadius,               stages: [propose, authorise, execute] },
  { gate: serviceNotFrozen,          stages: [propose, authorise, execute] },
  { gate: insecureAfterSecure,       stages: [propose, authorise, execute] },
  { gate: earlierAttemptsFenced,     stages: [propose,            execute] },
];

/** Walks every gate of a stage; none hides another. */
export function walkGates(input: GateInput): readonly GateReport[] {
  return table
    .filter(({ stages }) => stages.includes(input.stage))
    .map(({ gate }) => report(gate, gate.check(input), input));
}

/** The gates that hold a move: refusals and waits, warnings left out. */
export function holding(reports: readonly GateReport[]): readonly GateReport[] {
  return reports.filter(({ result }) => result === "refuse" || result === "wait");
}

/** Sorted codes of what holds: a refusal is recorded when these change (design §8). */
export function codesOf(reports: readonly GateReport[]): readonly string[] {
  return [...new Set(holding(reports).map(({ gate, code }) => code ?? gate))].toSorted();
}

/** What did not pass: the part of a report that an entry keeps. */
export function notPassed(reports: readonly GateReport[]): readonly GateReport[] {
  return reports.filter(({ result }) => result !== "pass");
}

const nothing: JsonObject = {};

function report(gate: Gate, result: GateResult, input: GateInput): GateReport {
  const common = { gate: gate.name, kind: gate.kind, figures: result.figures ?? nothing };
  if (result.result === "pass") return { ...common, result: "pass", code: null, says: null, mend: null, until: null };
  const warns = gate.kind === "automatic" && input.actor === "person";
  const { code, says } = result;
  switch (result.result) {
    case "refuse": {
      const { mend, figures } = result;
      const people = gate.kind === "judgement" ? waivedBy(input, { gate: gate.name, code, figures }) : undefined;
      if (people !== undefined) {
        const waived = `${says} Waived by ${people.join(" and ")}.`;
        return { ...common, result: "warn", code, says: waived, mend, until: null, waivedBy: people };
      }
      return { ...common, result: warns ? "warn" : "refuse", code, says, mend, until: null };
    }
    case "wait":
      return { ...common, result: warns ? "warn" : "wait", code, says, mend: null, until: result.until };
    default:
      return unreachable(result, "gate result");
  }
}
