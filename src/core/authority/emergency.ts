import type { Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import type { Failover } from "../failover/state.ts";
import { activeSites, sitesAdded } from "../plan/placement.ts";
import type { Plan } from "../plan/plan.ts";
import type { Duty } from "../policy/policy.ts";
import { grantStands, wordStands } from "./live.ts";
import type { BreakGlass } from "./state.ts";

/** Duties that a granted emergency fills: who decides. What is checked stays: gates, their waivers, vetoes (N13). */
export const emergencyDuties: ReadonlySet<Duty> = new Set(["declare", "validate", "approve", "execute", "reverse"]);

/**
 * The granted emergency under which a failover stands: one of its signers has used it by a word for this very plan, and it
 * binds the plan, or its service and every site that the move leads to. Undefined: none.
 */
export function grantOf(world: World, failover: Failover, now: Instant): BreakGlass | undefined {
  for (const word of failover.words) {
    if (word.under?.kind !== "break-glass" || !wordStands(world, word, now)) continue;
    const grant = world.authority.grants.get(word.under.id);
    if (grant !== undefined && grantStands(world, grant, now) && grantBinds(grant, failover)) return grant;
  }
  return undefined;
}

/** Whether the emergency is for this plan, and has a move left or is already used for this failover. */
export function grantBinds(
  grant: BreakGlass,
  { id, plan, planHash }: Pick<Failover, "id" | "plan" | "planHash">,
): boolean {
  const { service, plan: bound, targets, moves, used } = grant;
  const left = used.includes(id) || new Set(used).size < moves;
  return left && service === plan.service && (bound === null || bound === planHash) && leadsTo(plan, targets);
}

/** Whether a move leads to these sites alone: those it brings in, or, where it brings in none, those that stay. */
export function leadsTo({ placement: { before, after } }: Plan, targets: readonly string[]): boolean {
  const added = sitesAdded(before, after);
  const sites = added.length > 0 ? added : activeSites(after).map(({ site }) => site);
  return sites.every((site) => targets.includes(site));
}
