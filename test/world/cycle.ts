import type { CycleFunctions } from "../../src/control/parts.ts";
import { decide } from "../../src/core/cycle/decide/index.ts";
import { explain } from "../../src/core/cycle/explain.ts";
import { decideFleet } from "../../src/core/cycle/fleet.ts";
import { nextActions } from "../../src/core/cycle/next-actions.ts";
import { preview } from "../../src/core/cycle/preview.ts";
import { evolve } from "../../src/core/failover/evolve.ts";
import { createHealth } from "../../src/core/health/health-book.ts";
import { createIntegrity } from "../../src/core/integrity/integrity-book.ts";
import { targetsOf } from "./policy.ts";

/** The real core, as the wiring gives it to the controller. */
export const simulatedCycle: CycleFunctions = {
  rules: 1,
  decide,
  evolve,
  nextActions,
  decideFleet,
  explain,
  preview,
  health: (policy) => createHealth(policy, targetsOf(policy), { sameHostVantages: [] }),
  integrity: createIntegrity,
};
