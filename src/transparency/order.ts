import { canonicalJson, parseCanonicalJson, type Json, type JsonObject } from "../values/json.ts";
import { utf8 } from "../values/octets.ts";
import { sha256, type Sha256 } from "../values/sha256.ts";
import { decodeEntry } from "./entry.ts";
import { isObject } from "./shape.ts";
import { leafHash } from "./tree.ts";
import { verifyInclusion } from "./verify-proof.ts";

/** The type of the entry without which nothing is sent (N1). */
export const intentType = "attempt-intended";

/** A write order and its proof, as the port `change-path` has them. `change` and `fences` are JSON. */
export interface OrderToCheck {
  readonly attempt: string;
  readonly sequence: number;
  readonly path: string;
  readonly change: { readonly provider: string; readonly zone: string } & object;
  readonly fences: readonly object[];
  readonly proof: {
    readonly installation: Sha256;
    readonly plan: string;
    readonly intent: Uint8Array;
    readonly inclusion: readonly Sha256[];
    readonly size: number;
    readonly root: Sha256;
  };
}

export type OrderRefusal =
  | "intent-malformed"
  | "intent-of-another-type"
  | "intent-not-in-the-journal"
  | "intent-of-another-order"
  | "plan-is-not-the-intended-one"
  | "plan-malformed"
  | "plan-of-another-installation"
  | "change-not-in-the-plan";

/**
 * Whether a write order is what the journal intends: pure, so that a change path checks it before it opens a credential.
 * The intent is an entry of type `attempt-intended` that stands in the tree of `size` and `root`; it names the plan by its hash
 * and this very attempt, path, change and fences; and the plan holds the change in one of its steps.
 * `undefined` when all of it holds, otherwise the first thing that does not.
 */
export function checkOrder(order: OrderToCheck): OrderRefusal | undefined {
  const { proof } = order;
  const intent = decodeEntry(proof.intent);
  if (intent === undefined) return "intent-malformed";
  if (intent.type !== intentType) return "intent-of-another-type";
  const leaf = leafHash(proof.intent);
  if (!verifyInclusion(leaf, intent.sequence, proof.size, proof.inclusion, proof.root))
    return "intent-not-in-the-journal";
  const { data } = intent;
  const sameOrder =
    intent.sequence === order.sequence &&
    data["attempt"] === order.attempt &&
    data["path"] === order.path &&
    data["provider"] === order.change.provider &&
    data["zone"] === order.change.zone &&
    sameJson(data["change"], order.change) &&
    sameJson(data["fences"], order.fences);
  if (!sameOrder) return "intent-of-another-order";
  if (data["planHash"] !== sha256(utf8(proof.plan))) return "plan-is-not-the-intended-one";
  return checkPlan(order);
}

function checkPlan({ proof, change }: OrderToCheck): OrderRefusal | undefined {
  const plan = parseCanonicalJson(proof.plan);
  if (!isJsonObject(plan)) return "plan-malformed";
  if (plan["installation"] !== proof.installation) return "plan-of-another-installation";
  const planned = listOf(plan["steps"]).some(
    (step) => isJsonObject(step) && listOf(step["changes"]).some((candidate) => sameJson(candidate, change)),
  );
  return planned ? undefined : "change-not-in-the-plan";
}

function sameJson(value: Json | undefined, given: unknown): boolean {
  return value !== undefined && isJson(given) && canonicalJson(value) === canonicalJson(given);
}

// What is given comes from a typed order; canonicalJson itself refuses what JSON cannot hold.
function isJson(value: unknown): value is Json {
  return value !== undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function isJsonObject(value: Json | undefined): value is JsonObject {
  return isObject(value);
}
