import type { AttemptResult } from "../../core/cycle/service-command.ts";
import type { WriteOrder, WriteOutcome } from "../../ports/change-path.ts";
import type { EffectHandler } from "../../ports/effects.ts";
import { endpointsOf, providerOf } from "../nameservers.ts";
import { openAttempt } from "../orders.ts";
import { type EffectContext, policyOf } from "./context.ts";

/**
 * Carries out an attempt, once. What was decided since its intent counts, though it may not be durable yet: after a stop
 * or a veto nothing is sent. Whatever breaks while sending is unknown, never failed.
 */
export function writeEffect(context: EffectContext): EffectHandler<"write"> {
  return {
    async run({ data: { service, attempt } }, lost) {
      return { kind: "attempt-result", attempt, outcome: await carryOut(context, service, attempt, lost) };
    },
  };
}

async function carryOut(
  context: EffectContext,
  service: string,
  attempt: string,
  lost: AbortSignal,
): Promise<AttemptResult> {
  const order = context.sequencer.orderFor(attempt);
  const unwanted = lost.aborted ? "controller-stopping" : unwantedBecause(context, service, attempt);
  if (order === undefined) return { outcome: "not-sent", code: "no-durable-intent" };
  if (unwanted !== undefined) return { outcome: "not-sent", code: unwanted };
  const path = context.paths.find((each) => each.provider === order.change.provider && each.path === order.path);
  if (path === undefined) return { outcome: "not-sent", code: "no-such-path" };
  const outcome = await path
    .write(order, lost)
    .catch((): WriteOutcome => ({ outcome: "unknown", code: "path-broke", lateUntil: "never-known" }));
  if (outcome.outcome === "applied") tellSecondaries(context, service, order);
  return resultOf(outcome);
}

/** Why an attempt must not be sent any more, by what is decided, durable or not; `undefined`: it may. */
function unwantedBecause({ sequencer }: EffectContext, service: string, attempt: string): string | undefined {
  const state = sequencer.head.services.get(service);
  if (sequencer.head.stopped !== null || state === undefined || state.stopped !== null) return "stopped";
  return openAttempt(state, attempt) === undefined ? "no-longer-wanted" : undefined;
}

/** A primary tells its secondaries a little later; the policy may have us do it at once. */
function tellSecondaries({ sequencer, notices }: EffectContext, service: string, { change }: WriteOrder): void {
  const state = sequencer.durable.services.get(service);
  const policy = state === undefined ? sequencer.durable.policy : policyOf(sequencer.durable, state);
  const provider = providerOf(policy, change.provider);
  notices.tell(provider, change.zone, endpointsOf(provider));
}

function resultOf(outcome: WriteOutcome): AttemptResult {
  if (outcome.outcome !== "unknown") return outcome;
  const { code, lateUntil } = outcome;
  return { outcome: "unknown", code, lateUntil: lateUntil === "never-known" ? null : lateUntil };
}
