import type { JsonObject } from "../../values/json.ts";
import type { Instant } from "../../values/time.ts";
import type { Facts } from "../cycle/facts.ts";
import type { World } from "../cycle/world.ts";
import type { Failover, ServiceState } from "../failover/state.ts";
import type { Plan } from "../plan/plan.ts";
import type { Band, Policy, Service } from "../policy/policy.ts";

/**
 * `absolute`: nobody passes, ever. `automatic`: stops the automation, warns people. `judgement`: stops all; people pass
 * it with signed waivers that name its figures.
 */
type GateKind = "absolute" | "automatic" | "judgement";
export type Stage = "propose" | "authorise" | "execute" | "close";

export type GateResult =
  | { readonly result: "pass"; readonly figures?: JsonObject }
  | {
      readonly result: "refuse";
      readonly code: string;
      readonly says: string;
      readonly figures: JsonObject;
      readonly mend: string;
    }
  | {
      readonly result: "wait";
      readonly code: string;
      readonly says: string;
      readonly until: Instant;
      readonly figures: JsonObject;
    };

/** All that a gate may look at. */
export interface GateInput {
  readonly stage: Stage;
  /** Whether no person stands behind this move: then automatic gates stop it. */
  readonly actor: "automation" | "person";
  readonly plan: Plan;
  readonly band: Band | null;
  /** The failover being gated; null while it is only proposed. */
  readonly failover: Failover | null;
  readonly policy: Policy;
  readonly service: Service;
  readonly state: ServiceState;
  readonly world: World;
  readonly facts: Facts;
  readonly now: Instant;
}

export interface Gate {
  readonly name: string;
  readonly kind: GateKind;
  readonly check: (input: GateInput) => GateResult;
}

/** One line of what the gates said, as it stands in entries and on every status. JSON. */
export interface GateReport {
  readonly gate: string;
  readonly kind: GateKind;
  /** `warn`: an automatic gate that refuses, on a person's move; or a judgement gate that people waived. */
  readonly result: "pass" | "warn" | "refuse" | "wait";
  readonly code: string | null;
  readonly says: string | null;
  readonly mend: string | null;
  readonly until: Instant | null;
  readonly figures: JsonObject;
  /** People who waived it, with these very figures; left out: nobody did. */
  readonly waivedBy?: readonly string[];
}

export const pass: GateResult = { result: "pass" };

/** A refusal: its code, a sentence with figures, and what mends it. */
export function refuse(code: string, says: string, figures: JsonObject, mend: string): GateResult {
  return { result: "refuse", code, says, figures, mend };
}

/** Not now, but at a known time. */
export function wait(code: string, says: string, until: Instant, figures: JsonObject): GateResult {
  return { result: "wait", code, says, until, figures };
}
