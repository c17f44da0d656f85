import { invariant } from "../../values/invariant.ts";
import type { Instant } from "../../values/time.ts";
import { sameRRset, type RRset } from "../plan/rrset.ts";
import { earlierMax, type ServiceState } from "./state.ts";

/** A change of what should stand; what stood before is remembered, so that a tool that puts it back is named. */
export function withBaseline(
  state: ServiceState,
  changes: readonly (readonly [string, RRset | "absent"])[],
  at: Instant,
): Pick<ServiceState, "baseline" | "earlier" | "baselineAt"> {
  const baseline = new Map(state.baseline);
  const earlier = new Map(state.earlier);
  for (const [record, rrset] of changes) {
    const before = baseline.get(record);
    if (before !== undefined && !sameRRset(before, rrset)) {
      const kept = (earlier.get(record) ?? []).filter((one) => !sameRRset(one, before));
      earlier.set(record, [...kept, before].slice(-earlierMax));
    }
    baseline.set(record, rrset);
  }
  return { baseline, earlier, baselineAt: at };
}

/** Changes what is known of a band, the failback or the rollback; it begins armed and held by nothing. */
export function withInitiative(
  state: ServiceState,
  name: string | null,
  change: { readonly codes?: readonly string[]; readonly armed?: boolean },
): ServiceState {
  if (name === null) return state;
  invariant(name !== "", "an initiative has a name");
  const known = state.initiatives.get(name) ?? { codes: [], armed: true };
  return { ...state, initiatives: new Map([...state.initiatives, [name, { ...known, ...change }]]) };
}

/** The map without one of its keys. */
export function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  return new Map([...map].filter(([one]) => one !== key));
}
