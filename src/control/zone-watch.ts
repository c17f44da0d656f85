import { surveyTargets, type SurveyTarget } from "../core/integrity/expected-of.ts";
import type { ZoneSurvey } from "../core/integrity/survey.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { ZoneSurveyor } from "../ports/zone-survey.ts";
import type { DurationMs } from "../values/time.ts";
import { Rounds } from "./rounds.ts";

/** Who looks at zones, from where, and how often. */
export interface ZoneLook {
  readonly surveyor: ZoneSurveyor;
  readonly vantage: string;
  /** From the end of one survey of a zone to the beginning of the next. */
  readonly everyMs: DurationMs;
}

interface ZoneWatchParts extends ZoneLook {
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Log;
  readonly take: (survey: ZoneSurvey) => void;
}

/** Looks at every zone of the policy. */
export function zoneWatch(parts: ZoneWatchParts): Rounds<SurveyTarget, ZoneSurvey> {
  const { surveyor, vantage, policy } = parts;
  return new Rounds({
    ...parts,
    targets: surveyTargets(policy),
    firstSpacingMs: 50,
    look: (target, signal) => surveyor.survey({ ...target, vantage }, signal),
    about: ({ zone }) => ({ zone }),
  });
}
