import { surveyTargets, type SurveyTarget } from "../core/integrity/expected-of.ts";
import type { ZoneSurvey } from "../core/integrity/survey.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { ZoneSurveyor } from "../ports/zone-survey.ts";
import type { DurationMs } from "../values/time.ts";
import { pause } from "./pause.ts";

/** Who looks at zones, from where, and how often. */
export interface ZoneLook {
  readonly surveyor: ZoneSurveyor;
  readonly vantage: string;
  /** From the end of one survey of a zone to the beginning of the next. */
  readonly everyMs: DurationMs;
}

export interface ZoneWatchParts extends ZoneLook {
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Log;
  readonly take: (survey: ZoneSurvey) => void;
}

/** First surveys begin this far apart, so that a policy of many zones does not ask for all of them at once. */
const firstSpacingMs = 50;

/** Looks at every zone of the policy, each on a round of its own, until it ends. It outlives a journal opened anew. */
export class ZoneWatch {
  readonly #parts: ZoneWatchParts;
  readonly #ended = new AbortController();
  #rounds: readonly Promise<void>[] = [];

  constructor(parts: ZoneWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#rounds = surveyTargets(this.#parts.policy).map((target, index) =>
      this.#round(target, index * firstSpacingMs),
    );
  }

  /** Resolves when no survey will come any more. */
  async end(): Promise<void> {
    this.#ended.abort();
    await Promise.all(this.#rounds);
  }

  async #round(target: SurveyTarget, delayMs: number): Promise<void> {
    const { clock, everyMs } = this.#parts;
    const { signal } = this.#ended;
    await pause(clock, delayMs, signal);
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one survey after the other
      await this.#look(target, signal);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await pause(clock, everyMs, signal);
    }
  }

  async #look(target: SurveyTarget, signal: AbortSignal): Promise<void> {
    const { surveyor, vantage, take, log } = this.#parts;
    try {
      const survey = await surveyor.survey({ ...target, vantage }, signal);
      if (!signal.aborted) take(survey);
    } catch (error) {
      // A fault of our own with one zone does not hold up the others: what is not known of it grows stale, and is seen.
      const says = error instanceof Error ? error.message : "unknown";
      log.write("error", "broken-promise", { zone: target.zone, says });
    }
  }
}
