import { formatDuration } from "../../values/time.ts";
import { elapsedOf } from "../authority/clock-steps.ts";
import { pass, refuse, type Gate, type GateInput } from "./gate.ts";

/** N6: a band moves no more often than was agreed. */
export const budgetLeft: Gate = {
  name: "budget-left",
  kind: "automatic",
  check(input) {
    const { band, plan } = input;
    if (band === null || band.budget === null || plan.purpose === "rollback") return pass;
    const used = movesUsed(input);
    if (used < band.budget.moves) return pass;
    return refuse(
      "budget-spent",
      `Band ${band.name} has used ${used} of its ${band.budget.moves} moves per ${formatDuration(band.budget.perMs)}.`,
      { used, allowed: band.budget.moves, perMs: band.budget.perMs },
      `Move by hand (pointsman move), or let automation go on: pointsman resume ${plan.service}`,
    );
  },
};

/** Moves that the band has made, or has under way, within its time and since automation was last resumed. */
function movesUsed({ band, state, world, now, plan }: GateInput): number {
  if (band === null || band.budget === null) return 0;
  const perMs = band.budget.perMs;
  const names = new Set([band.name, `restore-${band.name}`]);
  const ended = state.ended.filter(
    ({ initiative, automatic, times }) =>
      automatic &&
      names.has(initiative ?? "") &&
      times.intended !== null &&
      times.intended >= state.resumedAt &&
      elapsedOf(world, times.intended, now) < perMs,
  ).length;
  const open = state.failover;
  return open !== null && open.id !== plan.failover && names.has(open.initiative ?? "") && open.times.intended !== null
    ? ended + 1
    : ended;
}
