import type { Epoch } from "../../values/ids.ts";
import type { Refusal } from "../../values/refusal.ts";
import type { Instant } from "../../values/time.ts";
import { peopleFor } from "../authority/people.ts";
import type { ServiceState } from "../failover/state.ts";
import { makePlan } from "../plan/make-plan.ts";
import { planHash } from "../plan/plan.ts";
import { manualSteps, planSays } from "../plan/says.ts";
import { proposalEvents } from "./advance/propose.ts";
import { declaredRequest } from "./decide/people.ts";
import { openAfter } from "./decide/propose-for.ts";
import type { Preview } from "./explanation.ts";
import type { Facts } from "./facts.ts";
import { gatesForPlan, missingOf, momentOf } from "./moment.ts";
import type { DeclaredMove } from "./service-command.ts";
import type { World } from "./world.ts";

export type Previewed =
  { readonly ok: true; readonly preview: Preview } | { readonly ok: false; readonly refusal: Refusal };

/** What a person's move would change, and what the gates say of it; nothing is done. */
export function preview(
  state: ServiceState,
  world: World,
  facts: Facts,
  now: Instant,
  epoch: Epoch,
  move: DeclaredMove,
): Previewed {
  const moment = momentOf(state, world, facts, now, epoch);
  if (moment === undefined) return noSuchService(state.service);
  const declared = declaredRequest(moment, move);
  if (!declared.ok) return { ok: false, refusal: declared.refusal };
  const planned = makePlan(declared.request, moment);
  if (!planned.ok) return planned;
  const { plan } = planned;
  const { needs } = declared;
  const gates = gatesForPlan(moment, plan, null, "person");
  // As it would be once it is proposed, before anybody has signed.
  const open = openAfter(moment, proposalEvents(moment, plan, { name: null, needs, signalAt: null }, gates));
  return {
    ok: true,
    preview: {
      plan,
      planHash: planHash(plan),
      says: planSays(plan),
      manual: manualSteps(plan),
      needs,
      whoCanAct: needs === "nothing" ? [] : peopleFor(moment.policy, needs),
      missing: missingOf(moment, open),
      gates,
    },
  };
}

function noSuchService(service: string): Previewed {
  const says = `The policy in force has no service ${service}.`;
  return { ok: false, refusal: { code: "no-such-service", says, figures: { service }, mend: "See pointsman status." } };
}
