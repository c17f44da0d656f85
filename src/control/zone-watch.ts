import { surveyTargets } from "../core/integrity/expected-of.ts";
import type { ZoneSurvey } from "../core/integrity/survey.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { SurveyRequest, ZoneSurveyor } from "../ports/zone-survey.ts";
import type { DurationMs } from "../values/time.ts";
import { Rounds } from "./rounds.ts";

/** Who looks at zones, from where, and how often. */
export interface ZoneLook {
  readonly surveyor: ZoneSurveyor;
  /** Of a view: who looks at it from here. */
  readonly vantagesOf: (view: string) => readonly string[];
  /** From the end of one survey of a zone by a vantage to the beginning of the next. */
  readonly everyMs: DurationMs;
}

interface ZoneWatchParts extends ZoneLook {
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Log;
  readonly take: (survey: ZoneSurvey) => void;
}

/** Looks at every zone of the policy, in each of its views, from each vantage that looks at that view from here. */
export function zoneWatch(parts: ZoneWatchParts): Rounds<SurveyRequest, ZoneSurvey> {
  const { surveyor, vantagesOf, policy } = parts;
  return new Rounds<SurveyRequest, ZoneSurvey>({
    ...parts,
    targets: surveyTargets(policy).flatMap((target) =>
      vantagesOf(target.view).map((vantage) => Object.assign({ vantage }, target)),
    ),
    firstSpacingMs: 50,
    look: (request, signal) => surveyor.survey(request, signal),
    about: ({ zone, view, vantage }) => ({ zone, view, vantage }),
  });
}
