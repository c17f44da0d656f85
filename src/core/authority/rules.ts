import { isNonEmpty } from "../../values/non-empty.ts";
import type { Sender } from "../cycle/command.ts";
import type { Failover } from "../failover/state.ts";
import type { Plan } from "../plan/plan.ts";
import type { Duty, DutyRule, PlanEffect, Policy } from "../policy/policy.ts";
import { automationRole } from "../policy/fillers.ts";
import { effectsOf } from "./effects.ts";

/** Unless the policy says otherwise (design §3). */
const waiveRule: DutyRule = { kind: "number", people: 2, groups: 2 };

/** One thing that a failover asks of people. `rule` null: the policy gives the duty to nobody. */
export interface AskedDuty {
  readonly duty: Duty;
  readonly rule: DutyRule | null;
  /** The effect that asks for it as a sign-off: a word for `approve` in one of its roles. Null: the duty itself. */
  readonly because: PlanEffect | null;
}

/** The part of a failover that decides what it asks of people. */
interface Asking extends Pick<Failover, "needs"> {
  readonly plan: Pick<Plan, "service" | "purpose" | "placement">;
  readonly by: Pick<Sender, "kind">;
}

/** Who fills a duty by the policy; undefined: it has no rule for it. */
export function ruleOf(policy: Policy, duty: Duty): DutyRule | undefined {
  return policy.authority.duties.get(duty) ?? (duty === "waive" ? waiveRule : undefined);
}

/**
 * All that a failover asks of people, by the policy of its proposal. What a band pre-authorises asks nothing. `validate`
 * and `execute` are asked where the policy has a rule, and `execute` is the automation's where the rule names it. A way
 * back for which the policy has no rule is approved like the way there.
 */
export function askedOf(policy: Policy, failover: Asking): readonly AskedDuty[] {
  if (failover.needs === "nothing") return [];
  const duties = dutiesFor(policy, failover);
  const asked = duties.flatMap((duty): readonly AskedDuty[] => {
    const rule = ruleOf(policy, duty) ?? null;
    if (rule === null) return mayLack.has(duty) ? [] : [{ duty, rule, because: null }];
    const ofPeople = duty === "execute" ? withoutAutomation(rule) : rule;
    return ofPeople === undefined ? [] : [{ duty, rule: ofPeople, because: null }];
  });
  return duties.includes("approve") ? [...asked, ...signOffs(policy, failover)] : asked;
}

const mayLack: ReadonlySet<Duty> = new Set(["declare", "validate", "execute"]);

function dutiesFor(policy: Policy, { plan, needs, by }: Asking): readonly Duty[] {
  if (plan.purpose === "contain") return ["contain", "execute"];
  if (needs === "reverse" && ruleOf(policy, "reverse") !== undefined) return ["reverse", "execute"];
  const isDeclared = needs === "approve" && by.kind !== "controller" && by.kind !== "automation";
  return [...(isDeclared ? (["declare"] as const) : []), "validate", "approve", "execute"];
}

function signOffs(policy: Policy, { plan }: Pick<Asking, "plan">): readonly AskedDuty[] {
  const effects = effectsOf(plan, policy);
  return policy.authority.signOffs
    .filter(({ when }) => effects.includes(when))
    .map(({ when, roles }) => ({ duty: "approve", rule: { kind: "any", roles }, because: when }));
}

/** What is left for people; undefined: the automation fills it. */
function withoutAutomation(rule: DutyRule): DutyRule | undefined {
  if (rule.kind === "number" || !rule.roles.includes(automationRole)) return rule;
  const roles = rule.roles.filter((role) => role !== automationRole);
  return rule.kind === "all" && isNonEmpty(roles) ? { kind: "all", roles } : undefined;
}
