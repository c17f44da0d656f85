import { liveWords } from "../authority/duties.ts";
import { fillsAlone } from "../authority/fills.ts";
import { ruleOf } from "../authority/rules.ts";
import { separated } from "../authority/separation.ts";
import { asJson, type JsonObject } from "../../values/json.ts";
import { sha256OfJson } from "../../values/sha256.ts";
import type { GateInput } from "./gate.ts";

/**
 * People whose live waivers cover a judgement gate's refusal, with these very figures; undefined while too few do. Never
 * for what the automation does on its own (N4, N13).
 */
export function waivedBy(
  { actor, failover, policy, world, now }: GateInput,
  refusal: { readonly gate: string; readonly code: string; readonly figures: JsonObject },
): readonly string[] | undefined {
  if (actor !== "person" || failover === null || failover.waivers.length === 0) return undefined;
  const figures = sha256OfJson(asJson(refusal.figures));
  const counted = { words: separated(policy, failover).words };
  const live = new Set(liveWords(world, counted, now).map(({ statement }) => statement));
  const covering = failover.waivers.filter(
    ({ statement, gates }) =>
      live.has(statement) &&
      gates.some((one) => one.gate === refusal.gate && one.code === refusal.code && one.figures === figures),
  );
  const rule = ruleOf(policy, "waive");
  return rule !== undefined && fillsAlone(rule, covering)
    ? [...new Set(covering.map(({ person }) => person))]
    : undefined;
}
