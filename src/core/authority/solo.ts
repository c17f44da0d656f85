import { own } from "../../values/own.ts";
import { add, day, minute, type Instant } from "../../values/time.ts";
import type { Facts } from "../cycle/facts.ts";
import type { World } from "../cycle/world.ts";
import type { Failover } from "../failover/state.ts";
import { activeSites } from "../plan/placement.ts";
import type { Policy } from "../policy/policy.ts";
import { deferred, elapsedOf } from "./clock-steps.ts";
import { leadsTo } from "./emergency.ts";
import { wordStands } from "./live.ts";
import type { Word } from "./word.ts";

/** In which anyone who may veto can, before one person alone moves traffic. */
const soloWaitMs = 5 * minute;
/** One person moves alone once in this time. */
const soloEveryMs = day;
/** What a statement names as its delegation when one person acts alone. */
export const soloCapacity = "solo";

export type SoloStanding =
  /** Nobody acts alone here. */
  | { readonly state: "none" }
  /** It may be carried out, by one person: `single-person` wherever it is shown. */
  | { readonly state: "stands"; readonly word: Word }
  | { readonly state: "waits"; readonly word: Word; readonly until: Instant }
  | { readonly state: "refused"; readonly code: SoloFault; readonly says: string };

type SoloFault = "solo-full-scope" | "solo-other-target" | "solo-target-unproven" | "solo-spent";

/** What one person's move alone is judged by. `facts` left out: nothing is proven, and it does not stand. */
export interface SoloGround {
  readonly world: World;
  readonly policy: Policy;
  readonly failover: Failover;
  readonly now: Instant;
  readonly facts?: Pick<Facts, "health">;
}

/**
 * Whether the one person whom the policy names may move this alone: to a named target that is proven, never the full scope,
 * once a day, five minutes after their word. A veto of anybody who may ends it as it ends any other.
 */
export function soloStanding(ground: SoloGround): SoloStanding {
  const { world, failover, now } = ground;
  const word = failover.words.find((one) => one.under?.kind === "solo" && wordStands(world, one, now));
  if (word === undefined) return { state: "none" };
  const fault = soloFault(ground, word);
  if (fault !== undefined) return { state: "refused", ...fault };
  const until = deferred(world, word.at, add(word.at, soloWaitMs));
  return now < until ? { state: "waits", word, until } : { state: "stands", word };
}

function soloFault(
  { world, policy, failover, now, facts }: SoloGround,
  { person }: Word,
): { readonly code: SoloFault; readonly says: string } | undefined {
  const { plan } = failover;
  // Both policies: the one that the plan was made under, and the one in force.
  const adopted = [policy, world.policy].every(({ authority }) =>
    authority.solo.some(
      (rule) => rule.person === person && rule.service === plan.service && leadsTo(plan, rule.targets),
    ),
  );
  if (!adopted) return { code: "solo-other-target", says: `${person} alone may not move ${plan.service} there.` };
  if (plan.scope === "full")
    return { code: "solo-full-scope", says: `${failover.id} moves all of ${plan.service}, which nobody does alone.` };
  const unproven = activeSites(plan.placement.after).find(
    ({ site }) => facts === undefined || own(facts.health.sites, site)?.ready.state !== "passed",
  );
  if (unproven !== undefined)
    return {
      code: "solo-target-unproven",
      says: `${unproven.site} is not proven ready, and nobody moves there alone.`,
    };
  const earlier = [...world.authority.reviews.values()].find(
    ({ kind, subject, tookPart, openedAt }) =>
      kind === "solo" &&
      subject !== failover.id &&
      tookPart.includes(person) &&
      elapsedOf(world, openedAt, now) < soloEveryMs,
  );
  if (earlier === undefined) return undefined;
  return { code: "solo-spent", says: `${person} moved ${earlier.subject} alone less than a day ago.` };
}
