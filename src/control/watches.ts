import type { ZoneSurvey } from "../core/integrity/survey.ts";
import type { ObservationSource } from "../ports/observations.ts";
import type { FactsBook } from "./facts-book.ts";
import type { ControllerParts } from "./parts.ts";
import { resolverWatch } from "./resolver-watch.ts";
import { Watch } from "./watch.ts";
import { zoneWatch } from "./zone-watch.ts";

export interface WatchesParts extends Pick<ControllerParts, "clock" | "log" | "file" | "zoneLook" | "resolverLook"> {
  readonly book: FactsBook;
  readonly touch: (service: string) => void;
  /** Called each second. */
  readonly beat: () => void;
  readonly take: (survey: ZoneSurvey) => void;
}

/** All that is looked at while the controller runs: sites by the vantages, and zones and resolvers where somebody does. */
export class Watches {
  readonly #watch: Watch;
  readonly #zones: ReturnType<typeof zoneWatch> | undefined;
  readonly #resolvers: ReturnType<typeof resolverWatch> | undefined;

  constructor(parts: WatchesParts) {
    const {
      clock,
      log,
      file: { policy },
      zoneLook,
      resolverLook,
      book,
      touch,
      beat,
      take,
    } = parts;
    this.#watch = new Watch({ clock, book, touch, beat });
    this.#zones = zoneLook && zoneWatch({ ...zoneLook, policy, clock, log, take });
    // No decision rests on a resolver: what is seen of them goes by no journal.
    this.#resolvers =
      resolverLook &&
      resolverWatch({ ...resolverLook, policy, clock, log, take: (survey) => book.receiveResolver(survey) });
  }

  async start(sources: readonly ObservationSource[]): Promise<void> {
    await this.#watch.start(sources);
    this.#zones?.start();
    this.#resolvers?.start();
  }

  /** Resolves when nothing will be seen any more. */
  async end(): Promise<void> {
    await Promise.all([this.#watch.end(), this.#zones?.end(), this.#resolvers?.end()]);
  }
}
