import { askedOf, type AskedDuty } from "../../authority/rules.ts";
import type { ServiceState } from "../../failover/state.ts";
import { flappingChanges } from "../../gates/not-flapping.ts";
import { activeSites, applyMove, moveKey, samePlacement } from "../../plan/placement.ts";
import type { Placement } from "../../plan/plan.ts";
import { dutyText } from "../../policy/difference/duties.ts";
import { helpersOf } from "../../policy/fillers.ts";
import type { Band, DutyRule, Policy, Service } from "../../policy/policy.ts";
import { add, formatDuration, formatInstant, since, type Instant } from "../../../values/time.ts";
import { sitesText } from "./beside.ts";

/** Recorded times are taken as they stand. */
const evenTime = { authority: { clockSteps: [] } };

/** What the proposed policy would have done at one moment. */
export type Ruling =
  | { readonly outcome: "moves"; readonly says: string }
  | { readonly outcome: "waits"; readonly says: string; readonly waitsFor: readonly string[] }
  /** `again`: it is looked at once more then, if the signal still holds. */
  | { readonly outcome: "held"; readonly code: string; readonly says: string; readonly again: Instant | null }
  /** The move would have changed nothing, or does not fit what stood. */
  | { readonly outcome: "no-move"; readonly says: string }
  | { readonly outcome: "unknown"; readonly says: string };

/** A moment of the recorded history, and the moves by itself that the replay came to before. */
export interface Situation {
  readonly policy: Policy;
  readonly service: Service;
  readonly band: Band;
  readonly state: ServiceState;
  /** Where the service stood, as far as its journal and people's moves say; null: not known. */
  readonly placement: Placement | null;
  readonly allStopped: boolean;
  readonly now: Instant;
  readonly moves: readonly { readonly band: string; readonly at: Instant }[];
}

export function rulingOf(situation: Situation): Ruling {
  const { placement, service, band } = situation;
  if (placement === null)
    return { outcome: "unknown", says: "What stood is not known: no baseline was established yet." };
  const moved = applyMove(placement, band.move, service);
  if (!moved.ok) return { outcome: "no-move", says: moved.refusal.says };
  if (samePlacement(moved.placement, placement))
    return { outcome: "no-move", says: `It stood at ${sitesText(placement)} already.` };
  const heldBack = held(situation, moved.placement);
  if (heldBack !== undefined) return heldBack;
  if (band.authority === "approve") return waits(situation, placement, moved.placement);
  return (
    heldAsAutomatic(situation) ?? {
      outcome: "moves",
      says: `It moves by itself from ${sitesText(placement)} to ${sitesText(moved.placement)}.`,
    }
  );
}

function waits({ policy, service }: Situation, before: Placement, after: Placement): Ruling {
  const asked = askedOf(policy, {
    plan: { service: service.id, purpose: "failover", placement: { before, after } },
    needs: "approve",
    by: { kind: "controller" },
  });
  const waitsFor = asked.map((one) => askedText(one, policy));
  return {
    outcome: "waits",
    says: `It waits for ${waitsFor.join("; ")} to move from ${sitesText(before)} to ${sitesText(after)}.`,
    waitsFor,
  };
}

/** `approve by a service-owner (ana)`: the duty in the words of its rule, with those who can help to fill it. */
function askedText({ duty, rule, because }: AskedDuty, { people }: Policy): string {
  const what = because === null ? duty : `the sign-off for ${because}`;
  if (rule === null) return `${what}, which is nobody's`;
  const who = helpersOf([...people.values()], rule).map(({ id }) => id);
  return `${what} by ${dutyText(writtenOf(rule))} (${who.length === 0 ? "nobody" : who.join(", ")})`;
}

/** The rule as a document has it. */
function writtenOf(rule: DutyRule): Parameters<typeof dutyText>[0] {
  return rule.kind === "number" ? { n: rule.people, groups: rule.groups } : { [rule.kind]: rule.roles };
}

/** What holds the automation and people alike, as far as the journal and the policy alone say it. */
function held({ state, service, band, allStopped, now }: Situation, after: Placement): Ruling | undefined {
  const frozen = service.frozen.find(({ from, until }) => from <= now && now < until);
  const barred = activeSites(after).find(({ site }) => state.barred.has(site));
  if (band.expiresAt !== null && now >= band.expiresAt)
    return hold("band-expired", `The band expires at ${formatInstant(band.expiresAt)}.`);
  if (frozen !== undefined) return hold("frozen", `The service is frozen: ${frozen.reason}.`, frozen.until);
  if (allStopped || state.stopped !== null) return hold("stopped", "A person had stopped it.");
  if (state.handedOver !== null) return hold("handed-over", `${state.handedOver.by.person} had taken it over.`);
  if (barred !== undefined) return hold("site-barred", `${barred.site} was barred.`);
  const veto = state.vetoes.find(({ move, until }) => move === moveKey(after) && now < until);
  return veto === undefined ? undefined : hold("vetoed", `${veto.by.id} had vetoed that move.`, veto.until);
}

/** Flapping, hold-down and the budget, by the proposed policy: the moves of the replay count, and not those of history. */
function heldAsAutomatic({ state, service, band, moves, now }: Situation): Ruling | undefined {
  const changes = flappingChanges(evenTime, state, service, now);
  const { flapping, holdDownMs } = service;
  if (changes > flapping.changes)
    return hold("flapping", `${changes} changes between up and down within ${formatDuration(flapping.perMs)}.`);
  const counted = moves.filter(({ at }) => at >= state.resumedAt);
  const { budget } = band;
  if (budget !== null) {
    const used = counted.filter((move) => move.band === band.name && since(move.at, now) < budget.perMs).length;
    if (used >= budget.moves)
      return hold(
        "budget-spent",
        `The band has used ${used} of its ${budget.moves} moves per ${formatDuration(budget.perMs)}.`,
      );
  }
  const last = counted.at(-1);
  const until = last === undefined ? now : add(last.at, holdDownMs);
  if (now >= until) return undefined;
  return hold("hold-down", `The move before is held down until ${formatInstant(until)}.`, until);
}

function hold(code: string, says: string, again: Instant | null = null): Ruling {
  return { outcome: "held", code, says, again };
}
