import type { CycleFunctions } from "../control/parts.ts";
import { decide } from "../core/cycle/decide/index.ts";
import { explain } from "../core/cycle/explain.ts";
import { decideFleet } from "../core/cycle/fleet.ts";
import { nextActions } from "../core/cycle/next-actions.ts";
import { preview } from "../core/cycle/preview.ts";
import { evolve } from "../core/failover/evolve.ts";
import { createHealth } from "../core/health/health-book.ts";
import { createIntegrity } from "../core/integrity/integrity-book.ts";
import { probeTargets } from "../core/policy/targets.ts";

/** Number of the decision rules; it grows with each change that lets the same facts be decided differently. */
const rules = 1;

/** The core, put together. `vantagesHere` run on this host: outside of a lab they are one voice. */
export function coreCycle(vantagesHere: readonly string[]): CycleFunctions {
  return {
    rules,
    decide,
    evolve,
    nextActions,
    decideFleet,
    explain,
    preview,
    health: (policy) => createHealth(policy, probeTargets(policy), { sameHostVantages: vantagesHere }),
    integrity: createIntegrity,
  };
}
