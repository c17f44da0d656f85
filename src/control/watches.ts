import type { ZoneSurvey } from "../core/integrity/survey.ts";
import type { ObservationSource } from "../ports/observations.ts";
import type { FactsBook } from "./facts-book.ts";
import type { ControllerParts } from "./parts.ts";
import { Watch } from "./watch.ts";
import { ZoneWatch } from "./zone-watch.ts";

export interface WatchesParts extends Pick<ControllerParts, "clock" | "log" | "file" | "zoneLook"> {
  readonly book: FactsBook;
  readonly touch: (service: string) => void;
  /** Called each second. */
  readonly beat: () => void;
  readonly take: (survey: ZoneSurvey) => void;
}

/** All that is looked at while the controller runs: sites by the vantages, and zones where somebody surveys them. */
export class Watches {
  readonly #watch: Watch;
  readonly #zones: ZoneWatch | undefined;

  constructor(parts: WatchesParts) {
    const {
      clock,
      log,
      file: { policy },
      zoneLook,
      book,
      touch,
      beat,
      take,
    } = parts;
    this.#watch = new Watch({ clock, book, touch, beat });
    this.#zones = zoneLook && new ZoneWatch({ ...zoneLook, policy, clock, log, take });
  }

  async start(sources: readonly ObservationSource[]): Promise<void> {
    await this.#watch.start(sources);
    this.#zones?.start();
  }

  /** Resolves when nothing will be seen any more. */
  async end(): Promise<void> {
    await Promise.all([this.#watch.end(), this.#zones?.end()]);
  }
}
