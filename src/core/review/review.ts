import type { Finding } from "../policy/finding.ts";
import type { Policy } from "../policy/policy.ts";
import type { Instant } from "../../values/time.ts";
import { sharedFate } from "./shared-fate.ts";
import { whatHasPassed } from "./time.ts";

/** What is wrong with a valid policy at an instant: warnings, since none of it makes a move wrong by itself. */
export function reviewPolicy(policy: Policy, now: Instant): readonly Finding[] {
  return [...whatHasPassed(policy, now), ...sharedFate(policy)];
}
