import { surveyTargets } from "../core/integrity/expected-of.ts";
import type { ResolverSurvey } from "../core/integrity/resolver-survey.ts";
import type { Policy, Resolver } from "../core/policy/policy.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { ResolverSurveyor, ResolverSurveyRequest } from "../ports/resolver-survey.ts";
import type { DurationMs } from "../values/time.ts";
import { pause } from "./pause.ts";

/** Who asks resolvers, from where, and how often. */
export interface ResolverLook {
  readonly surveyor: ResolverSurveyor;
  readonly vantage: string;
  /** From the end of one round of a resolver to the beginning of the next. */
  readonly everyMs: DurationMs;
}

interface ResolverWatchParts extends ResolverLook {
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Log;
  readonly take: (survey: ResolverSurvey) => void;
}

/** Asks every resolver of the policy, each on a round of its own, until it ends. */
export class ResolverWatch {
  readonly #parts: ResolverWatchParts;
  readonly #ended = new AbortController();
  #rounds: readonly Promise<void>[] = [];

  constructor(parts: ResolverWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    const { policy, vantage } = this.#parts;
    const watched = surveyTargets(policy).flatMap((target) =>
      target.watched.map((one) => ({ zone: target.zone, ...one })),
    );
    const common = { vantage, brokenName: policy.brokenName ?? null, watched };
    this.#rounds = [...(policy.resolvers?.values() ?? [])].map((resolver: Resolver) =>
      this.#round({ ...common, resolver }),
    );
  }

  /** Resolves when no answer will come any more. */
  async end(): Promise<void> {
    this.#ended.abort();
    await Promise.all(this.#rounds);
  }

  async #round(request: ResolverSurveyRequest): Promise<void> {
    const { clock, everyMs } = this.#parts;
    const { signal } = this.#ended;
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one round after the other
      await this.#look(request, signal);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await pause(clock, everyMs, signal);
    }
  }

  async #look(request: ResolverSurveyRequest, signal: AbortSignal): Promise<void> {
    const { surveyor, take, log } = this.#parts;
    try {
      const survey = await surveyor.survey(request, signal);
      if (!signal.aborted) take(survey);
    } catch (error) {
      // A fault of our own with one resolver does not hold up the others: what is not known of it grows stale, and is seen.
      const says = error instanceof Error ? error.message : "unknown";
      log.write("error", "broken-promise", { resolver: request.resolver.id, says });
    }
  }
}
