import type { ServiceEvent } from "../failover/event.ts";
import type { ServiceState } from "../failover/state.ts";
import type { World } from "../cycle/world.ts";
import { automationRole } from "../policy/fillers.ts";
import { canonicalJson } from "../../values/json.ts";
import type { Refusal } from "../../values/refusal.ts";
import { refusal } from "./refusals.ts";

/**
 * Why the automation may not act with the key of this fingerprint: it is not the one that the journal's first entry names.
 * `undefined`: it may. A controller without a key (null), and a journal that names none, sign nothing and check nothing.
 */
export function automationKeyRefusal(
  { authority }: Pick<World, "authority">,
  fingerprint: string | null,
): Refusal | undefined {
  const { automation } = authority;
  if (automation === null || fingerprint === null || automation.fingerprint === fingerprint) return undefined;
  return refusal(
    "automation-key-differs",
    `The automation's key is ${fingerprint}, and the journal's first entry names ${automation.fingerprint}: the automation holds, and people can move.`,
    { expected: automation.fingerprint, found: fingerprint },
    "Restore automation.key in the data folder from its backup, and start the controller again.",
  );
}

/**
 * What the automation's key signs of an event, as canonical JSON: what it proposes by itself, and the attempts that rest on
 * it. `undefined`: the event is not the automation's.
 */
export function automationClaim(
  world: Pick<World, "installation" | "policies">,
  state: ServiceState,
  event: ServiceEvent,
): string | undefined {
  if (event.type !== "failover-proposed" && event.type !== "attempt-intended") return undefined;
  const its = event.type === "failover-proposed" ? event.initiative !== null : isExecuting(world, state, event);
  if (!its) return undefined;
  const { type, failover, planHash } = event;
  const attempt = event.type === "attempt-intended" ? event.attempt : null;
  return canonicalJson({ installation: world.installation, type, failover, planHash, attempt });
}

/** A band's or a criterion's attempt is its own; a people's one, where the policy of the plan lets it execute. */
function isExecuting(
  { policies }: Pick<World, "policies">,
  { failover }: ServiceState,
  { authority }: Extract<ServiceEvent, { type: "attempt-intended" }>,
): boolean {
  if (authority.kind !== "people") return true;
  const policy = failover === null ? undefined : policies.get(failover.plan.policy);
  const rule = policy?.authority.duties.get("execute");
  return rule !== undefined && rule.kind !== "number" && rule.roles.includes(automationRole);
}
