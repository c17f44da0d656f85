import { add, hour, type Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import type { Policy } from "../policy/policy.ts";
import { gainersOf, meaningFor } from "./policy-thresholds.ts";
import type { PolicyProposal } from "./state.ts";

/** Widening is never adopted sooner, whatever the policy says. */
const wideningWaitMsMin = hour;

/** What a policy would be proposed as. */
export function proposalOf(world: World, after: Policy, now: Instant): PolicyProposal {
  const meaning = meaningFor(world, after, now);
  const waits = meaning.class === "widening" ? Math.max(wideningWaitMsMin, world.policy.authority.wideningWaitMs) : 0;
  return {
    policy: after.hash,
    version: after.version,
    before: world.policy.hash,
    class: meaning.class,
    says: meaning.differences.map(({ says }) => says).slice(0, saysMax),
    proposedAt: now,
    notBefore: add(now, waits),
    gainers: gainersOf(world, meaning, after, now),
    words: [],
    objections: [],
  };
}

/** Sentences that an entry has room for; the policies themselves have the rest. */
const saysMax = 200;
