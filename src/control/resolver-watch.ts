import { steeredFor } from "../core/integrity/expected-of.ts";
import type { ResolverSurvey } from "../core/integrity/resolver-survey.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { ResolverSurveyor, ResolverSurveyRequest } from "../ports/resolver-survey.ts";
import type { DurationMs } from "../values/time.ts";
import { Rounds } from "./rounds.ts";

/** Who asks resolvers, from where, and how often. */
export interface ResolverLook {
  readonly surveyor: ResolverSurveyor;
  /** Of a view: who asks its resolvers from here. */
  readonly vantageOf: (view: string) => string;
  /** From the end of one round of a resolver to the beginning of the next. */
  readonly everyMs: DurationMs;
}

interface ResolverWatchParts extends ResolverLook {
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Log;
  readonly take: (survey: ResolverSurvey) => void;
}

/** Asks every resolver of the policy for the broken name, and for all that is steered in the view of its users. */
export function resolverWatch(parts: ResolverWatchParts): Rounds<ResolverSurveyRequest, ResolverSurvey> {
  const { surveyor, vantageOf, policy } = parts;
  const brokenName = policy.brokenName ?? null;
  return new Rounds<ResolverSurveyRequest, ResolverSurvey>({
    ...parts,
    targets: Array.from(policy.resolvers?.values() ?? [], (resolver) => ({
      resolver,
      vantage: vantageOf(resolver.view),
      brokenName,
      watched: steeredFor(policy, resolver.view),
    })),
    firstSpacingMs: "at-once",
    look: (request, signal) => surveyor.survey(request, signal),
    about: ({ resolver }) => ({ resolver: resolver.id }),
  });
}
