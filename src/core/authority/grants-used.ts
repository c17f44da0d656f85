import type { Failover, ServiceState } from "../failover/state.ts";
import type { BreakGlass } from "./state.ts";

/** Break-glass grants that words of a failover rest on. */
export function grantsOf({ words }: Pick<Failover, "words">): readonly string[] {
  return [...new Set(words.flatMap(({ under }) => (under?.kind === "break-glass" ? [under.id] : [])))];
}

/** Failovers other than `but` that were carried out under a grant, by the service's own stream as well: it is ahead. */
export function movesUnder(state: ServiceState, grant: BreakGlass, but: string): number {
  const here = state.grantsUsed.filter((used) => used.grant === grant.id).map(({ failover }) => failover);
  return [...new Set([...grant.used, ...here])].filter((failover) => failover !== but).length;
}
